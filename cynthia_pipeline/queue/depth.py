"""The queue's depth as operators watch it over time, and when it is worth an event."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

TOLD_AT_LEAST = timedelta(minutes=10)
"""An unchanged depth is told this often, so that a flat line in the plot is known and not guessed."""


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """What waits and who works, at one moment.

    Attributes:
        new: sessions that are not accepted yet.
        due: audits that could start now.
        later: audits that wait for a retry.
        running: audits under a live lease.
        oldest_wait_s: how long the first in the queue has waited since its insert, seconds; 0 if nothing waits.
        drains_alive: drains that gave a sign of life within a lease.
    """

    new: int
    due: int
    later: int
    running: int
    oldest_wait_s: float
    drains_alive: int

    def as_numbers(self) -> dict[str, int | float]:
        """Every figure by its name; `depth` is all that waits."""
        return {"depth": self.new + self.due + self.later, **asdict(self)}


def worth_telling(depth: QueueDepth, told: QueueDepth | None, told_at: datetime | None, now: datetime) -> bool:
    """Whether the depth is news: nothing was told yet, a count changed, or the last word is old.

    A wait that only grew is no change: it grows every second.
    """
    if told is None or told_at is None:
        return True
    return replace(depth, oldest_wait_s=told.oldest_wait_s) != told or now - told_at >= TOLD_AT_LEAST
