"""`cynthia demo`: the whole pipeline at work on a few pages, from an empty machine to reports, and then gone."""

import asyncio
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from cynthia_pipeline.cli.console import err, out, settings_of
from cynthia_pipeline.cli.up import run_until_signalled
from cynthia_pipeline.errors import CynthiaError, PermanentError, UsageError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.queue.model import WorkStatus
from cynthia_pipeline.settings import Settings
from cynthia_pipeline.text import one_line

if TYPE_CHECKING:
    from rich.table import Table

    from cynthia_pipeline.queue.view import SessionView
    from cynthia_pipeline.store.database import Database

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
    from cynthia_pipeline.audit.target import parse_target

    try:
        parsed = parse_target(url).url
    except PermanentError as error:
        raise UsageError(f"{url}: {sentence(error.code, Language.ENGLISH, error.facts)}") from error
    return _Page(url=parsed, name=parsed)


async def _demo(settings: Settings, asked: Sequence[_Page]) -> bool:
    from cynthia_pipeline.cli.progress import say_step, say_told
    from cynthia_pipeline.deployment.deployment import deployed
    from cynthia_pipeline.store.database import Database

    with ExitStack() as stack:
        pages = list(asked) or _sample_pages(stack)
        environment = {**os.environ, **_allowance(settings, pages)}
        async with deployed(settings, environment, step=say_step, told=say_told) as deployment:
            err().print(f"[bold green]Up.[/] Dagster UI: [bold]{deployment.address}[/]")
            database = Database(deployment.urls.app)
            stack.callback(database.close)
            audited = await _audited(database, settings, pages)
            reports = _write_reports(database, deployment.home.reports, audited)
            _show(audited, reports)
            out().print(f"Dagster UI: {deployment.address} until now; `cynthia up` brings it back, with these runs.")
            return all(view.audit_status is WorkStatus.COMPLETED for _, view in audited)


def _sample_pages(stack: ExitStack) -> list[_Page]:
    from cynthia_pipeline.deployment.page_server import served
    from cynthia_pipeline.samples import PAGES, SAMPLES

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


async def _audited(
    database: "Database", settings: Settings, pages: Sequence[_Page]
) -> "list[tuple[_Page, SessionView]]":
    """Inserts a build session for each page, and shows their progress until all are final.

    Raises:
        CynthiaError: they take far longer than they may.
    """
    from cynthia_pipeline.cli.waiting import wait_until_final
    from cynthia_pipeline.store.sessions import insert_session

    insert = partial(insert_session, input_type="url", language=Language.ENGLISH, user_id=None)
    with database.transaction() as connection:
        sessions = {insert(connection, input_value=page.url): page for page in pages}
    names = {session: page.name for session, page in sessions.items()}
    longest_s = _START_S + settings.max_attempts * settings.audit_timeout_s * len(pages)
    given_up = Event()
    try:
        async with asyncio.timeout(longest_s):
            views = await asyncio.to_thread(wait_until_final, database, names, given_up)
    except TimeoutError:
        raise CynthiaError(f"not done after {longest_s:.0f} s; see the logs in {settings.home / 'logs'}") from None
    finally:
        given_up.set()
    return [(sessions[view.session_id], view) for view in views]


def _write_reports(database: "Database", folder: Path, audited: "Iterable[tuple[_Page, SessionView]]") -> list[Path]:
    from cynthia_pipeline.cli.files import write_document
    from cynthia_pipeline.cli.report import session_report

    files: list[Path] = []
    for page, view in audited:
        if view.audit_status is WorkStatus.COMPLETED:
            file = folder / f"{_slug(page.url)}-{str(view.session_id)[:8]}.html"
            write_document(file, session_report(database, view.session_id))
            files.append(file)
    return files


def _slug(url: str) -> str:
    parts = urlsplit(url)
    words = re.sub(r"[^a-z0-9]+", "-", f"{parts.hostname}{parts.path}".lower().removesuffix(".html"))
    return words.strip("-")[:60] or "page"


def _show(audited: "Sequence[tuple[_Page, SessionView]]", reports: Iterable[Path]) -> None:
    from rich.markup import escape

    out().print(_table(audited))
    for page, view in audited:
        if view.error_message:
            out().print(f"[red]{escape(one_line(page.name))}[/]: {escape(one_line(view.error_message))}")
    for file in reports:
        out().print(f"Report: {file}", markup=False, soft_wrap=True)


def _table(audited: "Iterable[tuple[_Page, SessionView]]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from cynthia_pipeline.audit.report import Severity

    severities = [severity.value for severity in Severity]
    table = Table("Page", "Score", *(severity.capitalize() for severity in severities), "Waited", "Worked")
    for column in table.columns[1:]:
        column.justify = "right"
    for page, view in audited:
        completed = view.audit_status is WorkStatus.COMPLETED
        score = view.audit_status.value if not completed or view.overall_score is None else str(view.overall_score)
        counts = [str(view.issues_by_severity.get(name, 0)) if completed else "–" for name in severities]
        table.add_row(escape(one_line(page.name)), score, *counts, _seconds(view.waited_s), _seconds(view.worked_s))
    return table


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"
