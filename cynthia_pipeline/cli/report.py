"""`cynthia report`: a session's stored report, as an HTML file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import out
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.cli.files import writable, write_document
from cynthia_pipeline.clock import system_clock
from cynthia_pipeline.errors import UsageError

if TYPE_CHECKING:
    from cynthia_pipeline.queue.view import SessionView
    from cynthia_pipeline.store.database import Database


def report(
    context: typer.Context,
    session: Annotated[UUID, typer.Argument(help="The session's id.", show_default=False)],
    *,
    html: Annotated[Path, typer.Option(help="Write the report to this HTML file.", show_default=False)],
) -> None:
    """Write a finished session's report as one HTML file."""
    file = writable(html)
    with known_database(context) as database:
        write_document(file, session_report(database, session))
    out().print(str(file), markup=False, soft_wrap=True)


def session_report(database: "Database", session: UUID) -> str:
    """The stored report of `session` as an HTML document, in the session's language.

    Raises:
        UsageError: there is no such session, or it has no report (yet); says which.
    """
    from cynthia_pipeline.queue.acceptance import read_language
    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.report.html import render_html
    from cynthia_pipeline.store.sessions import load_report, view_session

    with database.transaction() as connection:
        view = view_session(connection, SessionId(session), system_clock())
        if view is None:
            raise UsageError(f"there is no session {session}")
        stored = load_report(connection, view.audit_id) if view.audit_id else None
    if stored is None or view.completed_at is None:
        raise UsageError(_why_no_report(view))
    found, evidence = stored
    return render_html(
        found, evidence, target=view.input_value, audited_at=view.completed_at, language=read_language(view.language)
    )


def _why_no_report(view: "SessionView") -> str:
    from cynthia_pipeline.queue.model import WorkStatus

    match view.audit_status:
        case WorkStatus.PENDING:
            return f"session {view.session_id} waits to be audited: it has no report yet"
        case WorkStatus.RUNNING:
            return f"session {view.session_id} is being audited ({view.progress} %): it has no report yet"
        case WorkStatus.FAILED:
            return f"session {view.session_id} has no report: its audit failed. {view.error_message or ''}".rstrip()
        case WorkStatus.COMPLETED:
            return f"session {view.session_id} has no report: its audit was deleted"
        case _:
            assert_never(view.audit_status)
