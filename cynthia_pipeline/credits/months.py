"""When a balance resets. All in UTC, whatever the user's or the server's zone: one rule, and no hour that is missing.

A balance resets each month on its anchor day, at its time of day; in a month without such a day, on the month's last
(31 January → 28 February → 31 March). The database does the same in `cynthia_reset_after`, for teams that reset from
within it.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime

_MONTHS = 12


def anchor_day_of(moment: datetime) -> int:
    """The day of the month in UTC, 1 to 31: what a balance that begins at `moment` is anchored to."""
    return moment.astimezone(UTC).day


def reset_after(reset_at: datetime, anchor_day: int) -> datetime:
    """The reset in the month after `reset_at`'s, in UTC.

    Args:
        anchor_day: the day of the month that the balance resets on, 1 to 31.
    """
    at = reset_at.astimezone(UTC)
    year, month = (at.year + 1, 1) if at.month == _MONTHS else (at.year, at.month + 1)
    return at.replace(year=year, month=month, day=min(anchor_day, monthrange(year, month)[1]))


def resets_due(reset_at: datetime, anchor_day: int, now: datetime) -> Iterator[datetime]:
    """Every reset from `reset_at` on that is due at `now`, one a month, oldest first."""
    while reset_at <= now:
        yield reset_at
        reset_at = reset_after(reset_at, anchor_day)
