"""The arithmetic of loading: Lighthouse's curves, session windows, blocking time."""

import math
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.vitals import (
    DESKTOP,
    MOBILE,
    Curve,
    Metric,
    Shift,
    Task,
    cumulative_shift,
    total_blocking,
    windows,
)

curves = st.sampled_from([*MOBILE.values(), *DESKTOP.values()])
values = st.floats(0, 60_000)
shifts = st.lists(st.builds(Shift, at=st.floats(0, 20_000), value=st.floats(0, 1)), max_size=30)
tasks = st.lists(st.builds(Task, start=st.floats(0, 10_000), length=st.floats(50, 2000)), max_size=20)


@given(curves)
def test_control_points_score_ninety_and_fifty(curve: Curve) -> None:
    assert curve.score(curve.p10) == pytest.approx(0.9)
    assert curve.score(curve.median) == pytest.approx(0.5)


@given(curves, values, values)
def test_a_slower_page_never_scores_higher(curve: Curve, one: float, other: float) -> None:
    assert 0 <= curve.score(max(one, other)) <= curve.score(min(one, other)) <= 1


def test_worked_example_of_the_document() -> None:
    assert MOBILE[Metric.LCP].score(3000) == pytest.approx(0.78, abs=0.005)
    assert DESKTOP[Metric.LCP].score(3000) == pytest.approx(0.34, abs=0.005)


@given(shifts, st.randoms())
def test_shift_lies_between_the_largest_and_the_sum(found: list[Shift], random: Random) -> None:
    value = cumulative_shift(found)
    assert max((shift.value for shift in found), default=0.0) <= value + 1e-9
    assert value <= math.fsum(shift.value for shift in found) + 1e-9
    shuffled = list(found)
    random.shuffle(shuffled)
    assert cumulative_shift(shuffled) == pytest.approx(value)


@given(shifts)
def test_windows_hold_every_shift_once_and_keep_their_limits(found: list[Shift]) -> None:
    made = windows(found)
    assert sorted(shift.at for window in made for shift in window) == sorted(shift.at for shift in found)
    for window in made:
        assert window[-1].at - window[0].at < 5000
        assert all(later.at - earlier.at < 1000 for earlier, later in pairwise(window))


@given(tasks, st.floats(0, 10_000))
def test_blocking_counts_only_what_lies_beyond_fifty_ms_and_after_the_paint(found: list[Task], paint: float) -> None:
    value = total_blocking(found, paint)
    assert 0 <= value <= math.fsum(max(task.length - 50, 0) for task in found) + 1e-6
    assert value <= total_blocking(found, 0) + 1e-6


def test_a_task_of_110_ms_blocks_for_60() -> None:
    assert total_blocking([Task(1000, 110)], 500) == 60
