"""Which runs that pass for alive are dead. Pure; the rescue sensor gathers the facts and acts on the verdict.

A run whose worker and launcher died together is never reported by anyone: it stays "started" for ever. What tells it
from a slow one is its drain's own sign of life, and whether its process can still be there. To end a living run is
worse than to leave a dead one for some minutes, so whatever is not known counts for the run.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from cynthia_pipeline.queue.drain import DrainLimits

_STARTS = 4
"""How often one run may start its drain: the first time and the asset's retries."""

_OPENING_S = 60.0
"""Longest a drain takes from a start to its first sign of life while the database answers, seconds."""


class Worker(StrEnum):
    """What is known of the process that works on a run."""

    ALIVE = "alive"
    GONE = "gone"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What a run is."""

    ALIVE = "alive"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run of a drain that is not finished; times in seconds.

    Attributes:
        unchanged_s: since the run last changed its status.
        silent_s: since its drain's last sign of life; None if it never gave one.
        worker: of the drain that gave that sign.
    """

    unchanged_s: float
    silent_s: float | None
    worker: Worker


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before a run counts as dead, seconds.

    Attributes:
        gone_s: after the last sign of life, where the worker is known to be gone.
        unseen_s: after the last sign of life, where nothing is known of the worker.
        start_s: after the last change of a run that never showed a drain.
    """

    gone_s: float
    unseen_s: float
    start_s: float

    @classmethod
    def for_drains(cls, limits: DrainLimits) -> "Patience":
        """The patience with drains of these limits.

        A drain that is cut off from the database finishes its audits, tries to write them for its own patience and
        then ends by itself; only after that can silence mean death. Twice as long leaves room for a
        slow teardown and its last events.
        """
        cut_off_s = limits.attempt_timeout_s + limits.store_patience_s + limits.lease_s
        return cls(
            gone_s=limits.lease_s,
            unseen_s=2 * cut_off_s,
            start_s=_STARTS * (limits.store_patience_s + _OPENING_S),
        )


def judge(run: RunFacts, patience: Patience) -> Verdict:
    """Whether the run is dead: silent for too long, and no worker known to be alive."""
    if run.silent_s is None:
        dead = run.worker is not Worker.ALIVE and run.unchanged_s > patience.start_s
        return Verdict.DEAD if dead else Verdict.ALIVE
    match run.worker:
        case Worker.ALIVE:
            dead = False
        case Worker.GONE:
            dead = run.silent_s > patience.gone_s
        case Worker.UNKNOWN:
            dead = run.silent_s > patience.unseen_s
        case _ as never:
            assert_never(never)
    return Verdict.DEAD if dead else Verdict.ALIVE
