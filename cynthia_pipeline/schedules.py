"""The schedules: what runs by the clock rather than by what waits."""

from dagster import (
    DefaultScheduleStatus,
    ResourceParam,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    SkipReason,
    schedule,
)

from cynthia_pipeline.assets.credit_resets import months_due
from cynthia_pipeline.jobs import credit_resets_job, maintenance_job
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.credits import first_reset_due
from cynthia_pipeline.store.moment import database_now

maintenance_schedule = ScheduleDefinition(
    name="maintenance",
    job=maintenance_job,
    cron_schedule="17 3 * * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
    description="Prunes what is past its window and checks the promises, once a night.",
)


@schedule(
    name="monthly_credit_reset",
    job=credit_resets_job,
    cron_schedule="7 * * * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
    description="Resets the credits that are due, months that were missed first; looks every hour.",
)
def monthly_credit_reset(
    context: ScheduleEvaluationContext, pipeline: ResourceParam[Pipeline]
) -> list[RunRequest] | SkipReason:
    """A run for each month that has resets due, the oldest first."""
    with pipeline.database.transaction() as connection:
        months = months_due(first_reset_due(connection), database_now(connection))
    if not months:
        return SkipReason("No balance is due.")
    at = context.scheduled_execution_time
    return [RunRequest(partition_key=month, run_key=f"{month} at {at:%Y-%m-%dT%H}") for month in months]
