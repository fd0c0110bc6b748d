"""Audits pages of a folder: serves it on loopback, and runs the engine over addresses in one warm browser."""

import asyncio
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.report import Report
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.errors import WorkError
from cynthia_pipeline.settings import Settings

LOOPBACK: Final = "127.0.0.1"


async def audited(urls: Sequence[str], *, at_once: int) -> list[Report | str]:
    """The report of each address, in their order, or why there is none; `at_once` at a time.

    Pages that show nothing are audited too, for rules about the title or the language.
    """
    async with open_browser_engine(Settings(allow_hosts=(LOOPBACK,), audit_empty_pages=True)) as engine:
        slots = asyncio.Semaphore(at_once)
        done = 0

        async def ignore(_: int) -> None:
            """Nobody watches a single page."""

        async def report(url: str) -> Report | str:
            nonlocal done
            async with slots:
                try:
                    answer: Report | str = (await engine.audit(AuditRequest(TargetType.URL, url), ignore)).report
                except WorkError as error:
                    answer = f"{error.code.value}: {error}"
            done += 1
            print(f"\r{done}/{len(urls)}", end="", file=sys.stderr, flush=True)
            return answer

        reports = await asyncio.gather(*map(report, urls))
    print(file=sys.stderr)
    return list(reports)


@contextmanager
def served(folder: Path, prefixes: Iterable[str] = ()) -> Iterator[str]:
    """Serves `folder` on loopback, under each of `prefixes` too; gives the address without a slash at its end."""
    handler = partial(_Folder, directory=str(folder), prefixes=sorted(prefixes, key=len, reverse=True))
    server = ThreadingHTTPServer((LOOPBACK, 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Folder(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, prefixes: Sequence[str], **options: Any) -> None:
        self._prefixes = prefixes
        # As the W3C serves them; the cases do not say it themselves.
        self.extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".html": "text/html; charset=utf-8"}
        super().__init__(*args, **options)

    def translate_path(self, path: str) -> str:
        """The file of a request, its prefix taken away."""
        prefix = next((prefix for prefix in self._prefixes if path.startswith(prefix)), "")
        return super().translate_path("/" + path.removeprefix(prefix))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is the base class's
        """The table is what is read."""
