"""Sessions in progress, shown on standard error until all of them are final."""

from threading import Event
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cynthia_pipeline.cli.console import err
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.sessions import view_sessions
from cynthia_pipeline.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.queue.view import SessionView
    from cynthia_pipeline.store.database import Database

_LOOK_EVERY_S = 0.25
"""As the web app's pages do, this polls the row; seconds."""

_NAME_CHARS = 48


def wait_until_final(
    database: "Database", names: "Mapping[SessionId, str]", given_up: Event | None = None
) -> "list[SessionView]":
    """Shows how far each session is until all are final.

    Args:
        names: what to call each session, in the order to show them.
        given_up: ends the waiting early, once set.

    Returns:
        The sessions as they ended (or were, if given up), in that order; those deleted meanwhile are left out.
    """
    ending = given_up or Event()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    with Progress(*columns, console=err()) as progress:
        bars = {session: progress.add_task(_short(name), total=100, state="waits") for session, name in names.items()}
        while True:
            views = _look(database, names)
            for view in views:
                progress.update(bars[view.session_id], completed=_percent(view), state=view.audit_status.value)
            if all(view.audit_status.is_final for view in views) or ending.wait(_LOOK_EVERY_S):
                return views


def _look(database: "Database", names: "Mapping[SessionId, str]") -> "list[SessionView]":
    with database.transaction() as connection:
        found = {view.session_id: view for view in view_sessions(connection, list(names), database_now(connection))}
    return [found[session] for session in names if session in found]


def _percent(view: "SessionView") -> int:
    return 100 if view.audit_status.is_final else view.progress


def _short(name: str) -> str:
    line = one_line(name)
    return line if len(line) <= _NAME_CHARS else line[: _NAME_CHARS - 1] + "…"
