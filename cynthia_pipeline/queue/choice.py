"""Which of the audits that are due start now. Pure; the claim calls it while it holds the queue's lock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cynthia_pipeline.queue.model import AuditId, Limits, OwnerKey


@dataclass(frozen=True, slots=True)
class Candidate:
    """One audit that is due, as far as the choice needs to know it."""

    id: AuditId
    owner: OwnerKey
    host: str | None


@dataclass(frozen=True, slots=True)
class Load:
    """What runs at this moment, over all drains.

    Attributes:
        running: audits in all.
        by_owner, by_host: the same, told apart.
        started_last_minute: attempts begun in the last 60 seconds.
    """

    running: int
    by_owner: Mapping[OwnerKey, int]
    by_host: Mapping[str, int]
    started_last_minute: int = 0

    def full_owners(self, limits: Limits) -> list[OwnerKey]:
        """The owners who may start nothing more."""
        return [owner for owner, count in self.by_owner.items() if count >= limits.per_owner]

    def full_hosts(self, limits: Limits) -> list[str]:
        """The hosts against which nothing more may start."""
        return [host for host, count in self.by_host.items() if count >= limits.per_host]


def room(load: Load, limits: Limits, slots: int) -> int:
    """How many audits a drain with `slots` free places may start, owners and hosts aside; never negative."""
    free = min(slots, limits.at_once - load.running)
    if limits.starts_per_minute is not None:
        free = min(free, limits.starts_per_minute - load.started_last_minute)
    return max(free, 0)


def choose(candidates: Iterable[Candidate], load: Load, limits: Limits, slots: int) -> Sequence[AuditId]:
    """The candidates that start, in their given order, each limit held with those already chosen counted in."""
    free = room(load, limits, slots)
    by_owner, by_host = dict(load.by_owner), dict(load.by_host)
    chosen: list[AuditId] = []
    for candidate in candidates:
        if len(chosen) >= free:
            break
        if by_owner.get(candidate.owner, 0) >= limits.per_owner:
            continue
        if candidate.host is not None and by_host.get(candidate.host, 0) >= limits.per_host:
            continue
        chosen.append(candidate.id)
        by_owner[candidate.owner] = by_owner.get(candidate.owner, 0) + 1
        if candidate.host is not None:
            by_host[candidate.host] = by_host.get(candidate.host, 0) + 1
    return chosen
