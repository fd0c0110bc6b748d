"""The words of the queue: its ids, its states, what is claimed and within which limits."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, NewType
from uuid import UUID

from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.messages import Language

SessionId = NewType("SessionId", UUID)
AuditId = NewType("AuditId", UUID)
DrainId = NewType("DrainId", UUID)
LeaseId = NewType("LeaseId", UUID)
OwnerKey = NewType("OwnerKey", UUID)
"""Whose work it is: the user, or the session itself where the visitor is anonymous."""

SYSTEM_PROJECT = UUID("00000000-0000-0000-0000-000000000001")
"""The project that the contract gives to sessions without one."""
SYSTEM_USER = UUID("00000000-0000-0000-0000-000000000002")
"""The user that the contract gives to anonymous sessions."""


class WorkKind(StrEnum):
    """The kinds of work that have drains of their own. Stored, and used as the value of a run tag."""

    AUDITS = "audits"
    FIX_PACKS = "fix-packs"


class WorkStatus(StrEnum):
    """The states of a build session and of an audit, as the contract has them."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether only an operator's replay leads out of it."""
        return self in {WorkStatus.COMPLETED, WorkStatus.FAILED}


class Plan(StrEnum):
    """The plans of the contract."""

    FREE = "free"
    STARTER = "starter"
    PRO = "pro"
    AGENCY = "agency"


class Priority(IntEnum):
    """Who goes first, the lowest number. Gaps leave room between; nobody enters as OVERDUE, waiting leads there."""

    OVERDUE = 0
    PAID = 10
    FREE = 20
    ANONYMOUS = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may run at once, over all drains on all machines.

    Attributes:
        at_once: in the whole system.
        per_owner: for each owner.
        per_host: against each registrable host.
        starts_per_minute: in any 60 seconds; None = no limit.
    """

    at_once: int
    per_owner: int
    per_host: int
    starts_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When a transient failure is tried again.

    Attributes:
        max_attempts: the first attempt included.
        base_s: the first retry's longest wait, seconds; doubles with each attempt.
        cap_s: the longest wait, seconds.
    """

    max_attempts: int
    base_s: float
    cap_s: float


@dataclass(frozen=True, slots=True)
class ClaimedAudit:
    """One audit that this drain holds a lease on.

    Attributes:
        sessions: the build sessions that wait for it.
        attempt: 1 for the first.
        accepted_at: when the audit entered the queue.
        inserted_at: when the oldest waiting session was inserted by the web app; None if there is none left.
        claimed_at: when this lease began.
    """

    id: AuditId
    lease: LeaseId
    sessions: tuple[SessionId, ...]
    attempt: int
    target_type: TargetType
    target_value: str
    language: Language
    context: dict[str, Any] | None
    constraints: dict[str, Any] | None
    accepted_at: datetime
    inserted_at: datetime | None
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """An operator's word that nothing of a kind starts.

    Attributes:
        since: when it was given.
        by: who gave it, as they are known on their machine.
    """

    since: datetime
    by: str


class AttemptOutcome(StrEnum):
    """How one attempt ended. Stored."""

    COMPLETED = "completed"
    FAILED = "failed"
    RETRIED = "retried"
    RELEASED = "released"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Settled:
    """What the database says after an attempt was written.

    Attributes:
        outcome: how the attempt ended.
        sessions: the build sessions that moved with the audit.
        next_attempt_at: for a retry, when it is due.
        waited_s: from the session's insert to the first start, seconds.
        worked_s: from this attempt's claim to its end, seconds.
    """

    outcome: AttemptOutcome
    sessions: tuple[SessionId, ...]
    waited_s: float
    worked_s: float
    next_attempt_at: datetime | None = None
    error_code: ErrorCode | None = None
    error_message: str | None = None


class LeaseLostError(Exception):
    """The lease is no longer this drain's: another one has the audit, or it was deleted. Nothing was written."""
