"""Which boxes have nothing beside them."""

from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.artifacts import Element, Flag
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.rules.grid import standing_alone

spans = st.lists(st.tuples(st.floats(0, 300), st.floats(12, 200)), max_size=12)


def boxes(placed: list[tuple[float, float]]) -> list[Element]:
    return [
        Element(index, None, "p", "", index + 1, frozenset({Flag.VISIBLE}), Rect(0, top, 50, height), {}, "", 0, {})
        for index, (top, height) in enumerate(placed)
    ]


@given(spans)
def test_a_box_stands_alone_if_it_shares_no_height_with_any_other(placed: list[tuple[float, float]]) -> None:
    given_boxes = boxes(placed)
    expected = [
        one.index
        for one in given_boxes
        if not any(
            other is not one and other.rect.y < one.rect.bottom - 1 and one.rect.y < other.rect.bottom - 1
            for other in given_boxes
        )
    ]
    assert [box.index for box in standing_alone(given_boxes)] == expected
