"""Words that no author chose, and what the viewport tag lets people do: pure decisions on any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.rules.leftovers import Leftover, leftover
from cynthia_pipeline.audit.rules.viewport_meta import largest_zoom, parse_viewport

SCRAPS = st.lists(
    st.sampled_from(
        ("insert", "your", "title", "here", "Error:", "line", "7", "{{", "}}", "2024-05-02", "08:15", "Home")
    )
    | st.text(max_size=8),
    max_size=12,
).map(" ".join)


@pytest.mark.parametrize(
    ("said", "is_first_level", "kind"),
    [
        ("Put the headline here", False, Leftover.TEMPLATE),
        ("Your text goes here", False, Leftover.TEMPLATE),
        ("Sustituye este texto por el tuyo", False, Leftover.TEMPLATE),
        ("[object Object]", False, Leftover.TEMPLATE),
        ("Traceback (most recent call last)", False, Leftover.ERROR),
        ("Warning: mkdir() failed in /srv/a.php on line 3", False, Leftover.ERROR),
        ("02.05.2024, 8:15", True, Leftover.MOMENT),
        ("02.05.2024, 8:15", False, None),
        ("2 May", True, None),
        ("Página 3", True, Leftover.ANY_PAGE),
        ("Page 3 of the log book", True, None),
        ("Welcome", True, Leftover.ANY_PAGE),
        ("Welcome", False, None),
        ("Where to put your name", False, None),
        ("Error handling", False, None),
        ("Null Island", False, None),
    ],
)
def test_headings(said: str, is_first_level: bool, kind: Leftover | None) -> None:
    assert leftover(said, is_first_level=is_first_level) is kind


@given(SCRAPS)
def test_a_first_heading_is_held_to_more_and_white_space_to_nothing(said: str) -> None:
    below = leftover(said, is_first_level=False)
    first = leftover(said, is_first_level=True)
    assert below is None or first is below
    assert leftover(f"  {said.replace(' ', '  ')} ", is_first_level=True) is first


@given(SCRAPS | st.sampled_from(("maximum-scale=1", "user-scalable=-0.5, maximum-scale=9", "maximum-scale=.5;x")))
def test_who_may_not_zoom_may_not_whatever_else_the_tag_says(content: str) -> None:
    assert largest_zoom(parse_viewport(content)) >= 0
    assert largest_zoom(parse_viewport(f"{content}, user-scalable=no")) == 1.0
    assert largest_zoom(parse_viewport(f"{content}, user-scalable=yes, maximum-scale=-1")) == float("inf")
