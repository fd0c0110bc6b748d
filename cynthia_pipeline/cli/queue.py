"""`cynthia queue`: what waits, what runs, how long it takes, what failed and who works."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from cynthia_pipeline.cli.console import out, say_json, settings_of
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.cli.durations import shown
from cynthia_pipeline.text import clip, one_line

if TYPE_CHECKING:
    from rich.table import Table

    from cynthia_pipeline.queue.demand import Backlog
    from cynthia_pipeline.queue.overview import Overview


def queue(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the queue: depth, running audits, waits, failures and drains; and the requests for fix packs."""
    from cynthia_pipeline.queue.model import WorkKind
    from cynthia_pipeline.store.moment import database_now
    from cynthia_pipeline.store.overview import read_overview
    from cynthia_pipeline.store.packs.intake import backlog

    with known_database(context) as database, database.transaction() as connection:
        lease_s = settings_of(context).lease_s
        now = database_now(connection)
        overview = read_overview(connection, WorkKind.AUDITS, lease_s, now)
        packs = backlog(connection, lease_s, now)
    if as_json:
        say_json({**overview.as_json(), "fix_packs": asdict(packs)})
    else:
        _print(overview)
        _print_packs(packs)


def _print_packs(packs: "Backlog") -> None:
    table = _table("fix packs", "due", "later", "running", "drains", numbers=4)
    numbers = (packs.due, packs.later, packs.running, packs.live_drains)
    table.add_row("[yellow]paused[/]" if packs.paused else "", *map(str, numbers))
    out().print(table)


def _print(overview: "Overview") -> None:
    console = out()
    if overview.pause is not None:
        since = f"{overview.pause.since:%Y-%m-%d %H:%M:%S} UTC"
        console.print(f"[yellow]paused[/] by {one_line(overview.pause.by)} since {since}")
    tables = (_waiting(overview), _recent(overview), _running(overview), _failures(overview), _drains(overview))
    for heading, table in tables:
        if table.row_count:
            console.print(f"[bold]{heading}[/]")
            console.print(table)
            console.print()
    if not overview.drains:
        console.print("[dim]no drain is alive[/]")


def _table(*columns: str, numbers: int = 0) -> "Table":
    """A plain table, its last `numbers` columns aligned as numbers; the first column folds what is long."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        number = index >= len(columns) - numbers
        table.add_column(column, header_style="dim", justify="right" if number else "left", no_wrap=number or index > 0)
    return table


def _waiting(overview: "Overview") -> "tuple[str, Table]":
    oldest = "" if overview.oldest_wait_s is None else f", the oldest for {shown(overview.oldest_wait_s)}"
    table = _table("class", "due", "later", numbers=2)
    if overview.new:
        table.add_row("not taken in yet", str(overview.new), "")
    for depth in overview.depth:
        table.add_row(depth.priority.name.lower(), str(depth.due), str(depth.later))
    if not table.row_count:
        table.add_row("nothing", "0", "0")
    return f"Waiting{oldest}", table


def _recent(overview: "Overview") -> "tuple[str, Table]":
    table = _table("", "p50", "p95", numbers=2)
    table.add_row("waited", shown(overview.waited.p50), shown(overview.waited.p95))
    table.add_row("worked", shown(overview.worked.p50), shown(overview.worked.p95))
    table.add_row("completed", str(overview.completed), "")
    table.add_row("failed", str(sum(count for _, count in overview.failures)), "")
    return "Last hour", table


def _running(overview: "Overview") -> "tuple[str, Table]":
    from rich.markup import escape

    hidden = overview.running_count - len(overview.running)
    heading = f"Running ({overview.running_count}" + (
        f", the longest {len(overview.running)} shown)" if hidden else ")"
    )
    table = _table("page", "session", "since", "%", numbers=2)
    for audit in overview.running:
        page = escape(clip(one_line(audit.target), 60))
        session = "[dim]none waits[/]" if audit.session is None else str(audit.session)
        table.add_row(page, session, shown(audit.seconds), str(audit.progress))
    return heading, table


def _failures(overview: "Overview") -> "tuple[str, Table]":
    from rich.markup import escape

    table = _table("code", "sessions", numbers=1)
    for code, count in overview.failures:
        table.add_row(escape(code), str(count))
    return "Failures by code", table


def _drains(overview: "Overview") -> "tuple[str, Table]":
    from rich.markup import escape

    table = _table("run", "host", "places", "alive", "seen", numbers=3)
    for drain in overview.drains:
        run = (drain.run_id or "–")[:8] + (" (ending)" if drain.ending else "")
        host = clip(f"{one_line(drain.host)}:{drain.pid}", 30)
        table.add_row(escape(run), escape(host), str(drain.slots), shown(drain.alive_s), shown(drain.silent_s))
    return f"Drains alive ({len(overview.drains)})", table
