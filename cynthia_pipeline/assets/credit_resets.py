"""The asset of the monthly resets: a partition is a month, and a run resets what was due in it and is due by now.

The database function that resets is the same one that teams call from pg_cron; a month of a balance that was reset
by either is not reset again.
"""

from datetime import UTC, datetime, timedelta

from dagster import AssetExecutionContext, MaterializeResult, MonthlyPartitionsDefinition, ResourceParam, asset

from cynthia_pipeline.assets.external import credit_balances
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.credits import reset_due, resets_of
from cynthia_pipeline.store.moment import database_now

LATE = timedelta(hours=2)
"""The schedule looks every hour: what is reset later than this after it was due was missed before."""

month_partitions = MonthlyPartitionsDefinition(start_date="2026-01-01", timezone="UTC", end_offset=1)
"""The present month counts too. What was due before the first month is reset with it."""


@asset(
    partitions_def=month_partitions,
    deps=[credit_balances],
    group_name="credits",
    kinds={"postgres"},
    description="Monthly resets of credits, each balance on its own day; a partition is the month of the due day.",
)
def credit_resets(context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]) -> MaterializeResult[None]:
    """Resets the balances that were due in the month, or before it, and are due by now."""
    month = context.partition_time_window
    with pipeline.database.transaction() as connection:
        now = database_now(connection)
        made = reset_due(connection, month.end, now)
        of_month = resets_of(connection, month.start, month.end)
    return MaterializeResult(
        metadata={
            "balances_reset": len({reset.user for reset in made}),
            "credits_returned": sum(reset.credits_returned for reset in made),
            "late": sum(now - reset.due_at > LATE for reset in made),
            "month_balances_reset": len(of_month),
            "month_credits_returned": sum(reset.credits_returned for reset, _ in of_month),
            "month_late": sum(at - reset.due_at > LATE for reset, at in of_month),
        }
    )


def months_due(first_due: datetime | None, now: datetime) -> list[str]:
    """The partitions from the first month that has a reset due, up to the present one; none if nothing is due."""
    if first_due is None or first_due > now:
        return []
    # The day in UTC, as the balances' months are.
    first = max(first_due.astimezone(UTC), datetime(2026, 1, 1, tzinfo=UTC))
    keys = month_partitions.get_partition_keys(current_time=now)
    return [key for key in keys if f"{first:%Y-%m}" <= key[:7] <= f"{now.astimezone(UTC):%Y-%m}"]
