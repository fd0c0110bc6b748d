"""What the sensors that ask for drains have in common."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from dagster import DagsterInstance, DagsterRunStatus, RunRequest, RunsFilter, SensorResult, SkipReason

from cynthia_pipeline.assets.audit_results import KIND_TAG
from cynthia_pipeline.queue.demand import Backlog
from cynthia_pipeline.queue.model import WorkKind
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.notifications import Ear, listening

TICK_S = 19.5
"""How long one tick listens, seconds. Dagster begins ticks every 5 s and ends an evaluation of more than 60 s: a little
less than a multiple of 5, so that the next tick begins right after this one and nobody is deaf in between."""

_STARTS_WITHIN = timedelta(seconds=60)
"""A run that was launched this long ago and shows no drain has died on the way, and is not counted on any more."""

_HEAD_START_S = 0.2
"""How much sooner than the sensor a drain with a free place looks, seconds."""

_ON_THE_WAY = (DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED)


def ask_for_drains(
    pipeline: Pipeline, kind: WorkKind, demand: Callable[[], tuple[Backlog, int]], tags: Mapping[str, str] | None = None
) -> SensorResult | SkipReason:
    """One tick: asks for drains as soon as any are needed, or says why none was.

    Args:
        demand: takes in what is new; gives the backlog, and how many drains it needs beyond those that there are.
        tags: of the drains' runs, beyond the kind.
    """
    deadline = time.monotonic() + TICK_S
    with listening(pipeline.database_url, kind) as ear:
        while True:
            backlog, needed = demand()
            if needed:
                of_run = {KIND_TAG: kind.value, **(tags or {})}
                return SensorResult(run_requests=[RunRequest(tags=of_run) for _ in range(needed)])
            if not _listen(ear, backlog, deadline - time.monotonic()):
                return SkipReason(_why_none(backlog))


def starting(instance: DagsterInstance, kind: WorkKind, known: set[str]) -> int:
    """Drains that were asked for and have not registered yet.

    Args:
        known: the runs that have shown a drain.
    """
    tags = {KIND_TAG: kind.value}
    queued = instance.get_runs_count(RunsFilter(statuses=[DagsterRunStatus.QUEUED], tags=tags))
    since = datetime.now(UTC) - _STARTS_WITHIN
    launched = instance.get_runs(RunsFilter(statuses=list(_ON_THE_WAY), tags=tags, updated_after=since), limit=50)
    return queued + sum(run.run_id not in known for run in launched)


def _listen(ear: Ear, backlog: Backlog, left_s: float) -> bool:
    """Waits for word of new work. False when the tick is over."""
    if left_s <= 0:
        return False
    if backlog.due or backlog.later:
        # Something waits for a place, a retry or a drain that is starting: look again soon.
        left_s = min(left_s, 1.0)
        ear.wait(left_s)
        return True
    heard = ear.wait(left_s)
    if heard and backlog.live_slots > backlog.running:
        # A drain with a free place heard it too: it takes what is new sooner when nobody else reaches for it.
        time.sleep(min(_HEAD_START_S, left_s))
    return heard


def _why_none(backlog: Backlog) -> str:
    """Why no drain is asked for, in a sentence."""
    if backlog.paused:
        return f"Paused by an operator: {backlog.due} due, {backlog.running} still running."
    if backlog.due == backlog.later == backlog.running == 0:
        return "Nothing waits."
    return (
        f"{backlog.due} due, {backlog.later} to be retried later, {backlog.running} running; "
        f"{backlog.live_drains} drains alive with {backlog.live_slots} places."
    )
