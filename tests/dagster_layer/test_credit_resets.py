"""The monthly resets through a real Dagster instance: which months are asked for, and what a run of one leaves."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from dagster import AssetCheckKey, AssetKey, DagsterInstance, RunRequest, SkipReason, build_schedule_context

from cynthia_pipeline.assets.credit_resets import months_due
from cynthia_pipeline.definitions import build_defs
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.schedules import monthly_credit_reset


def balance(url: str, reset_at: str, used: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO credit_balances (user_id, plan, monthly_credits, used_credits, reset_at)"
            " VALUES (%s, 'starter', 10, %s, %s)",
            (uuid4(), used, reset_at),
        )


@pytest.mark.parametrize(
    ("first_due", "months"),
    [
        (None, []),
        ("2026-11-24T00:00:00+00:00", []),
        ("2026-11-01T00:00:00+00:00", ["2026-11-01"]),
        ("2026-09-30T23:30:00+00:00", ["2026-09-01", "2026-10-01", "2026-11-01"]),
        ("2026-10-31T20:00:00-05:00", ["2026-11-01"]),
        ("2025-12-31T00:00:00+00:00", [f"2026-{month:02}-01" for month in range(1, 12)]),
    ],
)
def test_every_month_from_the_first_one_due_is_asked_for(first_due: str | None, months: list[str]) -> None:
    due = None if first_due is None else datetime.fromisoformat(first_due)
    assert months_due(due, datetime(2026, 11, 23, 12, tzinfo=UTC)) == months


def test_the_schedule_catches_up_and_then_rests(
    instance: DagsterInstance, pipeline: Pipeline, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT date_trunc('month', now() at time zone 'UTC') - interval '2 months'"
        ).fetchone()
    assert row is not None
    started: datetime = row[0]
    balance(database_url, f"{started:%Y-%m-%d} 00:00+00", 4)
    balance(database_url, "2100-01-31 00:00+00", 5)

    def evaluate() -> list[RunRequest] | SkipReason:
        context = build_schedule_context(
            instance=instance, resources={"pipeline": pipeline}, scheduled_execution_time=datetime.now(UTC)
        )
        result = monthly_credit_reset(context)
        assert isinstance(result, list | SkipReason)
        return result

    requests = evaluate()
    assert isinstance(requests, list)
    months = [request.partition_key for request in requests]
    assert len(months) == 3
    assert months[0] == f"{started:%Y-%m-%d}"

    job = build_defs({"pipeline": pipeline}).resolve_job_def("credit_resets_job")
    found = []
    for month in months:
        assert job.execute_in_process(instance=instance, partition_key=month).success
        record = instance.fetch_materializations(AssetKey("credit_resets"), limit=1).records[0]
        assert record.asset_materialization is not None
        metadata = record.asset_materialization.metadata
        found.append([metadata[name].value for name in ("balances_reset", "credits_returned", "late")])
    assert found[:2] == [[1, 4, 1], [1, 0, 1]]
    assert found[2][:2] == [1, 0]
    assert isinstance(evaluate(), SkipReason)
    # Run again, a month changes nothing, and still says what it was.
    assert job.execute_in_process(instance=instance, partition_key=months[0]).success
    record = instance.fetch_materializations(AssetKey("credit_resets"), limit=1).records[0]
    assert record.asset_materialization is not None
    again = record.asset_materialization.metadata
    assert (again["balances_reset"].value, again["month_balances_reset"].value) == (0, 1)
    assert again["month_credits_returned"].value == 4


def test_a_balance_apart_from_its_ledger_turns_the_check_red(
    instance: DagsterInstance, pipeline: Pipeline, database_url: str
) -> None:
    balance(database_url, "2100-01-31 00:00+00", 5)
    job = build_defs({"pipeline": pipeline}).resolve_job_def("maintenance")
    key = AssetCheckKey(AssetKey("credit_balances"), "ledger_balanced")

    def passed() -> bool:
        assert job.execute_in_process(instance=instance).success
        (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
        return record.status.value == "SUCCEEDED"

    assert passed()
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE credit_balances DISABLE TRIGGER USER")
        connection.execute("UPDATE credit_balances SET used_credits = 0")
    assert not passed()
