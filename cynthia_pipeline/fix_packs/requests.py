"""A user's request for a pack: what is claimed, what is refused before anything is charged, and how it is seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType
from uuid import UUID

from cynthia_pipeline.audit.report import Issue
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.fix_packs.ports import FixPackType
from cynthia_pipeline.fix_packs.scope import in_scope
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.model import LeaseId, WorkStatus

RequestId = NewType("RequestId", UUID)
"""Also the id of the pack that the request is answered with, so that no request can have two."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as the web app inserted it."""

    id: RequestId
    audit: UUID
    user: UUID
    type: FixPackType
    language: Language


@dataclass(frozen=True, slots=True)
class AuditedPage:
    """What is known of the audit that a pack is asked for.

    Attributes:
        is_page: a page with an address or a draft of this project's, and not a picture or a component.
        issues: of its report; empty unless it is completed.
    """

    owner: UUID
    status: WorkStatus
    is_page: bool
    issues: tuple[Issue, ...]


def check(request: NewRequest, audit: AuditedPage | None) -> None:
    """Lets a request pass that a pack can be made for.

    Raises:
        PermanentError: AUDIT_NOT_FOUND, NOT_YOUR_AUDIT, AUDIT_NOT_COMPLETED or NOTHING_TO_FIX.
    """
    if audit is None:
        raise PermanentError(ErrorCode.AUDIT_NOT_FOUND)
    if audit.owner != request.user:
        raise PermanentError(ErrorCode.NOT_YOUR_AUDIT)
    if audit.status is not WorkStatus.COMPLETED:
        raise PermanentError(ErrorCode.AUDIT_NOT_COMPLETED)
    if not audit.is_page or not any(in_scope(issue, request.type) for issue in audit.issues):
        raise PermanentError(ErrorCode.NOTHING_TO_FIX, type=request.type.value)


@dataclass(frozen=True, slots=True)
class ClaimedPack:
    """One request that this drain holds a lease on.

    Attributes:
        attempt: 1 for the first.
        requested_at: when the web app inserted it.
        claimed_at: when this lease began.
    """

    id: RequestId
    lease: LeaseId
    attempt: int
    audit: UUID
    user: UUID
    type: FixPackType
    language: Language
    requested_at: datetime
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as the pages and the commands see it.

    Attributes:
        answered_by: the earlier request whose pack answers this one, without a charge.
        credit: held, settled or released; None where none was taken.
    """

    id: RequestId
    audit: UUID
    user: UUID
    type: FixPackType
    status: WorkStatus
    progress: int
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    completed_at: datetime | None
    fix_pack: UUID | None
    answered_by: RequestId | None
    credit: str | None
    error_code: str | None
    error_message: str | None

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "request_id": str(self.id),
            "audit_id": str(self.audit),
            "user_id": str(self.user),
            "type": self.type.value,
            "status": self.status.value,
            "progress": self.progress,
            "attempts": self.attempts,
            "created_at": self.created_at.isoformat(),
            "next_attempt_at": None if self.next_attempt_at is None else self.next_attempt_at.isoformat(),
            "completed_at": None if self.completed_at is None else self.completed_at.isoformat(),
            "fix_pack_id": None if self.fix_pack is None else str(self.fix_pack),
            "answered_by": None if self.answered_by is None else str(self.answered_by),
            "credit": self.credit,
            "error_code": self.error_code,
            "error_message": self.error_message,
        }
