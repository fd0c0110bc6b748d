"""Edits, excerpts and their reverse, as properties."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.fix_packs.edits import Edit, compatible, edited
from cynthia_pipeline.fix_packs.patches import PatchError, applied, diffs_of, occurrences, undone

_TEXTS = st.text(alphabet="ab<>\n\r é", max_size=400)
"""Few characters, so that excerpts occur again and again."""


@st.composite
def _edited_texts(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...]]:
    text = draw(_TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    edits = [Edit(start, end, draw(st.text(alphabet="abX\n", max_size=12))) for start, end in pairs]
    return text, compatible(edits)


@given(_edited_texts())
def test_diffs_applied_in_turn_make_the_edits(given_edits: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = given_edits
    assert applied(text, diffs_of("f", text, edits)) == edited(text, edits)


@given(_edited_texts())
def test_undoing_gives_back_the_file_to_the_character(given_edits: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = given_edits
    diffs = diffs_of("f", text, edits)
    assert undone(applied(text, diffs), diffs) == text


@given(_edited_texts())
def test_every_excerpt_occurs_once_in_the_file_as_it_was(given_edits: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = given_edits
    assert all(occurrences(text, diff.before) == 1 for diff in diffs_of("f", text, edits))


@given(_TEXTS, st.text(alphabet="ab<", max_size=5))
def test_occurrences_counts_overlapping_ones(text: str, excerpt: str) -> None:
    counted = sum(text.startswith(excerpt, place) for place in range(len(text) + 1)) if excerpt else len(text) + 1
    assert occurrences(text, excerpt) == min(counted, 2)


@pytest.mark.parametrize("edits", [(Edit(0, 3, "x"), Edit(2, 4, "y")), (Edit(0, 5, ""), Edit(2, 2, "in"))])
def test_edits_of_the_same_characters_are_refused(edits: Sequence[Edit]) -> None:
    with pytest.raises(ValueError, match="two edits claim"):
        compatible(edits)


def test_an_excerpt_that_is_there_twice_is_refused() -> None:
    text = "one <p>two</p> three"
    diffs = diffs_of("f", text, [Edit(7, 10, "2")])
    with pytest.raises(PatchError, match="occurs 2 times"):
        applied(text + text, diffs)


def test_the_context_grows_until_an_excerpt_is_unique() -> None:
    row = "<td>x</td>" * 40
    text = f"{row}!{row}"
    place = text.index("x", 200)
    (diff,) = diffs_of("f", text, [Edit(place, place + 1, "y")])
    assert "!" in diff.before
    assert applied(text, [diff]).index("y") == place
