"""What a deployment needs, looked at one by one: each finding says what is so and, where it is not well, the mend."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from cynthia_pipeline.deployment.health import ask_health
from cynthia_pipeline.deployment.home import Home
from cynthia_pipeline.errors import CynthiaError, TransientError, UsageError
from cynthia_pipeline.settings import EngineChoice, Settings
from cynthia_pipeline.store.inspection import inspect
from cynthia_pipeline.store.migrate import pending_revisions
from cynthia_pipeline.store.urls import embedded_server, known_databases

_OLDEST_PYTHON = (3, 11)
_OLDEST_POSTGRES = 14
"""The oldest release that its makers still mend; gen_random_uuid() and SKIP LOCKED are older."""

_BROWSER_ANSWERS_S = 30.0
_ACCOUNT_MEND = "run as another user, or put the browser where every account may run it (CYNTHIA_CHROMIUM_USER)"
_SANDBOX_MEND = "allow user namespaces to the browser's account, or install its setuid helper (chromium-sandbox)"
_PICTURES_MEND = "this Chromium no longer takes --blink-settings=mainFrameClipsContent; set CYNTHIA_CHROMIUM to another"


class State(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    IDLE = "idle"
    """Not running, and not needed until something is started."""
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what.
        state: how it stands.
        says: what was seen.
        mend: what to do about it; empty if it is well.
    """

    name: str
    state: State
    says: str
    mend: str = ""


def look_at_everything(settings: Settings) -> Iterator[Finding]:
    """The findings, each as soon as it is known. Changes nothing; a browser is started and ended."""
    yield _python()
    yield Finding("Dagster", State.OK, version("dagster"))
    if settings.audit_engine is EngineChoice.BROWSER:
        yield _chromium(settings)
        yield from _started(settings)
    yield from _databases(settings)
    yield from _services(settings)


def _python() -> Finding:
    said = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    if sys.version_info >= _OLDEST_PYTHON:
        return Finding("Python", State.OK, said)
    return Finding("Python", State.MISSING, said, "install Python 3.11 or newer")


def _chromium(settings: Settings) -> Finding:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only here, and slow

    from cynthia_pipeline.browser.executable import find_chromium, is_headless_shell  # noqa: PLC0415 - with it

    try:
        with sync_playwright() as playwright:
            found = find_chromium(settings.chromium, Path(playwright.chromium.executable_path))
        said = subprocess.run(  # noqa: S603 - the browser that audits will start
            [found, "--version"], capture_output=True, text=True, timeout=_BROWSER_ANSWERS_S, check=True
        ).stdout
    except UsageError as error:
        return Finding("Chromium", State.MISSING, "none found", str(error))
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(
            "Chromium", State.MISSING, f"does not start: {error}", "install another, or set CYNTHIA_CHROMIUM"
        )
    advice = "" if is_headless_shell(found) else "a headless shell (chromium-headless-shell) needs less CPU time"
    return Finding("Chromium", State.OK, f"{' '.join(said.split())} ({found})", advice)


def _started(settings: Settings) -> Iterator[Finding]:
    """Which confinement is in force, and what the browser can do, is seen by starting it."""
    from cynthia_pipeline.browser.chromium import Chromium, Launch  # noqa: PLC0415 - slow
    from cynthia_pipeline.browser.confinement import Confinement  # noqa: PLC0415 - with it
    from cynthia_pipeline.browser.picture import shows_whole_pages  # noqa: PLC0415 - with it

    async def seen() -> tuple[Confinement, bool]:
        chromium = await Chromium.start(Launch(executable=settings.chromium, user=settings.chromium_user))
        try:
            return chromium.confinement, await shows_whole_pages(chromium.browser)
        finally:
            await chromium.close()

    try:
        found, is_whole = asyncio.run(seen())
    except UsageError as error:
        yield Finding("Browser sandbox", State.MISSING, "unknown", str(error))
        return
    except TransientError as error:
        yield Finding("Browser sandbox", State.MISSING, f"the browser does not start: {error.detail}", _SANDBOX_MEND)
        return
    if found.sandbox:
        yield Finding("Browser sandbox", State.OK, str(found))
    else:
        mend = _ACCOUNT_MEND if found.account is None else _SANDBOX_MEND
        yield Finding("Browser sandbox", State.WARNING, str(found), mend)
    if is_whole:
        yield Finding("Pictures", State.OK, "show whole pages")
    else:
        yield Finding("Pictures", State.WARNING, "are blank below a page's window", _PICTURES_MEND)


def _databases(settings: Settings) -> Iterator[Finding]:
    try:
        urls = known_databases(settings)
    except UsageError as error:
        yield Finding("Postgres", State.MISSING, str(error), "correct the URL")
        return
    except CynthiaError:
        yield Finding("Postgres", State.IDLE, "embedded, not running", "`cynthia up` starts it")
        return
    app = inspect(urls.app)
    if app.version is None:
        yield Finding("Postgres", State.MISSING, app.problem, _postgres_mend(settings))
        return
    kind = "embedded" if embedded_server(settings) else "by CYNTHIA_DATABASE_URL"
    if int(app.version.split(".")[0]) < _OLDEST_POSTGRES:
        yield Finding("Postgres", State.MISSING, f"{app.version}, {kind}", f"use {_OLDEST_POSTGRES} or newer")
    else:
        yield Finding("Postgres", State.OK, f"{app.version}, {kind}")
    pending = pending_revisions(urls.app)
    if pending:
        yield Finding("Schema", State.MISSING, f"{len(pending)} migrations behind", "`cynthia up` or `cynthia migrate`")
    else:
        yield Finding("Schema", State.OK, "up to date")
    dagster = inspect(urls.dagster)
    if dagster.version is None:
        yield Finding(
            "Dagster storage", State.MISSING, dagster.problem, "`cynthia up` creates it; or DAGSTER_POSTGRES_URL"
        )
    else:
        yield Finding("Dagster storage", State.OK, f"reachable, {dagster.tables} tables")


def _postgres_mend(settings: Settings) -> str:
    return "start the server, or correct CYNTHIA_DATABASE_URL" if settings.database_url else "`cynthia up` starts it"


def _services(settings: Settings) -> Iterator[Finding]:
    address = Home(settings.home.absolute()).address()
    if address is None:
        yield Finding("Webserver and daemon", State.IDLE, "not started from this home", "`cynthia up` starts them")
        return
    health = asyncio.run(ask_health(address))
    if health.version is None:
        yield Finding("Webserver", State.MISSING, f"{address} does not answer", "see webserver.log, or start anew")
        return
    yield Finding("Webserver", State.OK, address)
    for name, error in (health.load_errors or {}).items():
        yield Finding("Code", State.MISSING, f"{name}: {error.splitlines()[0]}", "see code.log")
    if health.daemons_missing:
        yield Finding("Daemon", State.MISSING, f"no life from {', '.join(health.daemons_missing)}", "see daemon.log")
    else:
        yield Finding("Daemon", State.OK, "alive")
