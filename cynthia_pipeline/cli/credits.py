"""`cynthia credits`: a user's plan and credits, how they came about, and a change of plan."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from cynthia_pipeline.cli.console import out, print_facts, say_json
from cynthia_pipeline.cli.database import known_database
from cynthia_pipeline.queue.model import Plan

if TYPE_CHECKING:
    from cynthia_pipeline.credits.ledger import Account, Entry

credits_app = typer.Typer(
    name="credits", help="Show a user's credits, their history, or set their plan.", no_args_is_help=True
)

_User = Annotated[UUID, typer.Argument(help="The user's id.", show_default=False)]
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@credits_app.command()
def show(context: typer.Context, user: _User, *, as_json: _AsJson = False) -> None:
    """Show plan, credits and the next reset; a user who was never seen is on the free plan from now on."""
    from cynthia_pipeline.store.credits import account
    from cynthia_pipeline.store.moment import database_now

    with known_database(context) as database, database.transaction() as connection:
        found = account(connection, user, database_now(connection))
    _print(found, as_json=as_json)


@credits_app.command("set-plan")
def set_plan(
    context: typer.Context,
    user: _User,
    plan: Annotated[Plan, typer.Argument(help="The plan.", show_default=False)],
    *,
    as_json: _AsJson = False,
) -> None:
    """Put a user on a plan: its whole allowance, nothing used, one month from now."""
    from cynthia_pipeline.store.credits import account
    from cynthia_pipeline.store.credits import set_plan as change
    from cynthia_pipeline.store.moment import database_now

    with known_database(context) as database, database.transaction() as connection:
        now = database_now(connection)
        change(connection, user, plan, now)
        found = account(connection, user, now)
    _print(found, as_json=as_json)


@credits_app.command()
def history(
    context: typer.Context,
    user: _User,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many entries, the newest.")] = 50,
    as_json: _AsJson = False,
) -> None:
    """List the ledger's entries of a user, newest first."""
    from cynthia_pipeline.store.credits import history as entries_of

    with known_database(context) as database, database.transaction() as connection:
        entries = entries_of(connection, user, limit)
    if as_json:
        say_json({"user_id": str(user), "entries": [entry.as_json() for entry in entries]})
    else:
        _print_entries(entries)


def _print(account: "Account", *, as_json: bool) -> None:
    if as_json:
        say_json(account.as_json())
        return
    balance = account.balance
    print_facts(
        (
            ("user", str(balance.user)),
            ("plan", balance.plan.value),
            ("left", f"{balance.left} of {balance.monthly}"),
            ("held", str(account.open_holds)),
            ("resets", f"{balance.reset_at:%Y-%m-%d %H:%M:%S} UTC"),
        )
    )


def _print_entries(entries: "list[Entry]") -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading, number in (("at", False), ("what", False), ("credits", True), ("left", True), ("for", False)):
        table.add_column(heading, header_style="dim", justify="right" if number else "left", no_wrap=heading != "for")
    for entry in entries:
        at = f"{entry.at:%Y-%m-%d %H:%M}"
        table.add_row(at, entry.kind.value, f"{entry.credits:+d}", str(entry.balance_after), escape(entry.purpose))
    out().print(table)
