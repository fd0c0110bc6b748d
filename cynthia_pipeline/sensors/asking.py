"""What the sensors that ask for drains have in common."""

from datetime import UTC, datetime, timedelta

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from cynthia_pipeline.assets.audit_results import KIND_TAG
from cynthia_pipeline.queue.demand import Backlog
from cynthia_pipeline.queue.model import WorkKind
from cynthia_pipeline.store.notifications import Ear

_STARTS_WITHIN = timedelta(seconds=60)
"""A run that was launched this long ago and shows no drain has died on the way, and is not counted on any more."""

_ON_THE_WAY = (DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED)


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


def listen(ear: Ear, backlog: Backlog, left_s: float) -> bool:
    """Waits for word of new work. False when the tick is over."""
    if left_s <= 0:
        return False
    if backlog.due or backlog.later:
        # Something waits for a place, a retry or a drain that is starting: look again soon.
        left_s = min(left_s, 1.0)
        ear.wait(left_s)
        return True
    return ear.wait(left_s)


def why_none(backlog: Backlog) -> str:
    """Why no drain is asked for, in a sentence."""
    if backlog.paused:
        return f"Paused by an operator: {backlog.due} due, {backlog.running} still running."
    if backlog.due == backlog.later == backlog.running == 0:
        return "Nothing waits."
    return (
        f"{backlog.due} due, {backlog.later} to be retried later, {backlog.running} running; "
        f"{backlog.live_drains} drains alive with {backlog.live_slots} places."
    )
