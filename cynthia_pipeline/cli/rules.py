"""`cynthia rules`: what an audit looks for, and on whose authority."""

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.cli.console import out, print_facts, say_json
from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.messages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cynthia_pipeline.audit.rules.model import Rule


def rules(
    rule: Annotated[
        str | None, typer.Argument(help="Only this one, with all of its facts.", show_default=False)
    ] = None,
    *,
    axis: Annotated[Axis | None, typer.Option(help="Only those of this axis.", show_default=False)] = None,
    language: Annotated[Language, typer.Option(help="Of the texts.")] = Language.ENGLISH,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the rules of an audit, or explain one: what it measures, its source, whom it hurts, how it is mended."""
    from cynthia_pipeline.audit.rules.reference import described
    from cynthia_pipeline.audit.rules.registry import RULES

    chosen = [each for each in RULES if rule in (None, each.id) and axis in (None, each.axis)]
    if not chosen:
        raise UsageError(_unknown(rule, axis, RULES))
    if as_json:
        say_json({"rules": [described(each, language) for each in chosen]})
    elif rule is not None:
        _explain(chosen[0], language)
    else:
        _list(chosen, language)


def _unknown(rule: str | None, axis: Axis | None, known: "Sequence[Rule]") -> str:
    names = [each.id for each in known]
    if rule in names:
        return f"{rule} is not of the axis {axis}"
    near = get_close_matches(rule or "", names, n=3)
    return f"there is no rule {rule}: " + (f"{' or '.join(near)}?" if near else "`cynthia rules` lists them")


def _list(chosen: "Sequence[Rule]", language: Language) -> None:
    from rich.markup import escape
    from rich.table import Table

    from cynthia_pipeline.audit.rules.reference import without_values

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("axis", style="dim")
    table.add_column("rule", no_wrap=True)
    table.add_column("what it says")
    table.add_column("source", style="dim")
    for each in sorted(chosen, key=lambda rule: list(Axis).index(rule.axis)):
        title = without_values(each.texts[language].title)
        table.add_row(each.axis.value, each.id, escape(title), escape(each.source))
    out().print(table)
    out().print(f"[dim]{len(chosen)} rules; `cynthia rules RULE` explains one[/]")


def _explain(rule: "Rule", language: Language) -> None:
    from cynthia_pipeline.audit.rules.reference import described

    shown = (
        (name.replace("_", " "), ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in described(rule, language).items()
    )
    print_facts((name, value) for name, value in shown if value)
