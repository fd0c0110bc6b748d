"""Why a session waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.queue.model import Limits, Pause
from cynthia_pipeline.queue.waiting import Blocker, WaitingFacts, explain

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LIMITS = Limits(at_once=5, per_owner=2, per_host=2, starts_per_minute=30)
NEXT = WaitingFacts(
    now=NOW,
    accepted=True,
    next_attempt_at=NOW - timedelta(seconds=1),
    pause=None,
    ahead=0,
    ahead_of_owner=0,
    ahead_at_host=0,
    running=0,
    running_of_owner=0,
    running_at_host=0,
    host="example.com",
    started_last_minute=0,
    live_drains=1,
    live_slots=5,
    typical_s=10.0,
)


def test_what_nothing_blocks_is_next_and_starts_now() -> None:
    waiting = explain(NEXT, LIMITS)
    assert (waiting.place, waiting.reasons, waiting.starts_in_s) == (1, (), 0.0)


@pytest.mark.parametrize(
    ("change", "blocker", "words"),
    [
        ({"pause": Pause(NOW, "ana")}, Blocker.PAUSED, "paused by ana since 2026-06-01 12:00:00 UTC"),
        ({"accepted": False, "next_attempt_at": None}, Blocker.NOT_ACCEPTED, "taken it in"),
        ({"next_attempt_at": NOW + timedelta(seconds=90)}, Blocker.BACKOFF, "due at 2026-06-01 12:01:30 UTC"),
        ({"live_drains": 0, "live_slots": 0}, Blocker.NO_DRAIN, "no drain is alive"),
        ({"running": 5}, Blocker.SYSTEM_LIMIT, "5 audits run, 5 may"),
        ({"running": 3, "live_slots": 3}, Blocker.DRAINS_FULL, "all 3 places"),
        ({"started_last_minute": 30}, Blocker.STARTS_LIMIT, "30 may"),
        ({"running": 2, "running_of_owner": 2}, Blocker.OWNER_LIMIT, "its user has 2 running"),
        ({"running": 2, "running_at_host": 2}, Blocker.HOST_LIMIT, "against example.com"),
        ({"ahead": 7}, Blocker.BEHIND_OTHERS, "7 go before it"),
    ],
)
def test_each_blocker_is_named_alone(change: dict[str, Any], blocker: Blocker, words: str) -> None:
    (reason,) = explain(replace(NEXT, **change), LIMITS).reasons
    assert reason.blocker is blocker
    assert words in reason.text


@pytest.mark.parametrize(
    ("change", "seconds"),
    [
        ({"ahead": 4}, 0.0),
        ({"ahead": 5}, 10.0),
        ({"ahead": 12, "running": 5}, 30.0),
        ({"ahead_of_owner": 3, "running_of_owner": 2}, 20.0),
        ({"next_attempt_at": NOW + timedelta(seconds=90), "running": 5}, 90.0),
        ({"pause": Pause(NOW, "ana")}, None),
        ({"ahead": 50, "typical_s": None}, None),
    ],
)
def test_the_estimate(change: dict[str, Any], seconds: float | None) -> None:
    assert explain(replace(NEXT, **change), LIMITS).starts_in_s == seconds


@given(
    st.integers(0, 500), st.integers(0, 500), st.integers(0, 20), st.integers(0, 3), st.integers(0, 20), st.booleans()
)
def test_more_work_before_it_never_makes_it_earlier(
    ahead: int, more: int, running: int, drains: int, slots: int, accepted: bool
) -> None:
    facts = replace(
        NEXT, ahead=ahead, running=running, live_drains=drains, live_slots=slots if drains else 0, accepted=accepted
    )
    sooner, later = explain(facts, LIMITS), explain(replace(facts, ahead=ahead + more), LIMITS)
    assert sooner.starts_in_s is not None
    assert later.starts_in_s is not None
    assert 0 <= sooner.starts_in_s <= later.starts_in_s
    if sooner.starts_in_s > 0:
        assert sooner.reasons
