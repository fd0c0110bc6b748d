"""When to start a process again that has died. Pure."""

_FIRST_S = 0.5
_LONGEST_S = 30.0
_STEADY_AFTER_S = 60.0
"""A process that lived this long has started well; the count begins anew."""


def deaths_in_a_row(before: int, lived_s: float) -> int:
    """The count after one more death, of a process that had lived for `lived_s` seconds."""
    return 1 if lived_s >= _STEADY_AFTER_S else before + 1


def restart_delay_s(deaths: int) -> float:
    """Seconds to wait before the next start: 0.5 after the first death, doubled by each further, 30 at most."""
    return float(min(_FIRST_S * 2 ** min(deaths - 1, 10), _LONGEST_S))
