"""Reads the Retry-After header."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER_S = 3600.0
"""A service that asks for more is asked again after this long, seconds: a wrong header must not park an audit
for days."""

_DELAY_SECONDS = re.compile(r"[0-9]+", re.ASCII)


def retry_after_s(header: str, now: datetime) -> float | None:
    """The wait that a Retry-After header asks for (RFC 9110, section 10.2.3: delay-seconds or an HTTP date).

    Args:
        header: the header's value; empty where the answer had none.
        now: the present moment, aware.

    Returns:
        Seconds from `now`, at least 0 and at most `LONGEST_RETRY_AFTER_S`; None where the header says
        neither of the two.
    """
    text = header.strip()
    wanted = float(text) if _DELAY_SECONDS.fullmatch(text) else _seconds_until(text, now)
    return None if wanted is None else min(max(wanted, 0.0), LONGEST_RETRY_AFTER_S)


def _seconds_until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # An HTTP date is in GMT; "-0000" parses as a datetime without a zone.
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - now).total_seconds()
