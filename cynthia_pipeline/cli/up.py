"""`cynthia up`: the whole deployment on this machine until Ctrl-C."""

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from cynthia_pipeline.cli.console import err, settings_of
from cynthia_pipeline.settings import Settings

_Result = TypeVar("_Result")


def up(context: typer.Context) -> None:
    """Run everything on this machine until Ctrl-C: Postgres (unless a URL names one), code, webserver and daemon."""
    run_until_signalled(_up(settings_of(context)))


def run_until_signalled(work: Coroutine[Any, Any, _Result]) -> _Result | None:
    """Runs `work`; Ctrl-C, SIGTERM and a closed terminal cancel it, so that it stops what it started.

    Returns:
        What `work` returns; None if a signal ended it.
    """
    try:
        return asyncio.run(_cancelled_by_signals(work))
    except (asyncio.CancelledError, KeyboardInterrupt):
        return None


async def _cancelled_by_signals(work: Coroutine[Any, Any, _Result]) -> _Result:
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await task


async def _up(settings: Settings) -> None:
    from cynthia_pipeline.cli.progress import say_step, say_told
    from cynthia_pipeline.deployment.deployment import deployed

    async with deployed(settings, os.environ, step=say_step, told=say_told) as deployment:
        err().print(f"[bold green]Up.[/] Dagster UI: [bold]{deployment.address}[/]  logs: {deployment.home.logs}")
        err().print("Submit a page with [bold]cynthia submit URL[/]; Ctrl-C stops everything.")
        await asyncio.Event().wait()
