"""The ledger's entries and a user's account, as whoever looks at them sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cynthia_pipeline.credits.balance import Balance, EntryKind
from cynthia_pipeline.queue.model import Plan


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    Attributes:
        credits: how it changed what is left to spend.
        balance_after: what was left after it.
        purpose: what it was for, in words.
        request: the request for a pack that it was for.
        due_at: for a reset, when it was due.
    """

    id: int
    at: datetime
    kind: EntryKind
    credits: int
    balance_after: int
    plan: Plan
    purpose: str
    request: UUID | None
    due_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """As a part of what `--json` prints."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "kind": self.kind.value,
            "credits": self.credits,
            "balance_after": self.balance_after,
            "plan": self.plan.value,
            "purpose": self.purpose,
            "request_id": None if self.request is None else str(self.request),
            "due_at": None if self.due_at is None else self.due_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Account:
    """A balance, and how many credits of it are held for packs that are being made."""

    balance: Balance
    open_holds: int

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        balance = self.balance
        return {
            "user_id": str(balance.user),
            "plan": balance.plan.value,
            "monthly_credits": balance.monthly,
            "used_credits": balance.used,
            "left": balance.left,
            "open_holds": self.open_holds,
            "reset_at": balance.reset_at.isoformat(),
            "anchor_day": balance.anchor_day,
        }


@dataclass(frozen=True, slots=True)
class Reset:
    """One month of one balance that was reset."""

    user: UUID
    due_at: datetime
    credits_returned: int
