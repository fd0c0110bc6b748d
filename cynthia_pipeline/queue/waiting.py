"""Why a session is waiting, and for how long yet: pure, over facts that the store reads in one moment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Any

from cynthia_pipeline.queue.model import Limits, Pause


class Blocker(StrEnum):
    """What keeps a session from starting at this moment."""

    PAUSED = "paused"
    NOT_ACCEPTED = "not_accepted"
    BACKOFF = "backoff"
    NO_DRAIN = "no_drain"
    DRAINS_FULL = "drains_full"
    SYSTEM_LIMIT = "system_limit"
    STARTS_LIMIT = "starts_limit"
    OWNER_LIMIT = "owner_limit"
    HOST_LIMIT = "host_limit"
    BEHIND_OTHERS = "behind_others"


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """What holds for one pending session, at the moment `now`.

    Attributes:
        accepted: an audit was made for it.
        next_attempt_at: when that audit is due; None if there is none.
        ahead: audits that are due and go before it.
        ahead_of_owner: those of them that are its owner's own.
        ahead_at_host: those of them that go to its host.
        running, running_of_owner, running_at_host: under a lease now, in all and of its own kind.
        host: the registrable host of its page; None for an idea.
        started_last_minute: attempts begun in the last 60 seconds.
        live_drains, live_slots: drains that take new work, and their places.
        typical_s: the median of what recent audits worked, seconds; None if there were none.
    """

    now: datetime
    accepted: bool
    next_attempt_at: datetime | None
    pause: Pause | None
    ahead: int
    ahead_of_owner: int
    ahead_at_host: int
    running: int
    running_of_owner: int
    running_at_host: int
    host: str | None
    started_last_minute: int
    live_drains: int
    live_slots: int
    typical_s: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One blocker, and a sentence about it for an operator."""

    blocker: Blocker
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a session waits.

    Attributes:
        place: in the queue, 1 = the next; None while it is not accepted or not due.
        reasons: the blockers, those an operator can change first; empty if it starts with the next claim.
        starts_in_s: estimate of the start from recent durations, seconds; None if it depends on an operator, or if
            there is nothing recent to judge by.
    """

    place: int | None
    reasons: tuple[Reason, ...]
    starts_in_s: float | None

    def as_json(self) -> dict[str, Any]:
        """As a part of what `--json` prints."""
        return {
            "place": self.place,
            "reasons": [{"code": reason.blocker.value, "text": reason.text} for reason in self.reasons],
            "starts_in_s": self.starts_in_s,
        }


def explain(facts: WaitingFacts, limits: Limits) -> Waiting:
    """Why the session waits. The estimate takes every audit to last as long as the median of the recent ones."""
    backoff_s = 0.0
    if facts.next_attempt_at is not None:
        backoff_s = max((facts.next_attempt_at - facts.now).total_seconds(), 0.0)
    return Waiting(
        place=facts.ahead + 1 if facts.accepted and backoff_s == 0 else None,
        reasons=tuple(_reasons(facts, limits, backoff_s)),
        starts_in_s=_starts_in_s(facts, limits, backoff_s),
    )


def _reasons(facts: WaitingFacts, limits: Limits, backoff_s: float) -> list[Reason]:
    pause = "" if facts.pause is None else f"paused by {facts.pause.by} since {_moment(facts.pause.since)}"
    due_at = "" if facts.next_attempt_at is None else _moment(facts.next_attempt_at)
    table = (
        (facts.pause is not None, Blocker.PAUSED, pause),
        (not facts.accepted, Blocker.NOT_ACCEPTED, "no sensor tick or drain has taken it in yet"),
        (backoff_s > 0, Blocker.BACKOFF, f"the last attempt failed; the next is due at {due_at}"),
        (facts.live_drains == 0, Blocker.NO_DRAIN, "no drain is alive; the sensor starts one"),
        (
            facts.running >= limits.at_once,
            Blocker.SYSTEM_LIMIT,
            f"{facts.running} audits run, {limits.at_once} may at once",
        ),
        (
            facts.live_drains > 0 and facts.live_slots <= facts.running < limits.at_once,
            Blocker.DRAINS_FULL,
            f"all {facts.live_slots} places of the live drains are taken",
        ),
        (
            limits.starts_per_minute is not None and facts.started_last_minute >= limits.starts_per_minute,
            Blocker.STARTS_LIMIT,
            f"{facts.started_last_minute} audits started in the last minute, {limits.starts_per_minute} may",
        ),
        (
            facts.running_of_owner >= limits.per_owner,
            Blocker.OWNER_LIMIT,
            f"its user has {facts.running_of_owner} running, {limits.per_owner} may at once",
        ),
        (
            facts.host is not None and facts.running_at_host >= limits.per_host,
            Blocker.HOST_LIMIT,
            f"{facts.running_at_host} run against {facts.host}, {limits.per_host} may at once",
        ),
        (facts.ahead > 0, Blocker.BEHIND_OTHERS, f"{facts.ahead} go before it"),
    )
    return [Reason(blocker, text) for applies, blocker, text in table if applies]


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _starts_in_s(facts: WaitingFacts, limits: Limits, backoff_s: float) -> float | None:
    if facts.pause is not None:
        return None
    # A drain that is to be started will have places up to the system's limit, as far as is known here.
    places = min(limits.at_once, facts.live_slots) if facts.live_drains else limits.at_once
    rounds = max(
        _rounds(facts.ahead, facts.running, places),
        _rounds(facts.ahead_of_owner, facts.running_of_owner, limits.per_owner),
        _rounds(facts.ahead_at_host, facts.running_at_host, limits.per_host),
    )
    if rounds == 0:
        return backoff_s
    if facts.typical_s is None:
        return None
    return max(backoff_s, rounds * facts.typical_s)


def _rounds(ahead: int, running: int, places: int) -> int:
    """How often all places must be vacated until one is free for whoever has `ahead` others before them."""
    return max(ceil((ahead + 1 + running - places) / max(places, 1)), 0)
