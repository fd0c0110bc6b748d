"""What a session should say, for every pair of states there is."""

import itertools

import pytest

from cynthia_pipeline.queue.model import WorkStatus
from cynthia_pipeline.queue.repair import is_adrift, session_should_be

PENDING, RUNNING, COMPLETED, FAILED = WorkStatus
EVERY = list(itertools.product(WorkStatus, [*WorkStatus, None]))


@pytest.mark.parametrize(
    ("session", "audit", "expected"),
    [
        (PENDING, None, None),
        (RUNNING, None, PENDING),
        (PENDING, PENDING, None),
        (PENDING, RUNNING, RUNNING),
        (PENDING, COMPLETED, COMPLETED),
        (PENDING, FAILED, FAILED),
        (RUNNING, PENDING, PENDING),
        (RUNNING, RUNNING, None),
        (RUNNING, COMPLETED, COMPLETED),
        (RUNNING, FAILED, FAILED),
        *((final, audit, None) for final in (COMPLETED, FAILED) for audit in (*WorkStatus, None)),
    ],
)
def test_cases(session: WorkStatus, audit: WorkStatus | None, expected: WorkStatus | None) -> None:
    assert session_should_be(session, audit) is expected


@pytest.mark.parametrize(("session", "audit"), EVERY)
def test_once_mended_nothing_is_left_to_mend(session: WorkStatus, audit: WorkStatus | None) -> None:
    state = session_should_be(session, audit) or session
    assert session_should_be(state, audit) is None


@pytest.mark.parametrize(
    ("status", "leased", "scheduled", "adrift"),
    [
        (PENDING, False, True, False),
        (PENDING, False, False, True),
        (PENDING, True, False, True),
        (RUNNING, True, False, False),
        (RUNNING, False, False, True),
        (RUNNING, False, True, True),
        (COMPLETED, False, False, False),
        (FAILED, False, False, False),
    ],
)
def test_adrift_is_what_nothing_would_move(status: WorkStatus, *, leased: bool, scheduled: bool, adrift: bool) -> None:
    assert is_adrift(status, leased=leased, scheduled=scheduled) is adrift
