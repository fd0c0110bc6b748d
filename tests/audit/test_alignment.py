"""The arithmetic of layout: lines, usual gaps, coverage and balance, by property."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.alignment import balance, clusters, coverage, usual
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.rules.grid import aligned_share
from cynthia_pipeline.audit.rules.spacing import on_scale

numbers = st.lists(st.floats(-2000, 2000), max_size=40)
rects = st.lists(
    st.builds(Rect, x=st.floats(-50, 900), y=st.floats(-50, 900), width=st.floats(0, 500), height=st.floats(0, 500)),
    max_size=25,
)
FRAME = Rect(0, 0, 800, 800)


@given(numbers, st.floats(0, 10), st.randoms())
def test_clusters_keep_everything_in_any_order(values: list[float], tolerance: float, random: Random) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    found = clusters(shuffled, tolerance)
    assert found == clusters(values, tolerance)
    assert [value for cluster in found for value in cluster] == sorted(values)


@given(numbers, st.floats(0, 5), st.floats(0, 5))
def test_a_larger_tolerance_never_makes_more_lines(values: list[float], one: float, other: float) -> None:
    assert len(clusters(values, max(one, other))) <= len(clusters(values, min(one, other)))


@given(numbers, st.floats(0.1, 1), st.randoms())
def test_the_usual_value_does_not_depend_on_the_order(values: list[float], share: float, random: Random) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    found = usual(shuffled, share)
    assert found == usual(values, share)
    if found is not None:
        assert sum(round(value) == found for value in values) >= share * len(values)


@given(rects, rects)
def test_more_boxes_never_cover_less(some: list[Rect], more: list[Rect]) -> None:
    assert 0 <= coverage(some, FRAME) <= coverage([*some, *more], FRAME) <= 1


@given(rects)
def test_balance_lies_between_nothing_and_one_and_does_not_change_in_a_mirror(boxes: list[Rect]) -> None:
    value = balance(boxes, FRAME)
    assert 0 <= value <= 1
    mirrored = [Rect(800 - box.right, box.y, box.width, box.height) for box in boxes]
    assert balance(mirrored, FRAME) == pytest.approx(value, abs=1e-6)
    assert balance([*boxes, *mirrored], FRAME) >= 0.5 - 1e-6


def test_worked_examples_of_the_document() -> None:
    left, right = Rect(100, 300, 200, 200), Rect(500, 300, 100, 200)
    assert balance([left, right], FRAME) == pytest.approx(1 - 0.625 / 2)
    assert coverage([left, right], FRAME) == pytest.approx(60_000 / 640_000, abs=0.002)
    column = [Rect(16, 50 * row, 200 + row, 30) for row in range(9)]
    assert aligned_share([*column, Rect(431, 977, 61, 17)]) == 0.9


@given(rects, st.randoms())
def test_the_share_on_lines_does_not_depend_on_the_order(boxes: list[Rect], random: Random) -> None:
    shuffled = list(boxes)
    random.shuffle(shuffled)
    assert aligned_share(shuffled) == pytest.approx(aligned_share(boxes))


@given(st.integers(-200, 200))
def test_the_scale_holds_the_multiples_of_four(step: int) -> None:
    assert on_scale(4 * step)
    assert not on_scale(4 * step + 2)
