"""Readability: the formulas against worked examples, and what holds for every text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.readability import (
    Counts,
    TextLanguage,
    count,
    language_of,
    reading_ease,
    sentences_of,
    syllables_of,
    words_of,
)

ENGLISH, SPANISH = TextLanguage.ENGLISH, TextLanguage.SPANISH

counts = st.builds(Counts, st.integers(1, 500), st.integers(1, 5_000), st.integers(1, 20_000))
languages = st.sampled_from(TextLanguage)
words = st.text(st.characters(categories=["L"]), min_size=1, max_size=20).map(str.lower)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("bread", 1), ("bakery", 3), ("table", 2), ("walked", 1), ("wanted", 2), ("nation", 2), ("rhythm", 2), ("the", 1)],
)
def test_english_syllables(word: str, syllables: int) -> None:
    assert syllables_of(word, ENGLISH) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("casa", 2),
        ("aéreo", 4),
        ("ciudad", 2),
        ("guitarra", 3),
        ("quiero", 2),
        ("pingüino", 3),
        ("país", 2),
        ("muy", 1),
    ],
)
def test_spanish_syllables(word: str, syllables: int) -> None:
    assert syllables_of(word, SPANISH) == syllables


def test_the_worked_examples_of_the_documentation() -> None:
    assert reading_ease(Counts(10, 150, 225), ENGLISH) == pytest.approx(64.71)
    assert reading_ease(Counts(10, 150, 300), SPANISH) == pytest.approx(67.235)


def test_text_is_taken_apart_as_a_reader_does() -> None:
    text = "We bake at night. Isn't it early? Yes – at 4.30!"
    assert words_of(text) == ["we", "bake", "at", "night", "isn't", "it", "early", "yes", "at"]
    assert sentences_of(text) == 3
    assert count([text, "no end"], ENGLISH).sentences == 4


def test_languages_are_told_apart_by_their_own_words() -> None:
    assert language_of(words_of("You can buy it in the shop on the quay")) is ENGLISH
    assert language_of(words_of("Lo puedes comprar en la tienda que está en el muelle")) is SPANISH
    assert language_of(words_of("Wir backen das Brot in der Nacht und öffnen früh")) is None
    assert language_of([]) is None


@given(counts, languages)
def test_longer_sentences_and_longer_words_are_harder(given_counts: Counts, language: TextLanguage) -> None:
    ease = reading_ease(given_counts, language)
    more_syllables = Counts(given_counts.sentences, given_counts.words, given_counts.syllables + 1)
    more_sentences = Counts(given_counts.sentences + 1, given_counts.words, given_counts.syllables)
    assert reading_ease(more_syllables, language) < ease
    assert reading_ease(more_sentences, language) > ease


@given(words, languages)
def test_every_word_has_between_one_syllable_and_one_for_each_letter_and_one_more(
    word: str, language: TextLanguage
) -> None:
    assert 1 <= syllables_of(word, language) <= len(word) + 1


@given(st.lists(st.text(max_size=200)), st.lists(st.text(max_size=200)), languages)
def test_counts_add_up_over_passages(one: list[str], other: list[str], language: TextLanguage) -> None:
    first, second, both = count(one, language), count(other, language), count(one + other, language)
    assert both.words == first.words + second.words
    assert both.sentences == first.sentences + second.sentences
    assert both.syllables == first.syllables + second.syllables


def test_no_text_has_no_ease() -> None:
    with pytest.raises(ValueError, match="no text"):
        reading_ease(Counts(0, 0, 0), ENGLISH)
