"""One page asked for twice within a short time: who shares an audit, who gets a copy, who neither.

An owner's sessions share one audit: they join the one that is open, or are answered by the one that is fresh. Between
owners nothing is shared, since each may delete or replay their own; a fresh report of a public page is copied.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import TypeAlias

from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.model import AuditId, OwnerKey, WorkStatus

# RFC 6761, RFC 6762, RFC 8375 and ICANN's reservation of .internal: names that mean something else on each network.
_NAMES_OF_NO_PUBLIC_SITE = ("localhost", "local", "internal", "home.arpa", "test", "invalid", "onion")


@dataclass(frozen=True, slots=True)
class Reuse:
    """How far a report may answer for more than the session it was made for.

    Attributes:
        window_s: a report older than this many seconds answers nothing more; an open audit is joined whatever its age.
        copy: whether other owners may get a copy of a public page's report.
        private_hosts: hosts that are not on the public internet although they may be audited.
    """

    window_s: float
    copy: bool = False
    private_hosts: Collection[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Known:
    """An audit of the same target in the same language.

    Attributes:
        completed_at: when its report was made; None if there is none.
    """

    id: AuditId
    owner: OwnerKey
    status: WorkStatus
    completed_at: datetime | None
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """The session shares this audit, which is its owner's own."""

    audit: AuditId


@dataclass(frozen=True, slots=True)
class Copy:
    """The session gets an audit of its own, completed at once with this one's report."""

    audit: AuditId


Answer: TypeAlias = Join | Copy


def dedupe_key(target_type: TargetType, identity: str, language: Language) -> str:
    """Equal for sessions that one report answers.

    Args:
        target_type: what is audited.
        identity: the normalised address, or an idea's words; white space and case make no other idea.
        language: of the report.
    """
    same = identity if target_type is TargetType.URL else " ".join(identity.split()).casefold()
    # Half a surrogate pair has no encoding; it still tells two ideas apart.
    return sha256(f"{target_type}\n{language}\n{same}".encode("utf-8", "surrogatepass")).hexdigest()


def is_public(host: str, private_hosts: Collection[str] = ()) -> bool:
    """Whether `host` (lower case, an IPv6 address without brackets) means the same site to everybody."""
    if host in private_hosts:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not any(host.endswith("." + name) for name in _NAMES_OF_NO_PUBLIC_SITE)


def answer(
    owner: OwnerKey, known: Iterable[Known], *, public_host: str | None, reuse: Reuse, now: datetime
) -> Answer | None:
    """What answers a new session of `owner`; None if it needs an audit of its own.

    Args:
        owner: whose the new session is.
        known: audits with the session's dedupe key.
        public_host: the host of its page; None for an idea.
        reuse: how far to go.
        now: the present moment.
    """
    fresh_since = now - timedelta(seconds=reuse.window_s)
    fresh = sorted(
        (each for each in known if _is_fresh(each, fresh_since)),
        key=lambda each: (each.completed_at or now, each.id.bytes),
        reverse=True,
    )
    own = [each for each in fresh if each.owner == owner]
    completed = [each for each in own if each.status is WorkStatus.COMPLETED]
    if mine := completed or own:
        return Join(mine[0].id)
    if not reuse.copy or public_host is None or not is_public(public_host, reuse.private_hosts):
        return None
    # From the original only: it alone tells which report was asked for of whom.
    sources = [each for each in fresh if each.status is WorkStatus.COMPLETED and not each.is_copy]
    return Copy(sources[0].id) if sources else None


def _is_fresh(known: Known, since: datetime) -> bool:
    match known.status:
        case WorkStatus.PENDING | WorkStatus.RUNNING:
            return True
        case WorkStatus.COMPLETED:
            return known.completed_at is not None and known.completed_at >= since
        case WorkStatus.FAILED:
            return False
