"""`cynthia status`: one session, or one request for a fix pack, as the database has it at this moment."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import print_facts, say_json, settings_of
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.cli.durations import shown
from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.text import one_line

if TYPE_CHECKING:
    from cynthia_pipeline.queue.view import SessionView
    from cynthia_pipeline.queue.waiting import Waiting


def status(
    context: typer.Context,
    session: Annotated[UUID, typer.Argument(help="The id of the session or request.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show one session or request: its state, why it waits, its scores or why it failed."""
    from dataclasses import replace

    from cynthia_pipeline.cli.fix_pack import print_request
    from cynthia_pipeline.fix_packs.requests import RequestId
    from cynthia_pipeline.queue.configured import limits_of
    from cynthia_pipeline.queue.model import SessionId, WorkKind
    from cynthia_pipeline.queue.waiting import explain
    from cynthia_pipeline.store.moment import database_now
    from cynthia_pipeline.store.overview import read_waiting
    from cynthia_pipeline.store.packs.requests import view_request
    from cynthia_pipeline.store.sessions import view_session

    settings = settings_of(context)
    with known_database(context) as database, database.transaction() as connection:
        now = database_now(connection)
        view = view_session(connection, SessionId(session), now)
        facts = read_waiting(connection, SessionId(session), WorkKind.AUDITS, settings.lease_s, now)
        request = view_request(connection, RequestId(session)) if view is None else None
    if request is not None:
        print_request(request, as_json=as_json)
        return
    if view is None:
        raise UsageError(f"there is no session and no request {session}")
    if facts is not None:
        view = replace(view, waiting=explain(facts, limits_of(settings)))
    print_session(view, as_json=as_json)


def print_session(view: "SessionView", *, as_json: bool) -> None:
    """Prints the session as a table of its own, or as one JSON object."""
    if as_json:
        say_json(view.as_json())
        return
    print_facts(_facts(view))


def _facts(view: "SessionView") -> list[tuple[str, str]]:
    facts = [
        ("session", str(view.session_id)),
        ("page", one_line(view.input_value[:200])),
        ("status", view.audit_status.value + ("" if view.audit_status.is_final else f", {view.progress} %")),
    ]
    if view.waiting is not None:
        facts += _why_it_waits(view.waiting)
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
    return [*facts, *_facts_of_attempts(view)]


def _facts_of_attempts(view: "SessionView") -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    if view.next_attempt_at is not None and view.attempts:
        facts.append(("next attempt", f"{view.next_attempt_at:%Y-%m-%d %H:%M:%S} UTC"))
    facts.append(("attempts", str(view.attempts)))
    if view.waited_s is not None:
        facts.append(("waited", f"{view.waited_s:.1f} s"))
    if view.worked_s is not None:
        facts.append(("worked", f"{view.worked_s:.1f} s"))
    if view.copied_from is not None:
        facts.append(("report", f"a copy, made for audit {view.copied_from}"))
    if view.run_id:
        facts.append(("run", view.run_id))
    return facts


def _why_it_waits(waiting: "Waiting") -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    if waiting.place is not None:
        facts.append(("place in queue", str(waiting.place)))
    facts += [("waits because", one_line(reason.text)) for reason in waiting.reasons]
    if waiting.starts_in_s is not None:
        facts.append(("starts in about", shown(waiting.starts_in_s)))
    return facts
