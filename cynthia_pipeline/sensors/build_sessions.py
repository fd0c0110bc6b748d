"""The sensor that takes new build sessions in and starts as many drains as they need.

A tick that finds nothing to do does not end: it listens for Postgres' word of new work, so that a session is seen
within milliseconds of its commit. dagster.yaml gives each sensor a thread, so that no other waits for this one.
"""

import time
from datetime import UTC, datetime, timedelta

from dagster import (
    DagsterInstance,
    DagsterRunStatus,
    DefaultSensorStatus,
    ResourceParam,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from cynthia_pipeline.assets.audit_results import KIND_TAG
from cynthia_pipeline.jobs import audit_results_job
from cynthia_pipeline.queue.demand import Backlog, drains_needed
from cynthia_pipeline.queue.model import WorkKind
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.drains import known_run_ids
from cynthia_pipeline.store.intake import take_in
from cynthia_pipeline.store.notifications import Ear, listening

TICK_S = 20.0
"""How long one tick listens, seconds. Dagster ends an evaluation of more than 60 s."""

_STARTS_WITHIN = timedelta(seconds=60)
"""A run that was launched this long ago and shows no drain has died on the way, and is not counted on any more."""

_ON_THE_WAY = (DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED)


@sensor(
    job=audit_results_job,
    minimum_interval_seconds=1,
    default_status=DefaultSensorStatus.RUNNING,
    description="Takes new build sessions in and starts as many drains as the backlog needs.",
)
def build_session_sensor(
    context: SensorEvaluationContext, pipeline: ResourceParam[Pipeline]
) -> SensorResult | SkipReason:
    """Asks for drains, or says why none is needed."""
    deadline = time.monotonic() + TICK_S
    with listening(pipeline.database_url, WorkKind.AUDITS) as ear:
        while True:
            backlog, needed = _demand(context, pipeline)
            if needed:
                tags = {KIND_TAG: WorkKind.AUDITS.value}
                return SensorResult(run_requests=[RunRequest(tags=tags) for _ in range(needed)])
            if not _listen(ear, backlog, deadline - time.monotonic()):
                return SkipReason(_why_none(backlog))


def _demand(context: SensorEvaluationContext, pipeline: Pipeline) -> tuple[Backlog, int]:
    settings = pipeline.settings
    with pipeline.database.transaction() as connection:
        intake = take_in(
            connection, pipeline.retry_policy(), WorkKind.AUDITS, settings.lease_s, pipeline.intake_rules()
        )
        known = known_run_ids(connection, WorkKind.AUDITS)
    backlog = intake.backlog
    for session in intake.misdirected:
        context.log.warning("Session %s pointed to an audit that is not its own; it gets one.", session)
    needed = drains_needed(
        backlog,
        starting=_starting(context.instance, known) if backlog.due or settings.keep_warm else 0,
        slots_per_drain=settings.audits_at_once,
        limits=pipeline.limits(),
        keep_warm=settings.keep_warm,
    )
    return backlog, needed


def _starting(instance: DagsterInstance, known: set[str]) -> int:
    """Drains that were asked for and have not registered yet."""
    tags = {KIND_TAG: WorkKind.AUDITS.value}
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
    return ear.wait(left_s)


def _why_none(backlog: Backlog) -> str:
    if backlog.paused:
        return f"Paused by an operator: {backlog.due} due, {backlog.running} still running."
    if backlog.due == backlog.later == backlog.running == 0:
        return "Nothing waits."
    return (
        f"{backlog.due} due, {backlog.later} to be retried later, {backlog.running} running; "
        f"{backlog.live_drains} drains alive with {backlog.live_slots} places."
    )
