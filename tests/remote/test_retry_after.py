from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.retry_after import LONGEST_RETRY_AFTER_S, retry_after_s

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

whole_seconds = st.integers(min_value=0, max_value=4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(st.integers(min_value=0, max_value=10**4400), st.sampled_from(["", " ", "\t"]))
def test_seconds_are_taken_as_they_stand_up_to_the_bound(seconds: int, padding: str) -> None:
    digits = f"{padding}{_decimal(seconds)}{padding}"
    assert retry_after_s(digits, NOW) == min(seconds, int(LONGEST_RETRY_AFTER_S))


@given(now=whole_seconds, ahead=st.integers(min_value=-(10**6), max_value=10**6))
def test_a_date_is_the_time_until_it_within_the_bounds(now: datetime, ahead: int) -> None:
    header = format_datetime(now + timedelta(seconds=ahead), usegmt=True)
    assert retry_after_s(header, now) == min(max(ahead, 0), LONGEST_RETRY_AFTER_S)


@given(now=whole_seconds, ahead=st.integers(min_value=0, max_value=3600), hours=st.integers(-12, 14))
def test_the_zone_of_now_does_not_matter(now: datetime, ahead: int, hours: int) -> None:
    header = format_datetime(now + timedelta(seconds=ahead), usegmt=True)
    elsewhere = now.astimezone(timezone(timedelta(hours=hours)))
    assert retry_after_s(header, elsewhere) == ahead


@given(st.text())
def test_whatever_the_header_says_the_wait_is_bounded(header: str) -> None:
    wait_s = retry_after_s(header, NOW)
    assert wait_s is None or 0 <= wait_s <= LONGEST_RETRY_AFTER_S


@pytest.mark.parametrize(
    "header",
    [
        "Sun, 01 Mar 2026 12:02:00 GMT",
        "Sunday, 01-Mar-26 12:02:00 GMT",
        "Sun Mar  1 12:02:00 2026",
        "Sun, 01 Mar 2026 12:02:00 -0000",
        "Sun, 01 Mar 2026 13:02:00 +0100",
        "120",
    ],
)
def test_all_three_date_forms_of_http_and_the_number_mean_the_same(header: str) -> None:
    assert retry_after_s(header, NOW) == 120


@pytest.mark.parametrize(
    "header",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "1e3",
        "\N{ARABIC-INDIC DIGIT THREE}",
        "\N{FULLWIDTH DIGIT SEVEN}",
        "inf",
        "nan",
        "Sun, 01 Mar 999999 12:00:00 GMT",
        "Sun, 01 Mar 2026 12:00:00 -99999999999999",
    ],
)
def test_what_says_neither_counts_as_not_said(header: str) -> None:
    assert retry_after_s(header, NOW) is None


def _decimal(number: int) -> str:
    """Decimal digits beyond the interpreter's limit on converting them (4,300)."""
    high, low = divmod(number, 10**4000)
    return f"{high}{low:04000d}" if high else str(low)
