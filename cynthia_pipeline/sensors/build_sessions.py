"""The sensor that takes new build sessions in and starts as many drains as they need.

A tick that finds nothing to do does not end: it listens for Postgres' word of new work, so that a session is seen
within milliseconds of its commit. dagster.yaml gives each sensor a thread, so that no other waits for this one.
"""

from functools import partial

from dagster import (
    DefaultSensorStatus,
    ResourceParam,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from cynthia_pipeline.jobs import audit_results_job
from cynthia_pipeline.queue.demand import Backlog, drains_needed
from cynthia_pipeline.queue.model import WorkKind
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors.asking import ask_for_drains, starting
from cynthia_pipeline.store.drains import known_run_ids
from cynthia_pipeline.store.intake import take_in


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
    return ask_for_drains(pipeline, WorkKind.AUDITS, partial(_demand, context, pipeline))


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
        starting=starting(context.instance, WorkKind.AUDITS, known) if backlog.due or settings.keep_warm else 0,
        slots_per_drain=settings.audits_at_once,
        limits=pipeline.limits(),
        keep_warm=settings.keep_warm,
    )
    return backlog, needed
