"""Strangers' text: nothing in it steers a terminal, a reader's eye or an encoder."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.colours import colours_in
from cynthia_pipeline.report.measured_names import is_named, measured_name
from cynthia_pipeline.report.presenter import band
from cynthia_pipeline.text import clip, neutralise, one_line

anything = st.text(st.characters(codec=None, exclude_categories=()))


@given(text=anything)
def test_no_control_or_direction_is_left(text: str) -> None:
    neutral = neutralise(text)
    neutral.encode()
    assert all(unicodedata.category(character) != "Cc" for character in neutral if character not in "\n\t")
    assert not {unicodedata.bidirectional(character) for character in neutral} & {
        *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
    }
    assert neutralise(neutral) == neutral


@given(text=st.text(st.characters(categories=("L", "N", "P", "S"))))
def test_what_can_be_seen_stays(text: str) -> None:
    assert neutralise(text) == text


@given(text=anything)
def test_one_line_is_one(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(text=anything, limit=st.integers(1, 80))
def test_clipped_text_fits_and_shows_that_it_was_cut(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert len(clipped) <= limit
    assert clipped == text if len(text) <= limit else clipped.endswith("…")


@given(text=anything | st.from_regex(r"(#[0-9a-f]{1,9}|rgb\([0-9a-z.,%/ -]{0,20}\)|oklch\([0-9a-z. ]{0,20}\))+"))
def test_a_swatch_is_always_a_plain_colour(text: str) -> None:
    for colour in colours_in(text):
        assert len(colour) == 7
        assert colour[0] == "#"
        int(colour[1:], 16)


@pytest.mark.parametrize(
    ("text", "colours"),
    [
        ("color: #777 on #ffffff", ("#777777", "#ffffff")),
        ("rgb(0 128 255 / 50%)", ("#0080ff",)),
        ("rgba(0, 128, 255, 0.5), #0080FF", ("#0080ff",)),
        ("hsl(120deg 100% 25%)", ("#008000",)),
        ("#12345", ()),
        ("a tan, red or gold dress", ()),
        ("url(#gradient)", ()),
    ],
)
def test_colours_are_read_in_css_notation(text: str, colours: tuple[str, ...]) -> None:
    assert colours_in(text) == colours


@pytest.mark.parametrize(
    ("score", "name"),
    [(None, "none"), (0, "poor"), (49, "poor"), (50, "fair"), (89, "fair"), (90, "good"), (100, "good")],
)
def test_bands_are_those_of_lighthouse(score: int | None, name: str) -> None:
    assert band(score) == name


def test_every_fact_that_a_rule_names_has_a_name_in_both_languages() -> None:
    for rule in RULES:
        for told in rule.texts.values():
            for template in (told.title, told.description, told.reason, told.impact, told.fix):
                for fact in re.findall(r"{(\w+)", template):
                    assert is_named(fact), (rule.id, fact)


def test_an_unknown_fact_is_shown_in_words() -> None:
    assert measured_name("lineHeight_px", Language.SPANISH) == "line height px"
    assert measured_name("required", Language.SPANISH) == "Exigido"
