"""The words of packs: in both languages, and those that are added to a page are the only ones that are new."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.fix_packs.guard import Loss
from cynthia_pipeline.fix_packs.judging import same_text
from cynthia_pipeline.fix_packs.phrases import Phrase, said
from cynthia_pipeline.fix_packs.reasons import told
from cynthia_pipeline.messages import Language

SAID_BY_THE_SEARCH = (
    "the finding is still there",
    "it undoes another fix",
    "not proven in time",
    "it changes the same place as another fix",
    "the visible text differs",
)
WORDS = st.lists(st.sampled_from(["skip", "to", "content", "rye", "bread", "a"]), max_size=12).map(" ".join)


@pytest.mark.parametrize("phrase", Phrase)
def test_a_phrase_says_the_same_facts_in_both_languages(phrase: Phrase) -> None:
    facts = {"count": 1, "file": 2, "id": 3, "level": 4, "role": 5, "size": 6, "tag": 7, "text": 8}
    english, spanish = (said(phrase, language, **facts) for language in (Language.ENGLISH, Language.SPANISH))
    assert english != spanish
    assert sorted(re.findall(r"\b[1-8]\b", english)) == sorted(re.findall(r"\b[1-8]\b", spanish))


@given(WORDS, WORDS, st.sampled_from(["Skip to content", "RYE"]))
def test_a_text_with_an_addition_in_it_is_the_same_but_for_that(before: str, behind: str, added: str) -> None:
    after = f"{before} {added} {behind}"
    assert same_text(f"{before}\n{behind}", after, added=[added])
    assert not same_text(f"{before} {behind}", after)
    assert not same_text(f"{before} {behind}", f"{after} {added}", added=[added])


@given(WORDS, WORDS)
def test_without_additions_only_equal_words_are_the_same(one: str, other: str) -> None:
    assert same_text(one, other.upper()) == (one.split() == other.split())


@pytest.mark.parametrize("reason", [*SAID_BY_THE_SEARCH, *(loss.value for loss in Loss)])
@pytest.mark.parametrize(("view", "place"), [("", ""), (" (desktop)", " (escritorio)"), (" (mobile)", " (móvil)")])
def test_a_reason_is_told_in_both_languages(reason: str, view: str, place: str) -> None:
    assert told(f"{reason}{view}", Language.ENGLISH) == f"{reason}{view}"
    spanish = told(f"{reason}{view}", Language.SPANISH)
    assert reason not in spanish
    assert spanish.endswith(place)


def test_a_reason_keeps_its_facts() -> None:
    assert told("new finding: axe-region (mobile)", Language.SPANISH) == "problema nuevo: axe-region (móvil)"
    assert "0.71%" in told("the picture differs elsewhere by 0.71% (desktop)", Language.SPANISH)


def test_a_reason_that_is_not_known_stays_as_it_is() -> None:
    assert told("something else (desktop)", Language.SPANISH) == "something else (desktop)"
