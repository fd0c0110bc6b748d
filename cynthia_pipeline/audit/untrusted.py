"""A page's own strings and numbers, made harmless: a page is not to be trusted, nor is what scripts read there."""

import math

TEXT_CAP = 400
"""Longest string taken from a page, characters."""

_COORDINATE_CAP = 10_000_000.0


def text(value: object) -> str:
    """A page's string, capped, without control characters and lone surrogates."""
    if not isinstance(value, str):
        return ""
    capped = value[:TEXT_CAP]
    if capped.isprintable():
        return capped
    return "".join(
        char if char >= " " and char != "\x7f" and not "\ud800" <= char <= "\udfff" else " " for char in capped
    )


def number(value: object) -> float:
    """A page's number, finite and within what a layout can be."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return min(max(float(value), -_COORDINATE_CAP), _COORDINATE_CAP)
