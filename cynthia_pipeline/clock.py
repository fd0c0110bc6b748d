"""Time, passed in: nothing that decides reads the machine's clock by itself."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""


def system_clock() -> datetime:
    """The present moment by the machine's clock, aware, in UTC."""
    return datetime.now(UTC)
