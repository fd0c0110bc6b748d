"""A report on the terminal: the score, the axes as bars, the counts, and the heaviest issues with their fix.

Everything from the page is printed as plain text on one line, without the terminal's own codes; see text.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cynthia_pipeline.audit.report import Report, Severity
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.presenter import view_of
from cynthia_pipeline.report.texts import Texts, texts_for
from cynthia_pipeline.report.view import AxisView, IssueView, ReportView
from cynthia_pipeline.text import clip, one_line

HEAVIEST: Final = 7
"""Issues shown; the others are in the HTML report."""

WIDEST: Final = 100
"""Columns used at most: longer lines are hard to follow."""

_TITLE_LENGTH: Final = 160
_SELECTOR_LENGTH: Final = 120
_FIX_LENGTH: Final = 300

_BAND_STYLES: Final = {"good": "green", "fair": "yellow", "poor": "red", "none": "default"}
_SEVERITY_STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.MAJOR: "yellow",
    Severity.MINOR: "cyan",
    Severity.INFO: "default",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of 100 as a bar over the width that there is."""

    score: int
    style: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        filled, empty = ("#", "-") if options.ascii_only else ("━", "─")
        reach = round(options.max_width * self.score / 100)
        yield Text.assemble((filled * reach, self.style), (empty * (options.max_width - reach), "dim"))


def score_card(report: Report, *, target: str, language: Language) -> RenderableType:
    """The report as something rich can print; good from 60 columns on, and without colour."""
    texts = texts_for(language)
    view = view_of(report, (), target=target, texts=texts)
    return _Narrow(Group(*_parts(view, texts)))


@dataclass(frozen=True, slots=True)
class _Narrow:
    content: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self.content, options.update_width(min(options.max_width, WIDEST)))


def _parts(view: ReportView, texts: Texts) -> Iterator[RenderableType]:
    yield Text()
    yield _plain(view.title, "bold")
    if one_line(view.target) != one_line(view.title):
        yield _plain(view.target, "dim")
    yield Text()
    yield from _score(view, texts)
    yield _axes(view.axes)
    for unjudged in view.unjudged:
        yield Text()
        yield Text.assemble((f"{texts.not_judged}: ", "bold"), ", ".join(unjudged.names))
        yield Padding(_plain(unjudged.reason, "dim"), (0, 0, 0, 2))
    yield Text()
    yield _counts(view)
    if view.cut_short:
        yield Text()
        yield _plain(texts.cut_short, "bold yellow")
        for sentence in view.cut_short:
            yield Padding(_plain(sentence), (0, 0, 0, 2))
    heaviest = _heaviest(view)
    if heaviest:
        yield Text()
        yield _plain(texts.fix_first, "bold")
        for issue in heaviest:
            yield Text()
            yield _issue(issue, texts)
        if view.total > len(heaviest):
            yield Text()
            more = texts.count(texts.and_more, view.total - len(heaviest))
            yield _plain(f"{more}: {texts.see_all}", "dim")
    if view.judgement is not None:
        yield Text()
        yield _plain(texts.remarks, "bold")
        yield Padding(_plain(view.judgement.said, "dim"), (0, 0, 0, 2))
        for remark in view.judgement.remarks:
            yield Padding(_plain(clip(f"{remark.title}: “{remark.quote}”", _FIX_LENGTH)), (0, 0, 0, 2))
    yield Text()


def _score(view: ReportView, texts: Texts) -> Iterator[RenderableType]:
    if view.score is None:
        yield _plain(f"{texts.no_score}. {texts.no_score_why}", "bold")
    else:
        style = _BAND_STYLES[view.band]
        yield Text.assemble((f"{view.score} ", f"bold {style}"), (texts.out_of_100, "dim"))
        yield Bar(view.score, style)
        if view.unjudged:
            yield Text(texts.based_on_axes.format(judged=len(view.axes), total=_axis_total(view)), "dim")
    yield Text()


def _axis_total(view: ReportView) -> int:
    return len(view.axes) + sum(len(unjudged.names) for unjudged in view.unjudged)


def _axes(axes: tuple[AxisView, ...]) -> Table:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for axis in axes:
        style = _BAND_STYLES[axis.band]
        table.add_row(axis.name, Bar(axis.score, style), Text(str(axis.score), f"bold {style}"))
    return table


def _counts(view: ReportView) -> Text:
    line = Text()
    for group in view.groups:
        style = _SEVERITY_STYLES[group.severity] if group.issues else "dim"
        line.append(f"{group.label} ", "" if group.issues else "dim").append(f"{len(group.issues)}   ", style)
    return line


def _heaviest(view: ReportView) -> tuple[IssueView, ...]:
    return (view.first or tuple(issue for group in view.groups for issue in group.issues))[:HEAVIEST]


def _issue(issue: IssueView, texts: Texts) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, width=max(map(len, texts.severities.values())))
    table.add_column(overflow="fold")
    label = Text(texts.severities[issue.severity], _SEVERITY_STYLES[issue.severity])
    table.add_row(label, _plain(clip(issue.title, _TITLE_LENGTH), "bold"))
    table.add_row("", Text.assemble((f"{texts.fix}: ", "dim"), _plain(clip(issue.fix, _FIX_LENGTH))))
    where = clip(issue.selector, _SELECTOR_LENGTH)
    elements = texts.count(texts.elements, issue.occurrences)
    facts = (issue.axis, issue.rule, elements, issue.viewport, where)
    table.add_row("", _plain(" · ".join(filter(None, facts)), "dim"))
    return table


def _plain(text: str, style: str = "") -> Text:
    return Text(one_line(text), style, overflow="fold")
