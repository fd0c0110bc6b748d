"""`cynthia pause` and `cynthia resume`: whether work of a kind may start."""

import getpass
import os
import socket
from typing import Annotated

import typer

from cynthia_pipeline.cli.console import out
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.queue.model import Pause, WorkKind

_Kind = Annotated[WorkKind, typer.Argument(help="The kind of work.", show_default=False)]


def pause(
    context: typer.Context,
    kind: _Kind,
    *,
    by: Annotated[str | None, typer.Option(help="Who pauses it; your login and host by default.")] = None,
) -> None:
    """Let nothing of a kind start until `cynthia resume`; what runs finishes."""
    from cynthia_pipeline.store.moment import database_now
    from cynthia_pipeline.store.pauses import pause as set_pause

    with known_database(context) as database, database.transaction() as connection:
        held = set_pause(connection, kind, by or _operator(), database_now(connection))
    out().print(f"{kind} are paused, {_told(held)}", markup=False)


def resume(context: typer.Context, kind: _Kind) -> None:
    """Let work of a kind start again."""
    from cynthia_pipeline.store.pauses import resume as end_pause

    with known_database(context) as database, database.transaction() as connection:
        ended = end_pause(connection, kind)
    said = f"{kind} were not paused" if ended is None else f"{kind} go on; they were paused {_told(ended)}"
    out().print(said, markup=False)


def _told(pause: Pause) -> str:
    return f"by {pause.by} since {pause.since:%Y-%m-%d %H:%M:%S} UTC"


def _operator() -> str:
    try:
        login = getpass.getuser()
    except (OSError, KeyError):  # a container's user need not have a name
        login = f"uid {os.getuid()}"
    return f"{login}@{socket.gethostname()}"
