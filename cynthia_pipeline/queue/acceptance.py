"""From a row that the web app inserted to an audit in the queue, or to a failure that says why not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.audit.target import parse_target
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.queue.model import OwnerKey, Plan, Priority, SessionId

MAX_IDEA_CHARS = 20_000
"""Longest idea that is kept whole in the audit's row; the session keeps what was typed."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A build session that no audit was made for yet, as the web app inserted it."""

    id: SessionId
    language: str
    input_type: str
    input_value: str
    user_id: UUID | None
    plan: Plan | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a session can never be audited, in its own language."""

    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True)
class NewAudit:
    """The audit to make for one session. With a refusal it is final from the start."""

    session: NewSession
    target_type: TargetType
    target_value: str
    target_host: str | None
    language: Language
    owner: OwnerKey
    priority: Priority
    context: dict[str, Any]
    refusal: Refusal | None


def read_language(text: str) -> Language:
    """The language a session asks for; English for one that the product does not speak."""
    return Language(text) if text in set(Language) else Language.ENGLISH


def priority_of(user_id: UUID | None, plan: Plan | None) -> Priority:
    """Paid plans before free ones before anonymous visitors."""
    if user_id is None:
        return Priority.ANONYMOUS
    return Priority.FREE if plan in {None, Plan.FREE} else Priority.PAID


def accept(session: NewSession) -> NewAudit:
    """The audit for `session`. Never raises: what cannot be audited is an audit with a refusal."""
    language = read_language(session.language)
    refusal: Refusal | None = None
    host: str | None = None
    if session.input_type == "idea":
        target_type, value = TargetType.FRAME, session.input_value[:MAX_IDEA_CHARS]
        if not value.strip():
            refusal = _refuse(ErrorCode.EMPTY_IDEA, language, {})
    else:
        target_type = TargetType.URL
        try:
            target = parse_target(session.input_value)
        except PermanentError as error:
            value = session.input_value[:MAX_IDEA_CHARS]
            refusal = _refuse(error.code, language, error.facts)
        else:
            value, host = target.url, target.registrable_host
    return NewAudit(
        session=session,
        target_type=target_type,
        target_value=value,
        target_host=host,
        language=language,
        owner=OwnerKey(session.user_id or session.id),
        priority=priority_of(session.user_id, session.plan),
        context={
            "source": "build-my-site",
            "inputType": session.input_type,
            "originalInput": session.input_value[:MAX_IDEA_CHARS],
        },
        refusal=refusal,
    )


def _refuse(code: ErrorCode, language: Language, facts: dict[str, str]) -> Refusal:
    return Refusal(code=code, message=sentence(code, language, facts))
