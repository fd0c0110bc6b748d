"""`cynthia fix-pack`: asks for a fix pack exactly as the web app does, and waits for it if asked to."""

from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import EXIT_FAILED, err, out, print_facts, say_json
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.cli.fix_pack_apply import apply_pack
from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.fix_packs.ports import Diff, FixPackType
from cynthia_pipeline.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cynthia_pipeline.fix_packs.requests import RequestId, RequestView
    from cynthia_pipeline.store.database import Database

_LOOK_EVERY_S = 0.25
"""As the web app's pages do, this polls the row; seconds."""


def fix_pack(  # noqa: PLR0913 - each is an argument of the command
    context: typer.Context,
    audit: Annotated[UUID, typer.Argument(help="The audit's id.", show_default=False)],
    pack: Annotated[FixPackType, typer.Argument(metavar="TYPE", help="What to fix.", show_default=False)],
    *,
    user: Annotated[UUID, typer.Option(help="The user who asks, and pays one credit.", show_default=False)],
    key: Annotated[str | None, typer.Option(help="An idempotency key: asked again with it, it is one request.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the pack: exit 0 completed, 1 failed.")] = False,
    apply: Annotated[
        Path | None, typer.Option(help="Wait, then apply the pack to this checkout of the site.", show_default=False)
    ] = None,
    reverse: Annotated[bool, typer.Option("--reverse", help="With --apply: undo the pack, to the byte.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Ask for a fix pack of a finished audit, as the web app would."""
    if reverse and apply is None:
        raise UsageError("--reverse says how --apply is meant: name the checkout with --apply DIR")
    if apply is not None and not apply.is_dir():
        raise UsageError(f"there is no folder {apply}")
    wait = wait or apply is not None
    from cynthia_pipeline.queue.model import WorkStatus
    from cynthia_pipeline.store.packs.requests import insert_request, view_request

    with known_database(context) as database:
        with database.transaction() as connection:
            request = insert_request(connection, audit=audit, user=user, pack=pack, idempotency_key=key)
            view = view_request(connection, request)
        if wait:
            view = _wait(database, request)
        diffs = _diffs(database, view) if apply is not None and view is not None else ()
    if view is None:
        raise UsageError(f"request {request} was deleted while it was waited for")
    changed = apply_pack(diffs, apply, reverse=reverse) if apply is not None else ()
    print_request(view, as_json=as_json)
    for path in changed if not as_json else ():
        out().print(f"{'undone in' if reverse else 'changed'} {one_line(str(path))}", markup=False, soft_wrap=True)
    raise typer.Exit(EXIT_FAILED if wait and view.status is not WorkStatus.COMPLETED else 0)


def print_request(view: "RequestView", *, as_json: bool) -> None:
    """Prints the request as a table of its own, or as one JSON object."""
    if as_json:
        say_json(view.as_json())
        return
    print_facts(_facts(view))


def _facts(view: "RequestView") -> list[tuple[str, str]]:
    facts = [
        ("request", str(view.id)),
        ("audit", str(view.audit)),
        ("type", view.type.value),
        ("status", view.status.value + ("" if view.status.is_final else f", {view.progress} %")),
    ]
    if view.fix_pack is not None:
        facts.append(("pack", str(view.fix_pack)))
    if view.answered_by is not None:
        facts.append(("answered by", f"the request {view.answered_by}, at no further charge"))
    if view.credit is not None:
        facts.append(("credit", view.credit))
    if view.next_attempt_at is not None:
        facts.append(("next attempt", f"{view.next_attempt_at:%Y-%m-%d %H:%M:%S} UTC"))
    if view.error_message is not None:
        facts.append(("reason", one_line(view.error_message)))
    return facts


def _diffs(database: "Database", view: "RequestView") -> "Sequence[Diff]":
    from cynthia_pipeline.store.packs.patches import load_patch

    if view.fix_pack is None:
        return ()
    with database.transaction() as connection:
        patch = load_patch(connection, view.fix_pack)
    if patch is None:
        raise UsageError(f"the pack {view.fix_pack} was deleted")
    return patch.diffs


def _wait(database: "Database", request: "RequestId") -> "RequestView | None":
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from cynthia_pipeline.store.packs.requests import view_request

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    pause = Event()
    with Progress(*columns, console=err()) as progress:
        bar = progress.add_task("fix pack", total=100, state="waits")
        while True:
            with database.transaction() as connection:
                view = view_request(connection, request)
            if view is None:
                return None
            progress.update(bar, completed=view.progress, state=view.status.value)
            if view.status.is_final:
                return view
            pause.wait(_LOOK_EVERY_S)
