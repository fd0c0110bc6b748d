"""Lengths of time, as an operator types and reads them."""

import re
from datetime import timedelta

from cynthia_pipeline.errors import UsageError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=3650)


def parse_duration(text: str) -> timedelta:
    """The length that `text` names: 90s, 15m, 1h or 7d.

    Raises:
        UsageError: it names none, or more than ten years.
    """
    found = re.fullmatch(r"(\d{1,9})\s*([smhd])", text.strip().lower(), re.ASCII)
    length = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if length is None or length > _LONGEST:
        raise UsageError(f"{text!r} is no length of time; write one such as 90s, 15m, 1h or 7d")
    return length


def shown(seconds: float | None) -> str:
    """A length for reading: 0.4 s, 12 s, 3 min 5 s, 2 h 10 min, 3 d 4 h; a dash for none."""
    if seconds is None:
        return "–"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3600} h"
