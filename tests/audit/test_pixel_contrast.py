"""The best contrast in a picture: no pixel of it does better. And which texts share a window."""

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cynthia_pipeline.audit.colour import contrast
from cynthia_pipeline.browser.by_pixels import Spot, best_contrast, windows

colours = st.tuples(*[st.integers(0, 255)] * 3)


def css(colour: tuple[int, ...]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


@given(colours, st.lists(colours, min_size=1, max_size=60))
def test_no_pixel_differs_more_from_the_ink(ink: tuple[int, ...], behind: list[tuple[int, ...]]) -> None:
    picture = Image.new("RGB", (len(behind), 1))
    for place, colour in enumerate(behind):
        picture.putpixel((place, 0), colour)
    best = best_contrast((css(ink), 1.0), picture)
    assert best is not None
    assert best.text == css(ink)
    reached = contrast(best.text, best.behind)
    assert reached >= max(contrast(css(ink), css(colour)) for colour in behind) - 0.05


@given(st.lists(st.tuples(st.floats(0, 5000), st.floats(1, 900)), max_size=8))
def test_every_text_that_fits_is_in_one_window(texts: list[tuple[float, float]]) -> None:
    spots = [Spot(i, ("#000000", 1.0), 0, top, 10, top + height) for i, (top, height) in enumerate(texts)]
    groups = list(windows(spots, 800))
    assert sorted(spot.element for group in groups for spot in group) == [
        spot.element for spot in spots if spot.bottom - spot.top <= 800
    ]
    for group in groups:
        assert max(spot.bottom for spot in group) - min(spot.top for spot in group) <= 800
