"""`cynthia replay`: what is final goes back into the queue, named one by one or by what it failed of."""

from typing import TYPE_CHECKING, Annotated, assert_never
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import EXIT_FAILED, err, out, say_json
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.cli.durations import parse_duration
from cynthia_pipeline.errors import ErrorCode, UsageError
from cynthia_pipeline.queue.model import WorkKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cynthia_pipeline.store.database import Database


def replay(
    context: typer.Context,
    ids: Annotated[
        list[UUID] | None, typer.Argument(help="Of sessions or of requests for fix packs.", show_default=False)
    ] = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Those that failed for good, in place of ids.")] = False,
    code: Annotated[ErrorCode | None, typer.Option(help="With --failed: this error code.", show_default=False)] = None,
    since: Annotated[
        str | None, typer.Option(help="With --failed: how far back, such as 1h.", show_default=False)
    ] = None,
    kind: Annotated[WorkKind, typer.Option(help="With --failed: which kind of work.")] = WorkKind.AUDITS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which it would be.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Audit final sessions once more, or make failed fix packs, a credit each; all keep their history."""
    named = list(ids or ())
    if failed == bool(named):
        raise UsageError("name the sessions to replay, or say --failed with --since and perhaps --code")
    if not failed and (code is not None or since is not None or kind is not WorkKind.AUDITS):
        raise UsageError("--code, --since and --kind choose among --failed")
    if failed and since is None:
        raise UsageError("--failed needs --since, so that nothing forgotten comes back with the rest")
    with known_database(context) as database:
        chosen: dict[WorkKind, Sequence[UUID]] = (
            {kind: _failed(database, kind, since or "", code)}
            if failed
            else {each: _replayable(database, each, named) for each in WorkKind}
        )
        replayed = [
            each
            for of_kind, found in chosen.items()
            for each in (found if dry_run else _put_back(database, of_kind, found))
        ]
    left = [each for each in named if each not in replayed]
    if as_json:
        document = {"dry_run": dry_run, "replayed": [*map(str, replayed)], "not_final": [*map(str, left)]}
        say_json(document)
    else:
        for each in replayed:
            out().print(str(each))
        verb = "would go" if dry_run else "went"
        err().print(f"{len(replayed)} {verb} back into the queue.")
        for each in left:
            err().print(f"{each} is not final, has its fix pack, or does not exist: left as it is.", soft_wrap=True)
    raise typer.Exit(EXIT_FAILED if left else 0)


def _failed(database: "Database", kind: WorkKind, since: str, code: ErrorCode | None) -> list[UUID]:
    from cynthia_pipeline.store.failures import failed_ids, failed_query
    from cynthia_pipeline.store.moment import database_now

    length = parse_duration(since)
    with database.transaction() as connection:
        return failed_ids(connection, failed_query(kind, database_now(connection) - length, code))


def _replayable(database: "Database", kind: WorkKind, named: "Sequence[UUID]") -> "Sequence[UUID]":
    from cynthia_pipeline.fix_packs.requests import RequestId
    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.store.overview import final_sessions
    from cynthia_pipeline.store.packs.requests import failed_requests

    with database.transaction() as connection:
        match kind:
            case WorkKind.AUDITS:
                return final_sessions(connection, [SessionId(each) for each in named])
            case WorkKind.FIX_PACKS:
                return failed_requests(connection, [RequestId(each) for each in named])
            case _ as never:
                assert_never(never)


def _put_back(database: "Database", kind: WorkKind, chosen: "Sequence[UUID]") -> "Sequence[UUID]":
    from cynthia_pipeline.fix_packs.requests import RequestId
    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.store.moment import database_now
    from cynthia_pipeline.store.packs.requests import replay as replay_requests
    from cynthia_pipeline.store.replay import replay as replay_sessions

    with database.transaction() as connection:
        match kind:
            case WorkKind.AUDITS:
                return replay_sessions(connection, [SessionId(each) for each in chosen])
            case WorkKind.FIX_PACKS:
                return replay_requests(connection, [RequestId(each) for each in chosen], database_now(connection))
            case _ as never:
                assert_never(never)
