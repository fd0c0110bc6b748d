"""One process that is kept alive: started, listened to, started again when it dies, and ended when told."""

import asyncio
import os
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from cynthia_pipeline.deployment.backoff import deaths_in_a_row, restart_delay_s
from cynthia_pipeline.deployment.logs import Weight, plain, set_aside, weight
from cynthia_pipeline.deployment.services import Service, ServiceName
from cynthia_pipeline.errors import CynthiaError

_LONGEST_LINE = 1_000_000
"""Bytes; what is longer arrives in pieces."""

Told = Callable[[ServiceName, Weight, str], None]
"""Is given each line that matters."""


class NotKeptError(CynthiaError):
    """A fault of ours: a process could not be looked after any more; the message says what was wrong."""


class Kept:
    """Keeps `service` alive for as long as `run()` is not cancelled.

    Attributes:
        ready: set once the process has printed its ready line; at once for one that has none.
        first_end: the exit code of the first process, once it has ended.
        log: the file that holds all it says.
        dependants: are started anew once this one is back from the dead.
    """

    def __init__(self, service: Service, environment: Mapping[str, str], log: Path, told: Told) -> None:
        self._service = service
        self._environment = dict(environment)
        self.log = log
        self._told = told
        self._process: Process | None = None
        self._being_renewed = False
        self.dependants: list[Kept] = []
        self.ready = asyncio.Event()
        self.first_end: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Runs the process, and runs it again whenever it ends."""
        set_aside(self.log)
        deaths = 0
        # Listening goes on after a process's end: those that it started may live, and write to the same pipe.
        async with asyncio.TaskGroup() as listening:
            while True:
                started = time.monotonic()
                reading, writing = os.pipe()
                try:
                    process = self._process = await self._start(writing)
                finally:
                    os.close(writing)
                listening.create_task(self._listen(reading, again=deaths > 0))
                code = await process.wait()
                if not self.first_end.done():
                    self.first_end.set_result(code)
                if self._being_renewed:
                    self._being_renewed = False
                    continue
                deaths = deaths_in_a_row(deaths, time.monotonic() - started)
                delay = restart_delay_s(deaths)
                self._say(Weight.WARNING, f"ended ({_explained(code)}); starts again in {delay:g} s, see {self.log}")
                await asyncio.sleep(delay)

    def renew(self) -> None:
        """Ends the process, if there is one, so that it starts anew at once. Killed: it is to be at work again soon."""
        if self._process is not None and self._process.returncode is None:
            self._being_renewed = True
            self._process.kill()

    async def _start(self, output: int) -> Process:
        # The pipe is ours: a process with one of asyncio's is taken for alive while anyone at all holds its other end.
        # A session of its own: Ctrl-C goes to the supervisor alone, which ends the processes in order.
        return await asyncio.create_subprocess_exec(
            *self._service.command,
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
            env=self._environment,
            start_new_session=True,
        )

    async def _listen(self, pipe: int, *, again: bool) -> None:
        if self._service.ready_line is None:
            self._is_ready(again=again)
        async with _stream(pipe) as stream:
            await self._note_lines(stream, again=again)

    async def _note_lines(self, stream: asyncio.StreamReader, *, again: bool) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            while line := await _next_line(stream):
                text = plain(line.decode(errors="replace"))
                log.write(text + "\n")
                log.flush()
                if self._service.ready_line is not None and self._service.ready_line in text:
                    self._is_ready(again=again)
                heavy = weight(text)
                if heavy is not Weight.DETAIL:
                    self._say(heavy, text)

    def _is_ready(self, *, again: bool) -> None:
        self.ready.set()
        if again:
            self._say(Weight.WARNING, "runs again")
            for dependant in self.dependants:
                dependant.renew()

    def _say(self, heavy: Weight, text: str) -> None:
        self._told(self._service.name, heavy, text)


@asynccontextmanager
async def keeping() -> AsyncIterator[Callable[[Kept], Kept]]:
    """Keeps alive what it is given, until the end of the block.

    Raises:
        NotKeptError: a fault of ours kept a process from being looked after; the block was ended for it.
    """
    owner = asyncio.current_task()
    tasks: list[asyncio.Task[None]] = []
    is_over = False

    def ended(task: "asyncio.Task[None]") -> None:
        nonlocal is_over
        # Nobody would start the process again, nor say so.
        if owner is not None and not task.cancelled() and not is_over:
            is_over = True
            owner.cancel()

    def keep(kept: Kept) -> Kept:
        tasks.append(asyncio.create_task(kept.run()))
        tasks[-1].add_done_callback(ended)
        return kept

    try:
        yield keep
    finally:
        is_over = True
        # No more restarts from here on.
        for task in tasks:
            task.cancel()
        for failure in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(failure, Exception):
                raise NotKeptError(f"a process could not be looked after any more: {failure!r}") from failure


@asynccontextmanager
async def _stream(pipe: int) -> AsyncIterator[asyncio.StreamReader]:
    """What comes out of the pipe's reading end `pipe`, which is closed at the end of the block."""
    stream = asyncio.StreamReader(limit=_LONGEST_LINE)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(pipe, "rb", buffering=0)
    )
    try:
        yield stream
    finally:
        transport.close()


async def _next_line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError:
        return await stream.read(_LONGEST_LINE)


def _explained(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
