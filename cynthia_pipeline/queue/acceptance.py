"""From a row that the web app inserted to an audit in the queue, or to a failure that says why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.audit.target import parse_target
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.queue.duplicates import Reuse, dedupe_key
from cynthia_pipeline.queue.model import OwnerKey, Plan, Priority, SessionId

MAX_IDEA_CHARS = 20_000
"""Longest idea that is kept whole in the audit's row; the session keeps what was typed."""


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """What is settled when a session enters the queue and while it waits there.

    Attributes:
        ageing_s: waiting this many seconds leads to the next priority class; None = waiting changes nothing.
        reuse: how far reports answer for later sessions; None = each session gets an audit of its own.
    """

    ageing_s: float | None = None
    reuse: Reuse | None = None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A build session that no audit was made for yet, as the web app inserted it.

    Attributes:
        input_value: its first MAX_IDEA_CHARS + 1 characters; more tell nothing new, of an address or of an idea.
    """

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
    """The audit to make for one session. With a refusal it is final from the start.

    Attributes:
        host: the host of the page itself.
        target_host: its registrable host, for limits.
        dedupe_key: equal for sessions that one report answers; None with a refusal.
    """

    session: NewSession
    target_type: TargetType
    target_value: str
    host: str | None
    target_host: str | None
    dedupe_key: str | None
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
    host = target_host = None
    if session.input_type == "idea":
        target_type, value = TargetType.FRAME, session.input_value[:MAX_IDEA_CHARS]
        identity = session.input_value
        if not value.strip():
            refusal = _refuse(ErrorCode.EMPTY_IDEA, language, {})
    else:
        target_type, identity = TargetType.URL, ""
        try:
            target = parse_target(session.input_value)
        except PermanentError as error:
            value = session.input_value[:MAX_IDEA_CHARS]
            refusal = _refuse(error.code, language, error.facts)
        else:
            value, identity = target.url, target.normalised
            host, target_host = target.host, target.registrable_host
    return NewAudit(
        session=session,
        target_type=target_type,
        target_value=value,
        host=host,
        target_host=target_host,
        dedupe_key=dedupe_key(target_type, identity, language) if refusal is None else None,
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


def led(new: Sequence[NewAudit]) -> tuple[list[NewAudit], dict[SessionId, SessionId]]:
    """New sessions of one owner for one target, told apart: the first of each, and whom the others follow."""
    leaders: dict[object, NewAudit] = {}
    leader_of: dict[SessionId, SessionId] = {}
    for audit in new:
        same = audit.session.id if audit.dedupe_key is None else (audit.owner, audit.dedupe_key)
        leader = leaders.setdefault(same, audit)
        if leader is not audit:
            leader_of[audit.session.id] = leader.session.id
    return list(leaders.values()), leader_of


def refused(audit: NewAudit, code: ErrorCode) -> NewAudit:
    """The same audit, final from the start for the reason `code`."""
    return replace(audit, dedupe_key=None, refusal=_refuse(code, audit.language, {}))


def _refuse(code: ErrorCode, language: Language, facts: dict[str, str]) -> Refusal:
    return Refusal(code=code, message=sentence(code, language, facts))
