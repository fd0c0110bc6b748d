"""Edits of style sheets that are found in their text: twins of :hover, and turns that are taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.fix_packs.edits import edited
from cynthia_pipeline.fix_packs.fixers.style_rules import focus_twins, straightened

PIECES = st.sampled_from(
    [
        *(".a", ".b", ":hover", " ", " > ", ",", "{", "}", "display: block", "opacity: 1", ";", "/* :hover { */", "é"),
        *("@media (orientation: portrait) {", "@media print {", "transform: rotate(90deg)", "rotate: -90deg", "\n"),
        *(":is(.c, .d)", "display: none"),
    ]
)
SHEETS = st.lists(PIECES, max_size=40).map("".join)


@pytest.mark.parametrize(
    ("css", "after"),
    [
        (".m li:hover ul { display: block }", ".m li:hover ul, .m li:focus-within ul { display: block }"),
        (".m:hover>.s{opacity:1}", ".m:hover>.s, .m:focus-within>.s{opacity:1}"),
        (
            "@media (min-width: 9px) { .m:hover .s, .t { visibility: visible } }",
            "@media (min-width: 9px) { .m:hover .s, .t, .m:focus-within .s { visibility: visible } }",
        ),
        (
            ":is(.m, .n):hover .s { display: block }",
            ":is(.m, .n):hover .s, :is(.m, .n):focus-within .s { display: block }",
        ),
    ],
)
def test_what_the_pointer_shows_the_focus_shows_too(css: str, after: str) -> None:
    assert edited(css, focus_twins(css)) == after


@pytest.mark.parametrize(
    "css",
    [
        "a:hover { display: block }",
        ".m:hover .s { color: red }",
        ".m:hover .s { display: none }",
        ".m:hover .s, .m:focus-within .s { display: block }",
        "/* .m:hover .s { display: block } */",
    ],
)
def test_what_shows_nothing_else_or_has_its_twin_is_left(css: str) -> None:
    assert not list(focus_twins(css))


@pytest.mark.parametrize(
    ("css", "after"),
    [
        (
            "@media (orientation: portrait) { html { transform: rotate(90deg) translate(1px) } }",
            "@media (orientation: portrait) { html { transform: rotate(0deg) translate(1px) } }",
        ),
        (
            "@media screen and (orientation:landscape){body{rotate:-90deg}p{color:red}}",
            "@media screen and (orientation:landscape){body{rotate:0deg}p{color:red}}",
        ),
        (
            "@media (orientation: portrait) { i { rotate: .25turn; } } b { rotate: .25turn; }",
            "@media (orientation: portrait) { i { rotate: 0deg; } } b { rotate: .25turn; }",
        ),
    ],
)
def test_only_quarter_turns_for_an_orientation_are_taken_back(css: str, after: str) -> None:
    assert " ".join(edited(css, straightened(css)).split()) == after


@given(SHEETS)
def test_whatever_a_sheet_holds_the_edits_fit_and_leave_nothing_to_do(css: str) -> None:
    for change in (focus_twins, straightened):
        once = edited(css, change(css))
        assert not list(change(once))
