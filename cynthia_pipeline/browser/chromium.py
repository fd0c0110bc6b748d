"""Chromium's life: started once, lent to many audits, replaced when it is dead or worn, gone when closed.

What ends with what (tests/browser/test_chromium_life.py shows each): closing ends the driver and the browser with all
their processes. If this process is killed, the driver sees its pipe close and ends the browser; if the driver is
killed, the browser sees its own pipe close and ends itself. Only if all three are killed at once does something
stay behind, and that is a folder (the browser's empty profile) under the system's temporary folder.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psutil
from playwright.async_api import Browser, Error, Playwright, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeout

from cynthia_pipeline.browser.confinement import Confinement, confinements, program_of
from cynthia_pipeline.browser.executable import find_chromium
from cynthia_pipeline.browser.processes import (
    MARK_FLAG,
    PageProcesses,
    RendererLimits,
    browser_process,
    kill,
    lasting_memory,
    minimal_environment,
    process_tree,
)
from cynthia_pipeline.browser.shared_memory import IN_FILES, has_room
from cynthia_pipeline.errors import ErrorCode, TransientError

_LAUNCH_S: Final = 30.0
_CLOSE_S: Final = 5.0
_WATCH_EVERY_S: Final = 0.5

_V8: Final = (
    "--max-old-space-size=1024",  # MB of script heap for each page; beyond it the page crashes alone
    # MB of its young generation: reading a page and axe fill with what they let go whatever there is, up to 16 MB
    # thrice, and are no faster for it.
    "--max-semi-space-size=2",
    # MB of script heap that a page may fill before it is looked through for what it has let go: what is read of a large
    # page stays until it is told, and was gone through three times meanwhile.
    "--initial-old-space-size=96",
    # A page is measured before V8's last compiler has earned what its threads cost, 5 % of an audit over ten pages.
    # Maglev, which comes before it, is left for what a page computes in earnest: by itself it takes up what was called
    # 400 times, some 370 functions in an audit, most of them axe's. A loop is compiled while it runs, as ever.
    "--no-turbofan",
    "--invocation-count-for-maglev=10000",
    # axe throws while it is read, and V8 would then read its 650 KB once more to learn in which lines.
    "--no-enable-lazy-source-positions",
)
"""Of the script engine, which ignores flags that it does not know."""
_BLINK: Final = (
    # A mouse, which a browser without a screen does not find: Playwright's own, since only the last such switch counts.
    "primaryHoverType=2",
    "availableHoverTypes=2",
    "primaryPointerType=4",
    "availablePointerTypes=4",
    # Pages are drawn beyond the edge of their window: how picture.py gets to see what lies below it.
    "mainFrameClipsContent=false",
)
_SAFE: Final = (
    "--block-new-web-contents",  # window.open and links to new windows answer null
    f"--js-flags={' '.join(_V8)}",
    f"--blink-settings={','.join(_BLINK)}",
    # px; in the small tiles that suit a screen a page's whole picture is hundreds of pieces of work. These are as wide
    # as the desktop's window, so that none reaches beyond it.
    "--default-tile-width=1280",
    "--default-tile-height=512",
)
_NODE_OPTIONS: Final = "NODE_OPTIONS"
_LEAN_NODE: Final = "--max-semi-space-size=1"
"""The same for the driver, through which each picture and measurement passes as one long string."""
_NOT_PLAYWRIGHTS: Final = (
    "--disable-popup-blocking",  # a storm of windows is what the popup blocker is for
    "--disable-ipc-flooding-protection",  # a page that navigates in a loop shall be slowed down
)


@dataclass(frozen=True, slots=True)
class Launch:
    """How a browser is started.

    Attributes:
        executable: unset, the first that this machine has.
        flags: further switches: those of the egress guard, above all.
        renderer: what one process that runs pages may take; beyond it the process is ended.
        renderers: most processes that run pages at once; the newest beyond it are ended.
        user: as root, the account to run under; unset, `nobody` where that works.
    """

    executable: Path | None = None
    flags: tuple[str, ...] = ()
    renderer: RendererLimits = field(default_factory=RendererLimits)
    renderers: int = 100
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Wear:
    """When a browser is replaced though it still works.

    Attributes:
        audits: after this many, so that no slow leak is ever met.
        bytes: of memory in the processes that outlive a page.
    """

    audits: int = 200
    bytes: int = 1_000_000_000


class Chromium:
    """One running browser with the driver that holds it."""

    def __init__(self, driver: Playwright, browser: Browser, process: psutil.Process, confinement: Confinement) -> None:
        self.browser = browser
        self.process = process
        self.confinement = confinement
        self._driver = driver

    @classmethod
    async def start(cls, launch: Launch) -> Self:
        """Starts a driver and a browser, as well confined as this system allows.

        A way that ends at once does not work here, and the next best is tried. One that takes too long says nothing
        of the kind, so that a busy machine does not cost the sandbox.

        Raises:
            UsageError: there is no browser on this machine, or no such account.
            TransientError: BROWSER_FAILED, it did not start.
        """
        *better, last = confinements(launch.user)
        for confinement in better:
            try:
                return await cls.start_confined(launch, confinement)
            except TransientError as error:
                if isinstance(error.__cause__, PlaywrightTimeout):
                    raise
        return await cls.start_confined(launch, last)

    @classmethod
    async def start_confined(cls, launch: Launch, confinement: Confinement) -> Self:
        """Starts a driver and a browser in just this way.

        Raises:
            UsageError: there is no browser on this machine.
            TransientError: BROWSER_FAILED, it did not start.
        """
        with _lean_node():
            driver = await async_playwright().start()
        try:
            executable = find_chromium(launch.executable, Path(driver.chromium.executable_path))
            mark = secrets.token_hex(8)
            with program_of(confinement, executable) as program:
                browser = await driver.chromium.launch(
                    executable_path=program,
                    args=[*_SAFE, *launch.flags, f"{MARK_FLAG}{mark}"],
                    ignore_default_args=[*_NOT_PLAYWRIGHTS, *([IN_FILES] if has_room() else [])],
                    chromium_sandbox=confinement.sandbox,
                    env=minimal_environment(),
                    timeout=_LAUNCH_S * 1000,
                    # Whoever drains decides what a signal means; the browser must live to the end of the grace time.
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
        except Error as error:
            await driver.stop()
            raise TransientError(ErrorCode.BROWSER_FAILED, detail=f"did not start: {error.message}") from error
        except BaseException:
            await driver.stop()
            raise
        process = browser_process(mark)
        if process is None:
            await driver.stop()
            raise TransientError(ErrorCode.BROWSER_FAILED, detail="ended as soon as it was started")
        return cls(driver, browser, process, confinement)

    @property
    def alive(self) -> bool:
        """Whether the browser can still be asked for anything."""
        return self.browser.is_connected() and self.process.is_running()

    async def close(self) -> None:
        """Ends browser and driver with all their processes, by force if they do not end by themselves."""
        processes = process_tree(self.process)
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self.browser.close()
                await self._driver.stop()
        except (Error, TimeoutError):
            pass  # dead or stuck: what is left of it is ended below
        finally:
            kill(processes)


class WarmChromium:
    """A browser that is always there to be borrowed, by many audits at once.

    As an async context manager it starts the first browser on entry and ends every browser on exit.
    """

    def __init__(self, launch: Launch, wear: Wear | None = None) -> None:
        self._launch = launch
        self._wear = wear or Wear()
        self._confinement: Confinement | None = None
        self._current: _Lent | None = None
        self._retired: set[_Lent] = set()
        self._starting = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._fit_browser()
        self._watch = asyncio.create_task(self._watch_memory(), name="chromium-memory")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
        open_ones = {*self._retired, *((self._current,) if self._current else ())}
        self._current = None
        self._retired.clear()
        await asyncio.shield(asyncio.gather(*(lent.chromium.close() for lent in open_ones)))

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Chromium]:
        """Lends the browser for one audit.

        Raises:
            TransientError: BROWSER_FAILED, none could be started.
        """
        lent = await self._fit_browser()
        lent.audits += 1
        lent.users += 1
        try:
            yield lent.chromium
        finally:
            lent.users -= 1
            if lent in self._retired and not lent.users:
                self._retired.discard(lent)
                await asyncio.shield(lent.chromium.close())

    def distrust(self, chromium: Chromium) -> None:
        """Takes `chromium` out of use: whoever has it may finish, nobody else gets it."""
        if self._current is not None and self._current.chromium is chromium:
            self._retire(self._current)

    async def _fit_browser(self) -> "_Lent":
        async with self._starting:
            if self._current is not None and not self._is_fit(self._current):
                self._retire(self._current)
                await self._close_idle()
            if self._current is None:
                chromium = await self._start()
                self._current = _Lent(chromium, PageProcesses(chromium.process))
            return self._current

    async def _start(self) -> Chromium:
        """A browser; each one after the first in the same confinement, so that no failure later on loosens it."""
        if self._confinement is not None:
            return await Chromium.start_confined(self._launch, self._confinement)
        chromium = await Chromium.start(self._launch)
        self._confinement = chromium.confinement
        return chromium

    def _is_fit(self, lent: "_Lent") -> bool:
        if not lent.chromium.alive or lent.audits >= self._wear.audits:
            return False
        return lasting_memory(lent.chromium.process) < self._wear.bytes

    def _retire(self, lent: "_Lent") -> None:
        self._retired.add(lent)
        self._current = None

    async def _close_idle(self) -> None:
        for lent in [lent for lent in self._retired if not lent.users]:
            self._retired.discard(lent)
            await lent.chromium.close()

    async def _watch_memory(self) -> None:
        """Ends a page that eats the machine's memory or threads: its tab crashes, and nobody else's."""
        while True:
            await asyncio.sleep(_WATCH_EVERY_S)
            for lent in {*self._retired, *((self._current,) if self._current else ())}:
                if lent.users:
                    kill(lent.pages.beyond(self._launch.renderer, self._launch.renderers))


@contextmanager
def _lean_node() -> Iterator[None]:
    """The driver that is started meanwhile is told so in the one way there is: it inherits the environment."""
    given = os.environ.get(_NODE_OPTIONS)
    if given is not None and _LEAN_NODE in given:  # by the user, or by another start that is still under way
        yield
        return
    os.environ[_NODE_OPTIONS] = _LEAN_NODE if given is None else f"{given} {_LEAN_NODE}"
    try:
        yield
    finally:
        if given is None:
            del os.environ[_NODE_OPTIONS]
        else:
            os.environ[_NODE_OPTIONS] = given


@dataclass(eq=False, slots=True)
class _Lent:
    chromium: Chromium
    pages: PageProcesses
    audits: int = 0
    users: int = 0
