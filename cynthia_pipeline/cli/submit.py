"""`cynthia submit`: inserts a build session exactly as the web app does, and waits for it if asked to."""

from typing import Annotated
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import EXIT_FAILED, out, say_json
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.errors import PermanentError, UsageError
from cynthia_pipeline.messages import Language, sentence


def submit(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(help="Address of the page.", show_default=False)] = None,
    *,
    idea: Annotated[str | None, typer.Option(help="An idea in words, in place of an address.")] = None,
    user: Annotated[UUID | None, typer.Option(help="The user it is for; without one, an anonymous visitor.")] = None,
    language: Annotated[Language, typer.Option(help="Language of the teaser and the report.")] = Language.ENGLISH,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the result: exit 0 completed, 1 failed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Queue an audit, as the web app would."""
    from cynthia_pipeline.cli.status import print_session
    from cynthia_pipeline.cli.waiting import wait_until_final
    from cynthia_pipeline.queue.model import WorkStatus
    from cynthia_pipeline.store.sessions import insert_session

    input_type, value = _checked(url, idea, language)
    with known_database(context) as database:
        with database.transaction() as connection:
            session = insert_session(
                connection, input_type=input_type, input_value=value, language=language, user_id=user
            )
        if not wait:
            _print_inserted(session, as_json=as_json)
            return
        views = wait_until_final(database, {session: value})
    if not views:
        raise UsageError(f"session {session} was deleted while it was waited for")
    print_session(views[0], as_json=as_json)
    raise typer.Exit(0 if views[0].audit_status is WorkStatus.COMPLETED else EXIT_FAILED)


def _checked(url: str | None, idea: str | None, language: Language) -> tuple[str, str]:
    """The input's type and value.

    Raises:
        UsageError: neither or both were given, or the address cannot be one.
    """
    from cynthia_pipeline.audit.target import parse_target

    if (url is None) == (idea is None):
        raise UsageError("name one thing to audit: an address, or --idea with the words")
    if idea is not None:
        return "idea", idea
    try:
        parse_target(url or "")
    except PermanentError as error:
        raise UsageError(sentence(error.code, language, error.facts)) from error
    return "url", url or ""


def _print_inserted(session: UUID, *, as_json: bool) -> None:
    if as_json:
        say_json({"session_id": str(session), "audit_status": "pending"})
    else:
        out().print(f"{session}\nFollow it with: cynthia status {session}", markup=False, soft_wrap=True)
