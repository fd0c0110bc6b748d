"""Which runs count as dead: a table of the cases, and what holds for all of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.queue.drain import DrainLimits
from cynthia_pipeline.queue.model import RetryPolicy
from cynthia_pipeline.queue.rescue import Patience, RunFacts, Verdict, Worker, judge

LIMITS = DrainLimits(
    slots=5,
    linger_s=30,
    max_age_s=3600,
    grace_s=20,
    poll_s=5,
    lease_s=30,
    attempt_timeout_s=60,
    retry=RetryPolicy(max_attempts=4, base_s=2, cap_s=300),
    store_patience_s=180,
)
PATIENCE = Patience(gone_s=30, unseen_s=540, start_s=960)

seconds = st.floats(min_value=0, max_value=1e6)
facts = st.builds(RunFacts, unchanged_s=seconds, silent_s=st.none() | seconds, worker=st.sampled_from(list(Worker)))


def test_the_patience_follows_from_the_drains_own() -> None:
    assert Patience.for_drains(LIMITS) == PATIENCE


@pytest.mark.parametrize(
    ("unchanged_s", "silent_s", "worker", "verdict"),
    [
        pytest.param(3600, 5, Worker.ALIVE, Verdict.ALIVE, id="works"),
        pytest.param(3600, 5, Worker.UNKNOWN, Verdict.ALIVE, id="works on another machine"),
        pytest.param(3600, 90, Worker.ALIVE, Verdict.ALIVE, id="cut off from the database, its process is there"),
        pytest.param(3600, 90, Worker.UNKNOWN, Verdict.ALIVE, id="cut off for a minute on another machine"),
        pytest.param(86_400, 86_400, Worker.ALIVE, Verdict.ALIVE, id="hangs, but lives"),
        pytest.param(3600, 29, Worker.GONE, Verdict.ALIVE, id="just ended, and reports it"),
        pytest.param(3600, 31, Worker.GONE, Verdict.DEAD, id="killed on this machine"),
        pytest.param(3600, 541, Worker.UNKNOWN, Verdict.DEAD, id="lost with its machine"),
        pytest.param(100, None, Worker.UNKNOWN, Verdict.ALIVE, id="starts slowly"),
        pytest.param(959, None, Worker.UNKNOWN, Verdict.ALIVE, id="tries to start for the fourth time"),
        pytest.param(961, None, Worker.UNKNOWN, Verdict.DEAD, id="never started"),
        pytest.param(961, None, Worker.GONE, Verdict.DEAD, id="never started, says the launcher too"),
        pytest.param(961, None, Worker.ALIVE, Verdict.ALIVE, id="never started, but its worker runs"),
    ],
)
def test_cases(unchanged_s: float, silent_s: float | None, worker: Worker, verdict: Verdict) -> None:
    assert judge(RunFacts(unchanged_s=unchanged_s, silent_s=silent_s, worker=worker), PATIENCE) is verdict


@given(facts)
def test_a_living_worker_is_never_ended(run: RunFacts) -> None:
    assert judge(replace(run, worker=Worker.ALIVE), PATIENCE) is Verdict.ALIVE


@given(facts, seconds, seconds)
def test_time_alone_never_revives(run: RunFacts, longer: float, more_silent: float) -> None:
    later = replace(
        run,
        unchanged_s=run.unchanged_s + longer,
        silent_s=None if run.silent_s is None else run.silent_s + more_silent,
    )
    if judge(run, PATIENCE) is Verdict.DEAD:
        assert judge(later, PATIENCE) is Verdict.DEAD


@given(facts, st.floats(min_value=0, max_value=30))
def test_whoever_was_seen_within_a_lease_lives(run: RunFacts, silent_s: float) -> None:
    assert judge(replace(run, silent_s=silent_s), PATIENCE) is Verdict.ALIVE


@given(facts)
def test_less_knowledge_never_ends_sooner(run: RunFacts) -> None:
    if judge(replace(run, worker=Worker.UNKNOWN), PATIENCE) is Verdict.DEAD:
        assert judge(replace(run, worker=Worker.GONE), PATIENCE) is Verdict.DEAD
