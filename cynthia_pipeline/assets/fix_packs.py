"""The asset whose runs make fix packs: a run drains the requests, and leaves one event for each that ended."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Never, TypeAlias, assert_never

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetMaterialization,
    AssetObservation,
    MetadataValue,
    ResourceParam,
    asset,
)

from cynthia_pipeline.assets.audit_results import DRAIN_RETRIES, KIND_TAG, audit_results
from cynthia_pipeline.assets.drain_thread import DrainThread, Ending, OpenDrain
from cynthia_pipeline.assets.external import credit_balances
from cynthia_pipeline.assets.settled import SHOWN_CHARS, settled_metadata
from cynthia_pipeline.dagster_compat import AssetEvent, pool_connections, report_asset_events
from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.fix_packs.ports import MadePack
from cynthia_pipeline.fix_packs.requests import ClaimedPack
from cynthia_pipeline.fix_packs.working import pack_workers
from cynthia_pipeline.queue.drain import Drain
from cynthia_pipeline.queue.model import AttemptOutcome, WorkKind
from cynthia_pipeline.queue.ports import Watcher
from cynthia_pipeline.report.fix_pack import fix_pack_markdown
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.packs.drain_store import PostgresPackStore
from cynthia_pipeline.text import clip, one_line

FIX_PACKS = AssetKey("fix_packs")

PackEnding: TypeAlias = Ending[ClaimedPack, MadePack]


@asset(
    deps=[audit_results, credit_balances],
    group_name="fix_packs",
    kinds={"playwright", "postgres"},
    op_tags={KIND_TAG: WorkKind.FIX_PACKS.value},
    retry_policy=DRAIN_RETRIES,
    output_required=False,
    description="Fix packs that were asked for: a run drains the requests; each event is one request's pack.",
)
def fix_packs(context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]) -> Iterator[Never]:
    """Makes the packs that are due, and writes an event for each attempt that ended."""
    pool_connections(context.instance)
    drain = DrainThread(_opener(pipeline, context.run.run_id))
    untold: list[PackEnding] = []

    def tell(endings: list[PackEnding]) -> None:
        untold.extend(endings)
        report_asset_events(context.instance, context.run, FIX_PACKS.to_python_identifier(), list(map(_event, untold)))
        untold.clear()

    try:
        with drain:
            for batch in drain.batches():
                tell(batch)
    finally:
        # What ended while the drain was stopped.
        tell(drain.rest())
    yield from ()  # an asset that returns instead of yielding is marked as materialized by the run itself
    context.log.info("%s", drain.summary)


def _opener(pipeline: Pipeline, run_id: str) -> OpenDrain[ClaimedPack, MadePack]:
    settings, url, limits = pipeline.settings, pipeline.database_url, pipeline.pack_drain_limits()
    open_maker = pipeline.open_pack_maker
    if open_maker is None:
        raise UsageError("this deployment has no maker of fix packs")

    @asynccontextmanager
    async def open_drain(watcher: Watcher[ClaimedPack, MadePack]) -> AsyncIterator[Drain[ClaimedPack, MadePack]]:
        store = PostgresPackStore(
            url, settings.fix_packs_at_once, pipeline.retry_policy(), lease_s=settings.lease_s, run_id=run_id
        )
        try:
            workers = pack_workers(lambda: open_maker(settings), store, limits.store_patience_s)
            yield Drain(store, workers, limits, watcher)
        finally:
            await store.close()

    return open_drain


def _event(ending: PackEnding) -> AssetEvent:
    """Materialized if the pack is there, else observed: a failed request must not look like a pack."""
    match ending.settled.outcome:
        case AttemptOutcome.COMPLETED:
            return AssetMaterialization(FIX_PACKS, metadata=_metadata(ending))
        case AttemptOutcome.FAILED | AttemptOutcome.RETRIED | AttemptOutcome.RELEASED | AttemptOutcome.EXPIRED:
            return AssetObservation(FIX_PACKS, metadata=_metadata(ending))
        case _ as never:
            assert_never(never)


def _metadata(ending: PackEnding) -> dict[str, MetadataValue]:
    pack = ending.work
    metadata: dict[str, MetadataValue] = {
        "request_id": MetadataValue.text(str(pack.id)),
        "audit_id": MetadataValue.text(str(pack.audit)),
        "type": MetadataValue.text(pack.type.value),
        "attempt": MetadataValue.int(pack.attempt),
        **settled_metadata(ending.settled),
    }
    if ending.made is not None and ending.settled.outcome is AttemptOutcome.COMPLETED:
        metadata |= _pack_metadata(ending.made)
    return metadata


def _pack_metadata(made: MadePack) -> dict[str, MetadataValue]:
    proof = made.verification
    metadata: dict[str, MetadataValue] = {
        "title": MetadataValue.text(clip(one_line(made.title), SHOWN_CHARS)),
        "issues_fixed": MetadataValue.int(len(made.issues_fixed)),
        "issues_fixed_in_part": MetadataValue.int(len(proof.partly)),
        "issues_left": MetadataValue.int(len(proof.left)),
        "fixes_dropped": MetadataValue.int(len(proof.dropped)),
        "files": MetadataValue.int(len(made.files_affected)),
        "diffs": MetadataValue.int(len(made.patch_preview.diffs)),
        "before_and_after": MetadataValue.md(fix_pack_markdown(made)),
    }
    for name, score in (("score_before", proof.overall_before), ("score_after", proof.overall_after)):
        if score is not None:
            metadata[name] = MetadataValue.int(score)
    return metadata
