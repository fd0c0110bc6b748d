"""The schedules: what runs by the clock rather than by what waits."""

from dagster import DefaultScheduleStatus, ScheduleDefinition

from cynthia_pipeline.jobs import maintenance_job

maintenance_schedule = ScheduleDefinition(
    name="maintenance",
    job=maintenance_job,
    cron_schedule="17 3 * * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
    description="Prunes what is past its window and checks the promises, once a night.",
)
