"""What comes from a page, made harmless: strings capped, numbers finite."""

import math
import re

TEXT_CAP = 400
"""Longest string taken from a page, characters, unless a place says otherwise."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_COORDINATE_CAP = 10_000_000.0


def text(value: object, cap: int = TEXT_CAP) -> str:
    """A page's string, capped, without control characters and lone surrogates; empty for anything else."""
    if not isinstance(value, str):
        return ""
    capped = value[:cap]
    if capped.isprintable():
        return capped
    return _CONTROLS.sub(" ", capped)


def number(value: object) -> float:
    """A page's number, finite and within what a layout can be; 0 for anything else."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return min(max(float(value), -_COORDINATE_CAP), _COORDINATE_CAP)
