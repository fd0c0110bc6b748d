"""The asset whose runs are drains: it audits what is due and leaves one event for each session.

A run without a partition works through the queue. A run with partitions (from the UI's Materialize button, from
`dagster job launch` or a backfill) replays just those sessions.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Never
from uuid import UUID

from dagster import (
    AssetExecutionContext,
    Backoff,
    Jitter,
    ResourceParam,
    RetryPolicy,
    asset,
)

from cynthia_pipeline.assets.drain_thread import DrainThread, OpenDrain
from cynthia_pipeline.assets.external import build_sessions
from cynthia_pipeline.assets.partitions import session_partitions
from cynthia_pipeline.assets.session_log import SessionLog
from cynthia_pipeline.audit.engine import AuditResult
from cynthia_pipeline.dagster_compat import pool_connections
from cynthia_pipeline.drafts.template import TemplateDrafter
from cynthia_pipeline.queue.auditing import audit_workers
from cynthia_pipeline.queue.drain import Drain
from cynthia_pipeline.queue.model import ClaimedAudit, SessionId, WorkKind
from cynthia_pipeline.queue.ports import Watcher
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.drain_store import PostgresDrainStore
from cynthia_pipeline.store.replay import replay

KIND_TAG = "cynthia/kind"
"""The run tag that dagster.yaml's concurrency limits look at."""

DRAIN_RETRIES = RetryPolicy(max_retries=3, delay=5, backoff=Backoff.EXPONENTIAL, jitter=Jitter.FULL)
"""For the drain itself (the browser does not start, the database is gone); sessions are retried in their rows."""


@asset(
    partitions_def=session_partitions,
    deps=[build_sessions],
    group_name="audits",
    kinds={"playwright", "postgres"},
    op_tags={KIND_TAG: WorkKind.AUDITS.value},
    retry_policy=DRAIN_RETRIES,
    output_required=False,
    description="Audits of build sessions: a run drains the queue; each partition is one session's result.",
)
def audit_results(context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]) -> Iterator[Never]:
    """Audits what is due, or the sessions of the run's partitions, and writes an event for each that ended."""
    pool_connections(context.instance)
    only = [SessionId(UUID(context.partition_key))] if context.has_partition_key else None
    if only is not None:
        with pipeline.database.transaction() as connection:
            replay(connection, only)
    drain = DrainThread(_opener(pipeline, context.run.run_id, only))
    log = SessionLog(context.instance, context.run, pipeline.settings.partitions_kept)
    try:
        with drain:
            for batch in drain.batches():
                log.enter(batch)
    finally:
        # What ended while the drain was stopped.
        log.enter(drain.rest())
    yield from ()  # an asset that returns instead of yielding is marked as materialized, without a partition
    context.log.info("%s", drain.summary)


def _opener(pipeline: Pipeline, run_id: str, only: Sequence[SessionId] | None) -> OpenDrain[ClaimedAudit, AuditResult]:
    settings, url, limits = pipeline.settings, pipeline.database_url, pipeline.drain_limits()

    @asynccontextmanager
    async def open_drain(
        watcher: Watcher[ClaimedAudit, AuditResult],
    ) -> AsyncIterator[Drain[ClaimedAudit, AuditResult]]:
        store = PostgresDrainStore(
            url,
            pipeline.limits(),
            pipeline.retry_policy(),
            lease_s=settings.lease_s,
            run_id=run_id,
            rules=pipeline.intake_rules(),
            only=only,
        )
        try:
            workers = audit_workers(
                lambda: pipeline.open_audit_engine(settings), TemplateDrafter(), store, limits.store_patience_s
            )
            yield Drain(store, workers, limits, watcher, lingers=only is None)
        finally:
            await store.close()

    return open_drain
