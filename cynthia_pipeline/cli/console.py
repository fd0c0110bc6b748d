"""What every command shares: the settings that main() read, and the two consoles."""

import json
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import typer

from cynthia_pipeline.settings import Settings
from cynthia_pipeline.text import json_escaped

if TYPE_CHECKING:
    from rich.console import Console

EXIT_FAILED = 1
"""The exit code for work that was tried and failed."""


def settings_of(context: typer.Context) -> Settings:
    """The settings that the program was started with."""
    settings = context.find_root().obj
    if not isinstance(settings, Settings):
        raise TypeError("the program's callback keeps the settings in the context")
    return settings


@cache
def out() -> "Console":
    """The console for what a command was asked for: standard output."""
    from rich.console import Console

    return Console(highlight=False)


def say_json(document: object) -> None:
    """Prints one JSON object on standard output; a page's words in it cannot steer the terminal."""
    typer.echo(json_escaped(json.dumps(document, ensure_ascii=False, indent=2)))


@cache
def err() -> "Console":
    """The console for everything else: standard error, so that `--json` stays one object."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Prints names and values, a line each; what is markup to the terminal is shown as it stands."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in facts:
        table.add_row(f"[dim]{escape(name)}[/]", escape(value))
    out().print(table)
