"""Colour arithmetic against published values and by property."""

import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.colour import contrast, nearest_pair, nearest_passing, over, parse

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#f00000", "#f00000", 1.0),
    ],
)
def test_contrast_of_known_pairs(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.001)


@given(colours, colours)
def test_contrast_agrees_with_coloraide_and_is_symmetric(first: str, second: str) -> None:
    assert contrast(first, second) == pytest.approx(Color(first).contrast(second, method="wcag21"), rel=1e-3)
    assert contrast(first, second) == contrast(second, first)


@given(colours, colours, st.sampled_from([3.0, 4.5]))
def test_the_nearest_colour_passes(text: str, behind: str, required: float) -> None:
    found = nearest_passing(text, behind, required)
    assert found is not None
    assert contrast(found, behind) >= required


@given(colours, colours, st.sampled_from([3.0, 4.5]))
def test_what_passes_already_is_left_alone(text: str, behind: str, required: float) -> None:
    if contrast(text, behind) >= required:
        assert nearest_passing(text, behind, required) == text


@given(st.integers(0, 255), st.integers(0, 255))
def test_no_grey_between_passes(text: int, behind: int) -> None:
    """Among greys lightness is all there is, so the smallest move can be checked by trying each."""
    grey, backdrop = f"#{text:02x}{text:02x}{text:02x}", f"#{behind:02x}{behind:02x}{behind:02x}"
    passing = nearest_passing(grey, backdrop, 4.5)
    assert passing is not None
    found = int(passing[1:3], 16)
    for between in range(min(text, found) + 1, max(text, found)):
        assert contrast(f"#{between:02x}{between:02x}{between:02x}", backdrop) < 4.5


@given(colours, colours, st.sampled_from([3.0, 4.5, 7.0]))
def test_the_nearest_pair_passes_and_changes_one_colour(text: str, behind: str, required: float) -> None:
    pair = nearest_pair(text, behind, required)
    assert contrast(pair.text, pair.behind) >= required
    if required <= 4.5:
        assert pair.text == text or pair.behind == behind


def test_white_on_a_coloured_button_moves_the_button() -> None:
    pair = nearest_pair("#ffffff", "#0085a1", 4.5)
    assert pair.text == "#ffffff"
    assert pair.behind != "#0085a1"


@given(colours, colours)
def test_compositing_at_the_ends(top: str, bottom: str) -> None:
    assert over(top, 1.0, bottom) == top
    assert over(top, 0.0, bottom) == bottom


def test_what_is_no_colour_is_none() -> None:
    assert parse("none") is None
    assert parse("rgba(0, 0, 0, 0)") == ("#000000", 0.0)
    assert parse("color(srgb 1 0 0 / 0.5)") == ("#ff0000", 0.5)
