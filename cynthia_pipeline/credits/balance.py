"""What may happen to a user's credits, as pure functions from one balance to the next.

A credit is held when a request for a pack is accepted; the hold is settled with the pack, or released with the
failure. What is held counts as used. A reset or a change of plan begins a new allowance with nothing used; a hold from
before it stays open, and ends against the allowance that it was taken from: settled, it costs nothing of the new one,
and released, it gives nothing to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cynthia_pipeline.credits.months import anchor_day_of, reset_after
from cynthia_pipeline.queue.model import Plan

ALLOWANCES: Mapping[Plan, int] = {Plan.FREE: 0, Plan.STARTER: 10, Plan.PRO: 50, Plan.AGENCY: 200}
"""Credits a month by plan, as the contract has them."""

PACK_PRICE = 1
"""Credits for one fix pack, as the contract has it."""


class EntryKind(StrEnum):
    """What an entry of the ledger records. Stored; the database's triggers and functions write some of them."""

    OPENING = "opening"
    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    RESET = "reset"
    PLAN_CHANGE = "plan_change"
    ADJUSTMENT = "adjustment"
    """The web app wrote the balance itself."""

    @property
    def begins_allowance(self) -> bool:
        """Whether holds from before it belong to an allowance that is past."""
        return self in {EntryKind.OPENING, EntryKind.RESET, EntryKind.PLAN_CHANGE}


@dataclass(frozen=True, slots=True)
class Balance:
    """A user's plan and credits.

    Attributes:
        monthly: credits a month.
        used: credits used of this month's, held ones included.
        reset_at: when the next month's begin.
        anchor_day: the day of the month of the resets; see months.py.
    """

    user: UUID
    plan: Plan
    monthly: int
    used: int
    reset_at: datetime
    anchor_day: int

    @property
    def left(self) -> int:
        """Credits left to spend; below zero only where another than the pipeline wrote the balance."""
        return self.monthly - self.used


def opened(user: UUID, now: datetime) -> Balance:
    """The balance of a user who is seen for the first time: free, anchored to this day."""
    return with_plan(Balance(user, Plan.FREE, 0, 0, now, anchor_day_of(now)), Plan.FREE, now)


def held(balance: Balance) -> Balance | None:
    """The balance with a pack's price held; None if that is not left."""
    return replace(balance, used=balance.used + PACK_PRICE) if balance.left >= PACK_PRICE else None


def released(balance: Balance, *, same_allowance: bool) -> Balance:
    """The balance with a hold given back.

    Args:
        same_allowance: nothing has begun a new allowance since the hold was taken.
    """
    return replace(balance, used=max(balance.used - PACK_PRICE, 0)) if same_allowance else balance


def renewed(balance: Balance) -> Balance:
    """The balance after the reset that is due next."""
    return replace(balance, used=0, reset_at=reset_after(balance.reset_at, balance.anchor_day))


def with_plan(balance: Balance, plan: Plan, now: datetime) -> Balance:
    """The balance on another plan: its whole allowance, nothing used, one month from now."""
    anchor_day = anchor_day_of(now)
    return replace(
        balance,
        plan=plan,
        monthly=ALLOWANCES[plan],
        used=0,
        reset_at=reset_after(now, anchor_day),
        anchor_day=anchor_day,
    )
