"""Colourfulness and complexity of pictures whose values are known, and what holds for every picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cynthia_pipeline.audit.rules.first_impression import colourfulness, jpeg_bytes

channels = st.integers(0, 255)
colours = st.tuples(channels, channels, channels)


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Image.Image:
    picture = Image.new("RGB", (640, 400), left)
    picture.paste(Image.new("RGB", (320, 400), right), (320, 0))
    return picture


def test_the_worked_example_of_the_documentation() -> None:
    assert colourfulness(halves((255, 0, 0), (255, 255, 255))) == pytest.approx(185.3, abs=0.05)


@given(channels, channels)
def test_greys_have_no_colour(one: int, other: int) -> None:
    assert colourfulness(halves((one, one, one), (other, other, other))) == 0


@given(colours, colours)
def test_it_does_not_matter_which_side_is_which(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    assert colourfulness(halves(one, other)) == pytest.approx(colourfulness(halves(other, one)))


@given(colours, colours)
def test_values_stay_within_what_eight_bits_can_give(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    assert 0 <= colourfulness(halves(one, other)) <= 400


def test_noise_weighs_more_than_a_plain_area_and_size_does_not_count() -> None:
    plain, noise = Image.new("RGB", (1280, 800), "teal"), Image.effect_noise((1280, 800), 80).convert("RGB")
    assert jpeg_bytes(plain) < 20_000
    assert jpeg_bytes(noise) > 200_000
    half = noise.crop((0, 0, 1280, 400))
    assert jpeg_bytes(half) == pytest.approx(jpeg_bytes(noise), rel=0.05)
