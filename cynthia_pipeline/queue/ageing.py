"""Who waited long enough goes up: a class for each ageing period, so that no stream of better-placed work starves it.

An anonymous audit becomes free, then paid, then overdue. Nobody enters as overdue, and there the turns are read from
a clock: an audit stands behind those that became overdue before it, and before all that will later. So however many
better-placed audits arrive, only finitely many ever go before one that waits. An owner's own overdue audits stand
`OVERDUE_SPACING_S` behind each other, so that one owner's backlog does not fill the class
(virtual clock: Zhang, ACM TOCS 9(2), 1991).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import assert_never

from cynthia_pipeline.queue.fairness import next_turns
from cynthia_pipeline.queue.model import OwnerKey, Priority

OVERDUE_SPACING_S = 1
"""Between one owner's overdue audits, seconds of the class's clock."""

_CLOCK_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def risen(priority: Priority) -> Priority:
    """The class above; the highest has none above it."""
    match priority:
        case Priority.ANONYMOUS:
            return Priority.FREE
        case Priority.FREE:
            return Priority.PAID
        case Priority.PAID | Priority.OVERDUE:
            return Priority.OVERDUE
        case _ as never:
            assert_never(never)


def turns_in(
    priority: Priority,
    owners: Sequence[OwnerKey],
    last_turn: Mapping[OwnerKey, int],
    present_turn: int,
    now: datetime,
) -> list[int]:
    """The turns of audits that enter a class, by arriving or by rising.

    Args:
        priority: the class they enter.
        owners: of the entering audits, longest waiting first.
        last_turn: the highest turn among each owner's open audits in the class.
        present_turn: the turn the class is serving; the overdue class goes by `now` instead.
        now: the present moment.
    """
    served = overdue_turn(now) if priority is Priority.OVERDUE else present_turn
    return next_turns(owners, last_turn, served)


def overdue_turn(now: datetime) -> int:
    """The overdue class's clock, in units of its spacing; fits 32 bits until 2094."""
    return int((now - _CLOCK_BEGAN).total_seconds()) // OVERDUE_SPACING_S
