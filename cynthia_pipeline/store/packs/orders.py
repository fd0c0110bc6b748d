"""The audit that a pack is asked for, as the check of a request and as the maker's order need it."""

from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection, select

from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.fix_packs.ports import DraftedPage, PackOrder, PageAddress, Target
from cynthia_pipeline.fix_packs.requests import AuditedPage, ClaimedPack, NewRequest, check
from cynthia_pipeline.queue.model import AuditId, WorkStatus
from cynthia_pipeline.store import drafts
from cynthia_pipeline.store.sessions import load_report_alone
from cynthia_pipeline.store.tables import cynthia_audits

_audits = cynthia_audits.c

_PAGES = {TargetType.URL, TargetType.FRAME}


def audited_page(connection: Connection, audit: UUID) -> AuditedPage | None:
    """What is known of the audit; None if there is none.

    Raises:
        PermanentError: its report is not one that this version can read.
    """
    row = connection.execute(
        select(_audits.user_id, _audits.status, _audits.target_type).where(_audits.id == audit)
    ).first()
    if row is None:
        return None
    try:
        stored = load_report_alone(connection, AuditId(audit))
    except ValidationError as error:
        raise PermanentError(ErrorCode.BAD_INPUT, reason="its report cannot be read", detail=str(error)) from error
    return AuditedPage(
        owner=row.user_id,
        status=WorkStatus(row.status),
        is_page=row.target_type in _PAGES,
        issues=() if stored is None else stored.full_issues,
    )


def load_order(connection: Connection, request: ClaimedPack) -> PackOrder:
    """What the maker is told to make.

    Raises:
        PermanentError: the audit is gone by now, or no longer one that a pack can be made for.
    """
    asked = NewRequest(request.id, request.audit, request.user, request.type, request.language)
    check(asked, audited_page(connection, request.audit))
    row = connection.execute(
        select(_audits.target_type, _audits.target_value, _audits.created_at).where(_audits.id == request.audit)
    ).first()
    stored = load_report_alone(connection, AuditId(request.audit))
    if row is None or stored is None:
        raise PermanentError(ErrorCode.AUDIT_NOT_FOUND)
    return PackOrder(
        audit_id=request.audit,
        type=request.type,
        target=_target(connection, request, TargetType(row.target_type), row.target_value),
        language=request.language,
        report=stored,
        created_at=row.created_at,
    )


def _target(connection: Connection, request: ClaimedPack, kind: TargetType, value: str) -> Target:
    if kind is TargetType.URL:
        return PageAddress(value)
    draft = drafts.load(connection, AuditId(request.audit))
    if draft is None:
        raise PermanentError(ErrorCode.PAGE_CHANGED, detail="the drafted page is gone")
    return DraftedPage(draft[1])
