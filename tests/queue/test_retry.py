"""When a failed attempt is tried again."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.errors import ErrorCode, PermanentError, RateLimitedError, TransientError
from cynthia_pipeline.queue.model import RetryPolicy
from cynthia_pipeline.queue.retry import GiveUp, TryAgain, after_failure, backoff_s

policies = st.builds(
    RetryPolicy,
    max_attempts=st.integers(1, 20),
    base_s=st.floats(0.01, 60),
    cap_s=st.floats(1, 3600),
)


def shortest(low: float, _high: float) -> float:
    return low


def longest(_low: float, high: float) -> float:
    return high


@given(policies, st.integers(1, 5000), st.randoms(use_true_random=False))
def test_a_wait_is_never_negative_nor_beyond_the_cap(policy: RetryPolicy, attempt: int, rng: random.Random) -> None:
    assert 0 <= backoff_s(attempt, policy, rng.uniform) <= policy.cap_s


@given(policies, st.integers(1, 5000))
def test_the_longest_wait_never_shrinks_with_the_attempts(policy: RetryPolicy, attempt: int) -> None:
    assert backoff_s(attempt, policy, longest) <= backoff_s(attempt + 1, policy, longest)


def test_the_longest_wait_doubles_up_to_the_cap() -> None:
    policy = RetryPolicy(max_attempts=10, base_s=2, cap_s=30)
    assert [backoff_s(attempt, policy, longest) for attempt in range(1, 7)] == [2, 4, 8, 16, 30, 30]


@given(policies, st.integers(1, 30))
def test_a_permanent_failure_is_never_tried_again(policy: RetryPolicy, attempt: int) -> None:
    error = PermanentError(ErrorCode.NOT_A_URL)
    assert after_failure(error, attempt=attempt, policy=policy, jitter=longest) == GiveUp()


@given(policies, st.integers(1, 30))
def test_a_transient_failure_is_tried_again_until_the_attempts_are_used_up(policy: RetryPolicy, attempt: int) -> None:
    decision = after_failure(TransientError(ErrorCode.TIMED_OUT), attempt=attempt, policy=policy, jitter=longest)
    assert isinstance(decision, GiveUp) == (attempt >= policy.max_attempts)


@pytest.mark.parametrize("retry_after_s", [0.0, 7.5, 4000.0])
def test_a_rate_limit_is_waited_out_whole(retry_after_s: float) -> None:
    policy = RetryPolicy(max_attempts=3, base_s=2, cap_s=300)
    error = RateLimitedError(ErrorCode.RATE_LIMITED, retry_after_s=retry_after_s)
    decision = after_failure(error, attempt=1, policy=policy, jitter=shortest)
    assert decision == TryAgain(retry_after_s)
