"""The `cynthia` command: reads the environment once, hands the settings to a command, turns errors into one line.

A command lives in a module of its own, as a function that takes `context: typer.Context` first and gets its
settings by `settings_of(context)`. To add one: import its module here, and register it below. What is slow to
import (Dagster, Playwright, SQLAlchemy) is imported inside the function, so that `cynthia --help` stays quick.
"""

import os
import sys

import typer
from typer._click.exceptions import ClickException  # Typer exports its subclasses, not the base of them all.

from cynthia_pipeline.cli.audit import audit
from cynthia_pipeline.cli.cancel import cancel
from cynthia_pipeline.cli.console import EXIT_FAILED
from cynthia_pipeline.cli.credits import credits_app
from cynthia_pipeline.cli.demo import demo
from cynthia_pipeline.cli.doctor import doctor
from cynthia_pipeline.cli.env import env
from cynthia_pipeline.cli.failed import failed
from cynthia_pipeline.cli.fix import fix
from cynthia_pipeline.cli.fix_pack import fix_pack
from cynthia_pipeline.cli.migrate import migrate
from cynthia_pipeline.cli.pause import pause, resume
from cynthia_pipeline.cli.queue import queue
from cynthia_pipeline.cli.replay import replay
from cynthia_pipeline.cli.report import report
from cynthia_pipeline.cli.rules import rules
from cynthia_pipeline.cli.status import status
from cynthia_pipeline.cli.submit import submit
from cynthia_pipeline.cli.up import up
from cynthia_pipeline.errors import CynthiaError, UsageError
from cynthia_pipeline.settings import load_settings
from cynthia_pipeline.text import one_line

EXIT_BAD_INPUT = 2
"""The exit code for input that cannot be."""

EXIT_INTERRUPTED = 130
"""The shell's code for a program that Ctrl-C ended: 128 + SIGINT."""

app = typer.Typer(
    name="cynthia",
    help="Audits web pages in a real browser, as background work on Dagster and Postgres.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _read_settings(context: typer.Context) -> None:
    context.obj = load_settings(os.environ)


app.command()(demo)
app.command()(up)
app.command()(submit)
app.command()(status)
app.command()(queue)
app.command()(failed)
app.command()(replay)
app.command()(cancel)
app.command()(pause)
app.command()(resume)
app.command()(audit)
app.command()(fix)
app.command()(report)
app.command()(rules)
app.command("fix-pack")(fix_pack)
app.add_typer(credits_app)
app.command()(doctor)
app.command()(migrate)
app.command()(env)


def main() -> None:
    """Runs the command that the arguments name, and exits: 0 done, 1 failed, 2 bad input, 130 interrupted."""
    try:
        code = app(standalone_mode=False)
    except ClickException as error:
        sys.exit(_refuse(error.format_message()))
    except UsageError as error:
        sys.exit(_refuse(str(error)))
    except CynthiaError as error:
        sys.stderr.write(f"cynthia: {one_line(str(error))}\n")
        sys.exit(EXIT_FAILED)
    except typer.Abort:
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(reason: str) -> int:
    line = one_line(reason)
    if line:
        sys.stderr.write(f"cynthia: {line}\n")
    return EXIT_BAD_INPUT
