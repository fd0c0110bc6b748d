"""The sensor that clears up after what died without a word: runs, leases, and sessions that contradict their audit."""

import random
import socket
from collections.abc import Mapping
from datetime import UTC, datetime

import psutil
from dagster import (
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    DefaultSensorStatus,
    ResourceParam,
    RunRecord,
    RunsFilter,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)

from cynthia_pipeline.assets.audit_results import KIND_TAG
from cynthia_pipeline.dagster_compat import end_dead_run, worker_runs
from cynthia_pipeline.queue.model import WorkKind
from cynthia_pipeline.queue.rescue import Patience, RunFacts, Verdict, Worker, judge
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.retry_after import LONGEST_RETRY_AFTER_S
from cynthia_pipeline.store.clock_jumps import pull_in
from cynthia_pipeline.store.misdirected import detach_misdirected
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.packs.rescue import free_expired as free_expired_packs
from cynthia_pipeline.store.repair import repair_sessions, requeue_adrift
from cynthia_pipeline.store.rescue import free_expired
from cynthia_pipeline.store.signs_of_life import SignOfLife, last_signs

EVERY_S = 20
"""Seconds between two looks."""

_AT_ONCE = 100
"""Runs looked at in one tick; more are never in progress at once."""

_IN_PROGRESS = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]


@sensor(
    name="rescue",
    minimum_interval_seconds=EVERY_S,
    default_status=DefaultSensorStatus.RUNNING,
    description="Ends runs that only seem alive, frees leases, mends sessions that contradict their audit.",
)
def rescue_sensor(context: SensorEvaluationContext, pipeline: ResourceParam[Pipeline]) -> SkipReason:
    """Rescues what it finds; never asks for a run itself."""
    records = _in_progress(context.instance)
    with pipeline.database.transaction() as connection:
        now = database_now(connection)
        retry = pipeline.retry_policy()
        pulled_in = pull_in(
            connection,
            lease_s=pipeline.settings.lease_s,
            longest_wait_s=retry.cap_s + LONGEST_RETRY_AFTER_S,
            now=now,
        )
        freed = free_expired(connection, retry, random.uniform, now)
        requeued = requeue_adrift(connection, now)
        repaired = [*detach_misdirected(connection, now), *repair_sessions(connection, now)]
        signs = last_signs(connection, [record.dagster_run.run_id for record in records])
    with pipeline.database.transaction() as connection:
        freed += free_expired_packs(connection, retry, random.uniform, database_now(connection))
    ended = _end_dead(context.instance, records, signs, now, _patience(pipeline))
    for what, ids in (
        ("Ended dead runs", ended),
        ("Requeued audits that nothing would move", requeued),
        ("Mended sessions", repaired),
    ):
        if ids:
            context.log.warning("%s: %s", what, ", ".join(map(str, ids)))
    if pulled_in:
        context.log.warning("The database's clock was put back: %d moments were ahead of all that is set.", pulled_in)
    if not (ended or freed or requeued or repaired or pulled_in):
        return SkipReason("Nothing to rescue.")
    return SkipReason(
        f"Rescued: {len(ended)} dead runs ended, {len(freed)} expired leases freed, "
        f"{len(requeued)} audits requeued, {len(repaired)} sessions mended."
        + (f" The database's clock went back: {pulled_in} moments pulled in." if pulled_in else "")
    )


def _patience(pipeline: Pipeline) -> dict[str, Patience]:
    """By the kind of the run's drain."""
    return {
        WorkKind.AUDITS: Patience.for_drains(pipeline.drain_limits()),
        WorkKind.FIX_PACKS: Patience.for_drains(pipeline.pack_drain_limits()),
    }


def _in_progress(instance: DagsterInstance) -> list[RunRecord]:
    kinds = [kind.value for kind in WorkKind]
    return list(
        instance.get_run_records(
            RunsFilter(statuses=_IN_PROGRESS, tags={KIND_TAG: kinds}), limit=_AT_ONCE, ascending=True
        )
    )


def _end_dead(
    instance: DagsterInstance,
    records: list[RunRecord],
    signs: Mapping[str, SignOfLife],
    now: datetime,
    patience: Mapping[str, Patience],
) -> list[str]:
    ended: list[str] = []
    for record in records:
        run = record.dagster_run
        sign = signs.get(run.run_id)
        facts = RunFacts(
            unchanged_s=(datetime.now(UTC) - record.update_timestamp).total_seconds(),
            silent_s=None if sign is None else (now - sign.seen_at).total_seconds(),
            worker=_worker(instance, run, sign),
        )
        if judge(facts, patience[run.tags[KIND_TAG]]) is Verdict.DEAD and end_dead_run(instance, run, _obituary(facts)):
            ended.append(run.run_id)
    return ended


def _worker(instance: DagsterInstance, run: DagsterRun, sign: SignOfLife | None) -> Worker:
    if sign is not None and sign.host == socket.gethostname():
        return Worker.ALIVE if _is_there(sign) else Worker.GONE
    match worker_runs(instance, run):
        case True:
            return Worker.ALIVE
        case False:
            return Worker.GONE
        case None:
            return Worker.UNKNOWN


def _is_there(sign: SignOfLife) -> bool:
    """Whether the drain's process lives on this machine, and is not another one under a number used again."""
    try:
        process = psutil.Process(sign.pid)
        return process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= sign.started_at.timestamp()
    except psutil.NoSuchProcess:
        return False


def _obituary(facts: RunFacts) -> str:
    if facts.silent_s is None:
        return f"Ended by rescue: {facts.unchanged_s:.0f} s without a drain."
    return f"Ended by rescue: its drain was silent for {facts.silent_s:.0f} s, its worker is {facts.worker}."
