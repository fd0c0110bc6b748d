"""The processes of one browser, seen from outside: how much memory they hold, and their certain end.

A browser is told from all others on the machine by a mark on its command line.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import psutil

MARK_FLAG: Final = "--cynthia-browser="
"""A switch that Chromium does not know and ignores; the value is unique for each browser."""

_KILL_WAIT_S: Final = 2.0


def browser_process(mark: str) -> psutil.Process | None:
    """The main process of the browser with this mark, among this process's own descendants."""
    for process in psutil.Process().children(recursive=True):
        try:
            arguments = process.cmdline()
        except psutil.Error:  # ended while being looked at
            continue
        # A distribution's start script has the same switches, but its own path before them: sh -e /usr/bin/chromium …
        is_script = any(not argument.startswith("-") for argument in arguments[1:3])
        if f"{MARK_FLAG}{mark}" in arguments and not is_script and _role(process) == "browser":
            return process
    return None


def process_tree(browser: psutil.Process) -> list[psutil.Process]:
    """The browser and all processes under it; empty once it has ended."""
    try:
        return [browser, *browser.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@dataclass(frozen=True, slots=True)
class RendererLimits:
    """What one process that runs pages may take.

    Attributes:
        bytes: of memory, resident. The kernel's own limit on data will not do: the browser reserves more for its
            heaps than any page may use.
        threads: each worker of a page is one; a page without any has some twenty.
    """

    bytes: int = 2_000_000_000
    threads: int = 150


class PageProcesses:
    """The processes of one browser that run pages, looked for often and cheaply.

    Whose child a process is has to be asked of each process on the machine, of which a busy one has thousands. Here it
    is asked once of each that is new; a number that is given to another process between two looks is not noticed, which
    takes as many starts as the system has numbers.
    """

    def __init__(self, browser: psutil.Process) -> None:
        self._browser = browser
        self._strangers: set[int] = set()
        self._own: dict[int, psutil.Process] = {}

    def beyond(self, each: RendererLimits, at_once: int) -> list[psutil.Process]:
        """Those that take more than one may, and the newest of those beyond `at_once`."""
        renderers = [process for process in self._now() if _role(process) == "renderer"]
        greedy = [
            process for process in renderers if _resident(process) > each.bytes or _threads(process) > each.threads
        ]
        oldest_first = sorted(renderers, key=_started)
        return list({*greedy, *oldest_first[at_once:]})

    def _now(self) -> Iterable[psutil.Process]:
        """What is under the browser; a process that has just come may not have its own name yet."""
        there = set(psutil.pids())
        self._strangers &= there
        self._own = {pid: process for pid, process in self._own.items() if process.is_running()}
        for pid in there - self._strangers - self._own.keys():
            try:
                process = psutil.Process(pid)
                is_own = self._browser in process.parents()
            except psutil.Error:  # ended meanwhile
                continue
            if is_own:
                self._own[pid] = process
            else:
                self._strangers.add(pid)
        return self._own.values()


def lasting_memory(browser: psutil.Process) -> int:
    """Bytes resident in what outlives a page: the browser and its helpers, without the processes that run pages."""
    return sum(_resident(process) for process in process_tree(browser) if _role(process) != "renderer")


def kill(processes: Sequence[psutil.Process]) -> None:
    """Ends these processes at once, and waits until they are gone."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=_KILL_WAIT_S)


def minimal_environment() -> dict[str, str | float | bool]:
    """What a browser needs of the environment. The rest stays away from it: secrets are kept there."""
    wanted = {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_RUNTIME_DIR", "SYSTEMROOT", "TEMP", "TMP"}
    return {name: value for name, value in os.environ.items() if name in wanted}


def _role(process: psutil.Process) -> str:
    """What Chromium says the process does: "renderer", "gpu-process", …; "browser" for the main one."""
    try:
        # A process forked from the zygote has its whole command line in one string.
        arguments = " ".join(process.cmdline()).split(" ")
    except psutil.Error:
        return "gone"
    return next((a.removeprefix("--type=") for a in arguments if a.startswith("--type=")), "browser")


def _threads(process: psutil.Process) -> int:
    try:
        return process.num_threads()
    except psutil.Error:
        return 0


def _started(process: psutil.Process) -> float:
    try:
        return process.create_time()
    except psutil.Error:
        return 0.0


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
