"""The crash matrix where audits are made in a browser: it, or the run worker that started it, dies in mid-audit.

After each fault every session is completed by itself, to one effect, and of the dead one's browser nothing is left.
"""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psutil
import pytest

pytestmark = pytest.mark.faults

_PICTURE_AFTER_S = 3.0
"""The page is not loaded before its picture, which takes this long: time for the fault."""

_PAGE = b"""<!doctype html><html lang="en"><title>A slow page of ours</title><main><h1>A slow page</h1>
<p>Its picture takes some time to arrive.</p><img src="/slow.png" alt="" width="10" height="10"></main></html>"""


class SlowSite:
    """Serves the page under every path, and counts how often its picture was asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._answer, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        self._ready.set()
        self._loop.run_forever()
        server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
            status, body = b"200 OK", _PAGE
            if path == b"/slow.png":
                self.asked += 1
                await asyncio.sleep(_PICTURE_AFTER_S)
                status, body = b"404 Not Found", b""
            head = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            writer.write(head % (status, len(body)) + body)
            await writer.drain()
        writer.close()


@pytest.fixture(scope="module")
def site() -> Iterator[SlowSite]:
    site = SlowSite()
    site.start()
    yield site
    site.stop()


def is_gone(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    return True


def browser_alone(house: Any, _: Callable[[str], Any]) -> list[psutil.Process]:
    return list(house.browsers()[:1])


def its_pages(house: Any, _: Callable[[str], Any]) -> list[psutil.Process]:
    return [process for process in house.browsers() if "--type=renderer" in process.cmdline()]


def worker(house: Any, role_of: Callable[[str], Any]) -> list[psutil.Process]:
    return list(house.find(role_of("WORKER")))


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM], ids=lambda by: by.name)
@pytest.mark.parametrize("victims", [browser_alone, its_pages, worker], ids=lambda victims: victims.__name__)
def test_a_browser_or_its_worker_dies_in_mid_audit(
    browsing_house: Any,
    site: SlowSite,
    role_of: Callable[[str], Any],
    victims: Callable[..., list[psutil.Process]],
    by: signal.Signals,
) -> None:
    house, before = browsing_house, site.asked
    sessions = house.insert(2, url=f"{site.url}{victims.__name__}-{by.name}-{{n}}")
    house.until(lambda: site.asked >= before + 2, within_s=120, what="both pages are being opened")
    there = house.browsers()
    assert there
    killed = victims(house, role_of)
    assert killed
    since = time.monotonic()
    for process in killed:
        process.send_signal(by)
    house.until_status(sessions, "completed", within_s=150)
    print(f"\n{by.name} {victims.__name__}: recovered {time.monotonic() - since:.1f} s after the fault")
    assert house.completed_attempts(sessions) == [1, 1]
    if victims is not its_pages:
        house.until(lambda: all(map(is_gone, there)), within_s=30, what="nothing of the dead browser is left")
