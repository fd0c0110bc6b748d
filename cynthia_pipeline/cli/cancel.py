"""`cynthia cancel`: ends sessions that wait or run."""

import json
from typing import TYPE_CHECKING, Annotated, assert_never
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import EXIT_FAILED, out
from cynthia_pipeline.cli.database import known_database

if TYPE_CHECKING:
    from cynthia_pipeline.store.cancelling import Cancelled


def cancel(
    context: typer.Context,
    sessions: Annotated[list[UUID], typer.Argument(help="The sessions' ids.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Cancel sessions that are not final: they fail with the code `cancelled`, and their work stops."""
    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.store.cancelling import cancel as end
    from cynthia_pipeline.store.moment import database_now

    done: list[Cancelled] = []
    with known_database(context) as database:
        for session in sessions:
            with database.transaction() as connection:
                done.append(end(connection, SessionId(session), database_now(connection)))
    if as_json:
        states = [
            {"session_id": str(each.session), "outcome": each.outcome.value, "audit_status": each.status}
            for each in done
        ]
        out().print_json(json.dumps({"sessions": states}))
    else:
        for each in done:
            out().print(f"{each.session}  {_said(each)}", soft_wrap=True)
    raise typer.Exit(0 if all(each.outcome.is_done for each in done) else EXIT_FAILED)


def _said(cancelled: "Cancelled") -> str:
    from cynthia_pipeline.store.cancelling import CancelOutcome

    match cancelled.outcome:
        case CancelOutcome.CANCELLED:
            return "cancelled"
        case CancelOutcome.STOPPED:
            return "cancelled, its work stops"
        case CancelOutcome.DETACHED:
            return "cancelled; its audit goes on for the other sessions that share it"
        case CancelOutcome.WAS_FINAL:
            return f"left as it is: it is {cancelled.status} already"
        case CancelOutcome.UNKNOWN:
            return "there is no such session"
        case _ as never:
            assert_never(never)
