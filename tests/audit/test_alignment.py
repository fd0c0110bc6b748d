"""The arithmetic of layout: lines, usual gaps, coverage and balance, by property."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.alignment import balance, clusters, coverage, equilibrium, symmetry, usual
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


def mirrored(rect: Rect, *, across: bool) -> Rect:
    if across:
        return Rect(FRAME.width - rect.right, rect.y, rect.width, rect.height)
    return Rect(rect.x, FRAME.height - rect.bottom, rect.width, rect.height)


@given(rects)
def test_order_lies_between_0_and_1(boxes: list[Rect]) -> None:
    assert 0 <= equilibrium(boxes, FRAME) <= 1
    assert -1e-9 <= symmetry(boxes, FRAME) <= 1 + 1e-9


@given(rects, st.booleans())
def test_order_is_the_same_in_a_mirror(boxes: list[Rect], across: bool) -> None:
    other_way = [mirrored(box, across=across) for box in boxes]
    assert equilibrium(other_way, FRAME) == pytest.approx(equilibrium(boxes, FRAME), abs=1e-6)


whole = st.integers(0, 39).map(lambda cell: cell * 10.0)
solid = st.lists(st.builds(Rect, x=whole, y=whole, width=st.just(10.0), height=st.just(10.0)), min_size=1, max_size=8)


@given(solid)
def test_four_mirrored_quarters_are_wholly_symmetrical(boxes: list[Rect]) -> None:
    upper = [*boxes, *(mirrored(box, across=True) for box in boxes)]
    all_four = [*upper, *(mirrored(box, across=False) for box in upper)]
    assert symmetry(all_four, FRAME) == pytest.approx(1)
    assert equilibrium(all_four, FRAME) == pytest.approx(1)
    assert balance(all_four, FRAME) == pytest.approx(1)


def test_the_worked_example_of_order() -> None:
    """One box of 100 × 100 px in the upper left quarter, its centre 200 px left of the middle and 100 px above."""
    box = [Rect(150, 250, 100, 100)]
    assert equilibrium(box, FRAME) == pytest.approx(1 - (2 * 200 / 800 + 2 * 100 / 800) / 2)
    assert balance(box, FRAME) == 0
    # Every scaled sum is 1 in its quarter and 0 in the others: each way differs in one pair of two.
    assert symmetry(box, FRAME) == pytest.approx(0.5)
