"""What becomes of an attempt that failed: tried again, and when, or final."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cynthia_pipeline.errors import PermanentError, RateLimitedError, WorkError
from cynthia_pipeline.queue.model import RetryPolicy

Jitter: TypeAlias = Callable[[float, float], float]
"""Draws evenly from a range, as random.uniform does."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The attempt is repeated in `wait_s` seconds."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The failure is final."""


def backoff_s(attempt: int, policy: RetryPolicy, jitter: Jitter) -> float:
    """Seconds to wait after the failed attempt number `attempt` (1 = the first).

    Exponential backoff with full jitter: even between 0 and base * 2^(attempt-1), at most the cap
    (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
    """
    # The exponent is bounded first: 2.0 ** 2000 overflows where the cap was long reached.
    longest = min(policy.cap_s, policy.base_s * 2.0 ** min(attempt - 1, 64))
    return jitter(0.0, longest)


def after_failure(error: WorkError, *, attempt: int, policy: RetryPolicy, jitter: Jitter) -> TryAgain | GiveUp:
    """What follows on `error` in attempt number `attempt`.

    A permanent failure is final at once; a transient one when the attempts are used up. Where the other side said
    when to come back, it is not asked earlier than that; jitter is added so that its clients do not return together.
    """
    if isinstance(error, PermanentError) or attempt >= policy.max_attempts:
        return GiveUp()
    wait_s = backoff_s(attempt, policy, jitter)
    if isinstance(error, RateLimitedError):
        wait_s += error.retry_after_s
    return TryAgain(wait_s)
