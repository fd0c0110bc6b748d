"""A whole deployment (code server, webserver, daemon) as `cynthia up` has it: prints a line when it is up."""

import asyncio
import os
import sys

from cynthia_pipeline.cli.up import run_until_signalled
from cynthia_pipeline.deployment.deployment import deployed
from cynthia_pipeline.settings import load_settings


async def _up() -> None:
    # What it tells goes to standard error: standard output is for the line that says it is up.
    async with deployed(
        load_settings(os.environ),
        os.environ,
        step=lambda text: print(text, file=sys.stderr),
        told=lambda *_: None,
    ):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    run_until_signalled(_up())
