"""`cynthia status`: one session, as the database has it at this moment."""

import json
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import out, settings_of
from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.text import one_line

if TYPE_CHECKING:
    from cynthia_pipeline.queue.view import SessionView


def status(
    context: typer.Context,
    session: Annotated[UUID, typer.Argument(help="The session's id.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show one session: its state, its scores or why it failed."""
    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.store.database import Database
    from cynthia_pipeline.store.moment import database_now
    from cynthia_pipeline.store.sessions import view_session
    from cynthia_pipeline.store.urls import known_databases

    database = Database(known_databases(settings_of(context)).app)
    try:
        with database.transaction() as connection:
            view = view_session(connection, SessionId(session), database_now(connection))
    finally:
        database.close()
    if view is None:
        raise UsageError(f"there is no session {session}")
    print_session(view, as_json=as_json)


def print_session(view: "SessionView", *, as_json: bool) -> None:
    """Prints the session as a table of its own, or as one JSON object."""
    if as_json:
        out().print_json(json.dumps(view.as_json()))
        return
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in _facts(view):
        table.add_row(f"[dim]{name}[/]", escape(value))
    out().print(table)


def _facts(view: "SessionView") -> list[tuple[str, str]]:
    facts = [
        ("session", str(view.session_id)),
        ("page", one_line(view.input_value[:200])),
        ("status", view.audit_status.value + ("" if view.audit_status.is_final else f", {view.progress} %")),
    ]
    if view.overall_score is not None:
        facts.append(("score", str(view.overall_score)))
    if view.udec_scores:
        judged = (f"{axis} {score}" for axis, score in view.udec_scores.items() if score is not None)
        facts.append(("axes", "  ".join(judged)))
    if view.issues_found_total is not None:
        counts = ", ".join(f"{count} {severity}" for severity, count in view.issues_by_severity.items() if count)
        facts.append(("issues", f"{view.issues_found_total}" + (f" ({counts})" if counts else "")))
    if view.error_message:
        facts.append(("error", f"{one_line(view.error_message)} [{view.error_code}]"))
    elif view.error_code:
        facts.append(("last attempt", f"failed: {view.error_code}"))
    if view.next_attempt_at is not None and view.attempts:
        facts.append(("next attempt", f"{view.next_attempt_at:%Y-%m-%d %H:%M:%S} UTC"))
    facts.append(("attempts", str(view.attempts)))
    if view.waited_s is not None:
        facts.append(("waited", f"{view.waited_s:.1f} s"))
    if view.worked_s is not None:
        facts.append(("worked", f"{view.worked_s:.1f} s"))
    if view.run_id:
        facts.append(("run", view.run_id))
    return facts
