"""The best contrast in a picture: no pixel of it does better."""

import io

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cynthia_pipeline.audit.colour import contrast
from cynthia_pipeline.browser.by_pixels import best_contrast

colours = st.tuples(*[st.integers(0, 255)] * 3)


def css(colour: tuple[int, ...]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


@given(colours, st.lists(colours, min_size=1, max_size=60))
def test_no_pixel_differs_more_from_the_ink(ink: tuple[int, ...], behind: list[tuple[int, ...]]) -> None:
    picture = Image.new("RGB", (len(behind), 1))
    for place, colour in enumerate(behind):
        picture.putpixel((place, 0), colour)
    file = io.BytesIO()
    picture.save(file, "PNG")
    best = best_contrast((css(ink), 1.0), file.getvalue())
    assert best is not None
    assert best.text == css(ink)
    reached = contrast(best.text, best.behind)
    assert reached >= max(contrast(css(ink), css(colour)) for colour in behind) - 0.05
