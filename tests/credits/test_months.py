"""The days on which balances reset, in Python and in the database, over decades of dates."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cynthia_pipeline.credits.months import anchor_day_of, reset_after, resets_due

moments = st.datetimes(datetime(1999, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
spans = st.timedeltas(timedelta(0), timedelta(days=366 * 9))


def resets(first: str, count: int) -> list[str]:
    at = datetime.fromisoformat(first)
    anchor_day = anchor_day_of(at)
    found = []
    for _ in range(count):
        at = reset_after(at, anchor_day)
        found.append(at.date().isoformat())
    return found


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("2027-01-31T12:00:00+00:00", ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]),
        ("2028-01-31T12:00:00+00:00", ["2028-02-29", "2028-03-31", "2028-04-30"]),
        ("2027-12-30T00:00:00+00:00", ["2028-01-30", "2028-02-29", "2028-03-30"]),
        ("2028-02-29T00:00:00+00:00", ["2028-03-29", "2028-04-29"]),
        ("2027-11-15T23:59:59+00:00", ["2027-12-15", "2028-01-15"]),
    ],
)
def test_the_anchor_day_is_kept(first: str, then: list[str]) -> None:
    assert resets(first, len(then)) == then


def test_another_time_zone_changes_nothing() -> None:
    # Still the 31st in New York, where it is written; the 1st in UTC, which counts.
    at = datetime.fromisoformat("2027-01-31T22:00:00-05:00")
    assert anchor_day_of(at) == 1
    assert reset_after(at, anchor_day_of(at)) == datetime(2027, 3, 1, 3, tzinfo=UTC)


@given(first=moments, span=spans)
def test_each_month_has_one_reset_on_its_day(first: datetime, span: timedelta) -> None:
    anchor_day = anchor_day_of(first)
    due = list(resets_due(first, anchor_day, first + span))
    assert due[0] == first
    assert first + span < reset_after(due[-1], anchor_day)
    for at in due:
        assert at.day == min(anchor_day, monthrange(at.year, at.month)[1])
        assert at.timetz() == first.timetz()
    for earlier, later in pairwise(due):
        assert (later.year * 12 + later.month) - (earlier.year * 12 + earlier.month) == 1


@given(first=moments)
def test_what_is_not_due_resets_nothing(first: datetime) -> None:
    assert list(resets_due(first, anchor_day_of(first), first - timedelta(microseconds=1))) == []


def test_the_database_counts_the_same_months(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        # A server whose own zone is elsewhere.
        connection.execute("SET timezone = 'America/Los_Angeles'")

        @settings(max_examples=300, deadline=None)
        @given(at=moments, anchor_day=st.integers(1, 31))
        def same(at: datetime, anchor_day: int) -> None:
            row = connection.execute("SELECT cynthia_reset_after(%s, %s::smallint)", (at, anchor_day)).fetchone()
            assert row == (reset_after(at, anchor_day),)

        same()
