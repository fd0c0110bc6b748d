"""The score card: within 80 columns, without colour, and deaf to what a page would tell the terminal."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from cynthia_pipeline.audit.report import Axis, Issue, Report, Severity
from cynthia_pipeline.cli.scorecard import HEAVIEST, score_card
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.texts import ENGLISH, SPANISH


def printed(
    report: Report,
    *,
    width: int = 80,
    encoding: str = "utf-8",
    language: Language = Language.ENGLISH,
    target: str = "t",
) -> str:
    """The card on a terminal without colour."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace", newline="")
    Console(file=stream, width=width, color_system=None).print(score_card(report, target=target, language=language))
    stream.seek(0)
    return stream.read()


@settings(deadline=None, max_examples=60)
@given(
    text=st.sampled_from(("\x1b]0;owned\x07", "\x9b2J", "[bold red]markup[/]", "\u202egnp.exe", "x" * 5_000))
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=80),
    width=st.integers(60, 160),
)
def test_page_text_neither_steers_the_terminal_nor_breaks_the_lines(
    text: str, width: int, report: Callable[..., Report]
) -> None:
    card = printed(report(text or "x"), width=width, target=text)
    assert not [character for character in card if ord(character) < 32 and character != "\n"]
    assert not set("\x7f\x9b\u202e\u2066") & set(card)
    assert all(cell_len(line) <= width for line in card.split("\n"))


def test_markup_of_the_terminal_library_is_text(report: Callable[..., Report]) -> None:
    assert "[bold red]markup[/]" in printed(report("[bold red]markup[/]"))


@pytest.mark.parametrize(("language", "texts"), [(Language.ENGLISH, ENGLISH), (Language.SPANISH, SPANISH)])
def test_score_axes_counts_and_the_heaviest_with_their_fix(
    language: Language, texts: object, report: Callable[..., Report], issue: Callable[..., Issue]
) -> None:
    words = ENGLISH if texts is ENGLISH else SPANISH
    found = tuple(
        issue(id=str(n), title=f"Title {n}", fix=issue(f"Mend {n}").fix, rule_id=f"clr-rule-{n}") for n in range(9)
    )
    scores = {axis: 10 + number if axis is not Axis.EMO else None for number, axis in enumerate(Axis)}
    card = printed(report("w", *found, teaser_issues=found[:2], udec_scores=scores), language=language)
    lines = card.splitlines()
    assert any(line.startswith(f"58 {words.out_of_100}") for line in lines)
    for axis, score in scores.items():
        if score is not None:
            assert any(words.axis_names[axis] in line and line.rstrip().endswith(f" {score}") for line in lines)
    assert "why w" in card
    assert f"{words.severity_groups[Severity.MAJOR]} 9" in card
    for shown in ("Title 0", "Title 1", f"{words.fix}: Mend 1", "clr-rule-1"):
        assert shown in card
    assert "Title 2" not in card
    assert f"{words.count(words.and_more, 7)}: {words.see_all}" in " ".join(card.split())


def test_bars_are_as_long_as_the_scores(report: Callable[..., Report]) -> None:
    for score in (0, 1, 50, 100):
        lines = printed(report(overall_score=score), width=100).splitlines()
        bar = next(line for line in lines if line.strip() and set(line) <= set("━─ "))
        assert (bar.count("━"), bar.count("─")) == (score, 100 - score)


def test_a_terminal_of_ascii_gets_bars_of_ascii(report: Callable[..., Report]) -> None:
    card = printed(report("word", overall_score=50), encoding="ascii")
    assert "#" * 40 + "-" * 40 in card
    assert "━" not in card


def test_no_more_issues_than_fit(report: Callable[..., Report], issue: Callable[..., Issue]) -> None:
    found = tuple(issue(id=str(number), title=f"Title {number}.") for number in range(30))
    card = printed(report("w", *found, teaser_issues=()))
    assert sum(f"Title {number}." in card for number in range(30)) == HEAVIEST
