"""`cynthia failed`: the dead letters, by error code."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from cynthia_pipeline.cli.console import out
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.cli.durations import parse_duration
from cynthia_pipeline.errors import ErrorCode

if TYPE_CHECKING:
    from cynthia_pipeline.queue.overview import FailureGroup


def failed(
    context: typer.Context,
    *,
    since: Annotated[str, typer.Option(help="How far back: 90s, 15m, 1h, 7d.")] = "24h",
    code: Annotated[ErrorCode | None, typer.Option(help="Only this error code.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the sessions that failed for good, by error code, the newest of each named."""
    from cynthia_pipeline.store.moment import database_now
    from cynthia_pipeline.store.overview import failure_groups

    length = parse_duration(since)
    with known_database(context) as database, database.transaction() as connection:
        groups = failure_groups(connection, database_now(connection) - length, code)
    if as_json:
        document = {
            "since": since,
            "failed": sum(group.count for group in groups),
            "codes": [group.as_json() for group in groups],
        }
        out().print_json(json.dumps(document))
    else:
        _print(groups, since)


def _print(groups: "list[FailureGroup]", since: str) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not groups:
        out().print(f"Nothing failed for good in the last {escape(since)}.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("code")
    table.add_column("sessions", justify="right")
    table.add_column("newest", no_wrap=True)
    for group in groups:
        table.add_row(escape(group.code), str(group.count), "\n".join(map(str, group.newest)))
    out().print(table)
