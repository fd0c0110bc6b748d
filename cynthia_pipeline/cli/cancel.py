"""`cynthia cancel`: ends sessions, and requests for fix packs, that wait or run."""

from typing import TYPE_CHECKING, Annotated, assert_never
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import EXIT_FAILED, out, say_json
from cynthia_pipeline.cli.database import known_database

if TYPE_CHECKING:
    from cynthia_pipeline.queue.model import WorkStatus
    from cynthia_pipeline.store.cancelling import CancelOutcome
    from cynthia_pipeline.store.database import Database


def cancel(
    context: typer.Context,
    ids: Annotated[list[UUID], typer.Argument(help="Of sessions or of requests for fix packs.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Cancel what is not final: it fails with the code `cancelled`, its work stops, its credit is given back."""
    sessions: list[dict[str, str | None]] = []
    requests: list[dict[str, str | None]] = []
    all_done = True
    with known_database(context) as database:
        for each in ids:
            is_request, outcome, status = _cancelled(database, each)
            all_done = all_done and outcome.is_done
            if is_request:
                requests.append({"request_id": str(each), "outcome": outcome.value, "status": status})
            else:
                sessions.append({"session_id": str(each), "outcome": outcome.value, "audit_status": status})
            if not as_json:
                out().print(f"{each}  {_said(outcome, status, is_request=is_request)}", soft_wrap=True)
    if as_json:
        say_json({"sessions": sessions, "requests": requests})
    raise typer.Exit(0 if all_done else EXIT_FAILED)


def _cancelled(database: "Database", each: UUID) -> "tuple[bool, CancelOutcome, WorkStatus | None]":
    """Whether it is a request, what the cancel did, and the status that it has now."""
    from cynthia_pipeline.fix_packs.requests import RequestId
    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.store.cancelling import CancelOutcome
    from cynthia_pipeline.store.cancelling import cancel as cancel_session
    from cynthia_pipeline.store.moment import database_now
    from cynthia_pipeline.store.packs.requests import cancel as cancel_request

    with database.transaction() as connection:
        now = database_now(connection)
        session = cancel_session(connection, SessionId(each), now)
        if session.outcome is not CancelOutcome.UNKNOWN:
            return False, session.outcome, session.status
        outcome, status = cancel_request(connection, RequestId(each), now)
    return outcome is not CancelOutcome.UNKNOWN, outcome, status


def _said(outcome: "CancelOutcome", status: "WorkStatus | None", *, is_request: bool) -> str:
    from cynthia_pipeline.store.cancelling import CancelOutcome

    match outcome:
        case CancelOutcome.CANCELLED:
            return "cancelled"
        case CancelOutcome.STOPPED:
            return "cancelled, its work stops"
        case CancelOutcome.DETACHED:
            shared = "the pack is still made for the request" if is_request else "its audit goes on for the sessions"
            return f"cancelled; {shared} that it was joined to"
        case CancelOutcome.WAS_FINAL:
            return f"left as it is: it is {status} already"
        case CancelOutcome.UNKNOWN:
            return "there is no such session or request"
        case _ as never:
            assert_never(never)
