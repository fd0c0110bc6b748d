"""`cynthia failed`: the dead letters, by error code."""

from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from cynthia_pipeline.cli.console import out, say_json
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.cli.durations import parse_duration
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.queue.model import WorkKind

if TYPE_CHECKING:
    from cynthia_pipeline.queue.overview import FailureGroup


def failed(
    context: typer.Context,
    *,
    since: Annotated[str, typer.Option(help="How far back: 90s, 15m, 1h, 7d.")] = "24h",
    code: Annotated[ErrorCode | None, typer.Option(help="Only this error code.", show_default=False)] = None,
    kind: Annotated[WorkKind | None, typer.Option(help="Only this kind of work.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the sessions, and requests for fix packs, that failed for good, by error code, the newest of each named."""
    from cynthia_pipeline.store.failures import failed_query, failure_groups
    from cynthia_pipeline.store.moment import database_now

    length = parse_duration(since)
    kinds = list(WorkKind) if kind is None else [kind]
    with known_database(context) as database, database.transaction() as connection:
        from_then = database_now(connection) - length
        groups = {each: failure_groups(connection, failed_query(each, from_then, code)) for each in kinds}
    if as_json:
        counted = {each.name.lower(): _as_json(found) for each, found in groups.items()}
        say_json({"since": since, **counted})
    else:
        _print(groups, since)


def _as_json(groups: "list[FailureGroup]") -> dict[str, object]:
    return {"failed": sum(group.count for group in groups), "codes": [group.as_json() for group in groups]}


def _print(groups: "dict[WorkKind, list[FailureGroup]]", since: str) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not any(groups.values()):
        out().print(f"Nothing failed for good in the last {escape(since)}.")
        return
    for kind, found in groups.items():
        if not found:
            continue
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        table.add_column("code")
        table.add_column(_counted(kind), justify="right")
        table.add_column("newest", no_wrap=True)
        for group in found:
            table.add_row(escape(group.code), str(group.count), "\n".join(map(str, group.newest)))
        out().print(table)


def _counted(kind: WorkKind) -> str:
    match kind:
        case WorkKind.AUDITS:
            return "sessions"
        case WorkKind.FIX_PACKS:
            return "fix packs"
        case _ as never:
            assert_never(never)
