"""`cynthia demo`: the whole pipeline at work on a few pages, from an empty machine to reports, and then gone."""

import asyncio
import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from cynthia_pipeline.cli.console import err, out, settings_of
from cynthia_pipeline.cli.up import run_until_signalled
from cynthia_pipeline.clock import system_clock
from cynthia_pipeline.errors import CynthiaError, PermanentError, UsageError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.settings import Settings
from cynthia_pipeline.text import one_line

if TYPE_CHECKING:
    from rich.table import Table
    from sqlalchemy import Engine

    from cynthia_pipeline.deployment.deployment import Deployment
    from cynthia_pipeline.queue.model import SessionId
    from cynthia_pipeline.queue.view import SessionView

_LOOK_EVERY_S = 0.25

_START_S = 120.0
"""Seconds for the first run's worker to start, on a slow machine."""


def demo(
    context: typer.Context,
    urls: Annotated[list[str] | None, typer.Argument(help="Pages to audit. Without any: three sample pages.")] = None,
) -> None:
    """Start everything, audit three sample pages or the URLs given, show what was found, and stop everything."""
    settings = settings_of(context)
    pages = [_page(url) for url in urls or []]
    outcome = run_until_signalled(_demo(settings, pages))
    raise typer.Exit({True: 0, False: 1, None: 130}[outcome])


@dataclass(frozen=True)
class _Page:
    url: str
    name: str


def _page(url: str) -> _Page:
    from cynthia_pipeline.audit.target import parse_target  # noqa: PLC0415 - keeps `--help` quick

    try:
        parsed = parse_target(url).url
    except PermanentError as error:
        raise UsageError(f"{url}: {sentence(error.code, Language.ENGLISH, error.facts)}") from error
    return _Page(url=parsed, name=parsed)


async def _demo(settings: Settings, asked: Sequence[_Page]) -> bool:
    from cynthia_pipeline.cli.progress import say_step, say_told  # noqa: PLC0415 - rich
    from cynthia_pipeline.deployment.deployment import deployed  # noqa: PLC0415 - SQLAlchemy
    from cynthia_pipeline.store.database import open_engine  # noqa: PLC0415 - SQLAlchemy

    with ExitStack() as stack:
        pages = list(asked) or _sample_pages(stack)
        environment = {**os.environ, **_allowance(settings, pages)}
        async with deployed(settings, environment, step=say_step, told=say_told) as deployment:
            err().print(f"[bold green]Up.[/] Dagster UI: [bold]{deployment.address}[/]")
            engine = open_engine(deployment.urls.app)
            stack.callback(engine.dispose)
            views = await _audited(engine, settings, pages)
            reports = _write_reports(engine, deployment, pages, views)
            _show(deployment, pages, views, reports)
            return all(view.audit_status == "completed" for view in views)


def _sample_pages(stack: ExitStack) -> list[_Page]:
    from cynthia_pipeline.deployment.page_server import served  # noqa: PLC0415 - keeps `--help` quick
    from cynthia_pipeline.samples import PAGES, SAMPLES  # noqa: PLC0415 - the same

    address = stack.enter_context(served(PAGES))
    return [_Page(url=f"{address}/{sample.file}", name=f"{sample.file} ({sample.about})") for sample in SAMPLES]


def _allowance(settings: Settings, pages: Iterable[_Page]) -> dict[str, str]:
    """The setting that lets this machine's own pages be audited, if there are any among `pages`."""
    own = sorted({host for page in pages if _is_own(host := urlsplit(page.url).hostname or "")})
    if not own:
        return {}
    hosts = ",".join(dict.fromkeys([*settings.allow_hosts, *own]))
    err().print(
        f"[dim]·[/] These pages are on this machine, which audits refuse by default: CYNTHIA_ALLOW_HOSTS={hosts}"
    )
    return {"CYNTHIA_ALLOW_HOSTS": hosts}


def _is_own(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _audited(engine: "Engine", settings: Settings, pages: Sequence[_Page]) -> list["SessionView"]:
    """Inserts a build session for each page, and shows their progress until all are final.

    Raises:
        CynthiaError: they take far longer than they may.
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - rich

    from cynthia_pipeline.store.sessions import insert_session  # noqa: PLC0415 - SQLAlchemy

    insert = partial(insert_session, input_type="url", language=Language.ENGLISH, user_id=None)
    with engine.begin() as connection:
        sessions = [insert(connection, input_value=page.url) for page in pages]
    longest_s = _START_S + settings.max_attempts * settings.audit_timeout_s * len(pages)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    with Progress(*columns, console=err()) as progress:
        bars = [progress.add_task(_short(page.name), total=100, state="waits") for page in pages]

        def show(views: Sequence["SessionView"]) -> None:
            for bar, view in zip(bars, views, strict=True):
                final = view.audit_status in {"completed", "failed"}
                progress.update(bar, completed=100 if final else view.progress, state=view.audit_status.value)
                if final:
                    progress.stop_task(bar)

        try:
            async with asyncio.timeout(longest_s):
                return await _final(engine, sessions, show)
        except TimeoutError:
            raise CynthiaError(f"not done after {longest_s:.0f} s; see the logs in {settings.home / 'logs'}") from None


async def _final(
    engine: "Engine", sessions: Sequence["SessionId"], show: Callable[[Sequence["SessionView"]], None]
) -> list["SessionView"]:
    from cynthia_pipeline.store.sessions import view_sessions  # noqa: PLC0415 - SQLAlchemy

    while True:
        with engine.connect() as connection:
            found = {view.session_id: view for view in view_sessions(connection, sessions, system_clock())}
        views = [found[session] for session in sessions]
        show(views)
        if all(view.audit_status in {"completed", "failed"} for view in views):
            return views
        await asyncio.sleep(_LOOK_EVERY_S)


def _write_reports(
    engine: "Engine", deployment: "Deployment", pages: Sequence[_Page], views: Sequence["SessionView"]
) -> list[Path | None]:
    from cynthia_pipeline.cli.files import write_document  # noqa: PLC0415 - keeps `--help` quick
    from cynthia_pipeline.cli.report import session_report  # noqa: PLC0415 - the same

    files: list[Path | None] = []
    for page, view in zip(pages, views, strict=True):
        if view.audit_status != "completed":
            files.append(None)
            continue
        file = deployment.home.reports / f"{_slug(page.url)}-{str(view.session_id)[:8]}.html"
        write_document(file, session_report(engine, view.session_id))
        files.append(file)
    return files


def _slug(url: str) -> str:
    parts = urlsplit(url)
    words = re.sub(r"[^a-z0-9]+", "-", f"{parts.hostname}{parts.path}".lower().removesuffix(".html"))
    return words.strip("-")[:60] or "page"


def _show(
    deployment: "Deployment", pages: Sequence[_Page], views: Sequence["SessionView"], reports: Sequence[Path | None]
) -> None:
    from rich.markup import escape  # noqa: PLC0415 - rich

    out().print(_table(pages, views))
    for page, view in zip(pages, views, strict=True):
        if view.error_message:
            out().print(f"[red]{escape(page.name)}[/]: {escape(one_line(view.error_message))}")
    for file in filter(None, reports):
        out().print(f"Report: {file}", markup=False, soft_wrap=True)
    out().print(f"Dagster UI: {deployment.address} (until now; `cynthia up` brings it back, with these runs)")


def _table(pages: Sequence[_Page], views: Sequence["SessionView"]) -> "Table":
    from rich.markup import escape  # noqa: PLC0415 - rich
    from rich.table import Table  # noqa: PLC0415 - the same

    from cynthia_pipeline.audit.report import Severity  # noqa: PLC0415 - keeps `--help` quick

    table = Table("Page", "Score", *(severity.value.capitalize() for severity in Severity), "Waited", "Worked")
    for column in table.columns[1:]:
        column.justify = "right"
    for page, view in zip(pages, views, strict=True):
        counts = (
            [str(view.issues_by_severity.get(severity.value, 0)) for severity in Severity]
            if view.audit_status == "completed"
            else ["–"] * len(Severity)
        )
        score = "failed" if view.audit_status == "failed" else _or_dash(view.overall_score)
        table.add_row(escape(page.name), score, *counts, _seconds(view.waited_s), _seconds(view.worked_s))
    return table


def _short(name: str, longest: int = 48) -> str:
    line = one_line(name)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _or_dash(value: object) -> str:
    return "–" if value is None else str(value)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"
