"""`cynthia replay`: final sessions go back into the queue, named one by one or by what they failed of."""

import json
from typing import Annotated
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import EXIT_FAILED, err, out
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.cli.durations import parse_duration
from cynthia_pipeline.errors import ErrorCode, UsageError


def replay(
    context: typer.Context,
    sessions: Annotated[list[UUID] | None, typer.Argument(help="The sessions' ids.", show_default=False)] = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Those that failed for good, in place of ids.")] = False,
    code: Annotated[ErrorCode | None, typer.Option(help="With --failed: this error code.", show_default=False)] = None,
    since: Annotated[
        str | None, typer.Option(help="With --failed: how far back, such as 1h.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which it would be.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Audit final sessions once more; each keeps its history."""
    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.store.moment import database_now
    from cynthia_pipeline.store.overview import failed_sessions, final_sessions
    from cynthia_pipeline.store.replay import replay as put_back

    named = [SessionId(session) for session in sessions or ()]
    if failed == bool(named):
        raise UsageError("name the sessions to replay, or say --failed with --since and perhaps --code")
    if not failed and (code is not None or since is not None):
        raise UsageError("--code and --since choose among --failed")
    if failed and since is None:
        raise UsageError("--failed needs --since, so that nothing forgotten comes back with the rest")
    with known_database(context) as database, database.transaction() as connection:
        if failed:
            length = parse_duration(since or "")
            chosen = failed_sessions(connection, database_now(connection) - length, code)
        else:
            chosen = final_sessions(connection, named)
        replayed = chosen if dry_run else put_back(connection, chosen)
    left = [session for session in named if session not in replayed]
    if as_json:
        document = {"dry_run": dry_run, "replayed": [*map(str, replayed)], "not_final": [*map(str, left)]}
        out().print_json(json.dumps(document))
    else:
        for session in replayed:
            out().print(str(session))
        verb = "would go" if dry_run else "went"
        err().print(f"{len(replayed)} {'session' if len(replayed) == 1 else 'sessions'} {verb} back into the queue.")
        for session in left:
            err().print(f"{session} is not final, or does not exist: left as it is.")
    raise typer.Exit(EXIT_FAILED if left else 0)
