"""A whole deployment on one machine: databases, code server, webserver and daemon, up for as long as it is entered."""

import asyncio
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cynthia_pipeline.deployment import cohort
from cynthia_pipeline.deployment.health import Health, ask_health
from cynthia_pipeline.deployment.home import Home
from cynthia_pipeline.deployment.kept import Kept, Told, keeping
from cynthia_pipeline.deployment.logs import exceptions_in, plain
from cynthia_pipeline.deployment.ports import port_to_use
from cynthia_pipeline.deployment.services import (
    MARK,
    Service,
    code_server,
    daemon,
    launcher,
    launcher_block,
    service_environment,
    webserver,
    workspace_file,
)
from cynthia_pipeline.errors import CynthiaError
from cynthia_pipeline.settings import Settings
from cynthia_pipeline.store.migrate import upgrade
from cynthia_pipeline.store.urls import DatabaseUrls, databases, embedded_server

_START_TIMEOUT_S = 180.0
"""Seconds until all is ready, on a slow machine with cold caches."""

_STOP_GRACE_S = 8.0
"""Seconds for everything to end by itself. An audit cut short goes back to the queue by its lease."""

_ASK_EVERY_S = 0.2

_LATEST_LINES = 300
"""Of a log, where the reason for an end is looked for; a chain of tracebacks fits."""


class DeploymentError(CynthiaError):
    """The deployment did not come up; the message says which part, and what it said itself."""


@dataclass(frozen=True)
class Deployment:
    """A deployment that is up.

    Attributes:
        address: of the Dagster UI.
        urls: its databases.
        home: its folders.
        mark: what its processes carry in their environment.
    """

    address: str
    urls: DatabaseUrls
    home: Home
    mark: str


@asynccontextmanager
async def deployed(
    settings: Settings, environment: Mapping[str, str], *, step: Callable[[str], None], told: Told
) -> AsyncIterator[Deployment]:
    """A deployment that is ready for work, and is stopped with all its processes at the end of the block.

    However the block ends: also if this process is killed, when a guard ends what is left. The embedded Postgres alone
    outlives that; the next deployment in the same home takes it over.

    Args:
        environment: what the processes inherit.
        step: is told what happens while it starts and stops.
        told: is given each line of the processes' logs that matters.

    Raises:
        UsageError: a deployment is up in this home already, or a database cannot be used.
        DeploymentError: a part did not come up.
        NotKeptError: a part could not be looked after any more.
    """
    home = Home(settings.home.absolute())
    mark = uuid.uuid4().hex
    with home.claimed() as claim:
        home.prepare()
        async with AsyncExitStack() as stack:
            step("Starting the database")
            server = embedded_server(settings)
            if server is not None:
                stack.callback(server.stop)
            urls = await asyncio.to_thread(databases, settings)
            await asyncio.to_thread(upgrade, urls.app)
            port = port_to_use(settings.webserver_host, settings.webserver_port)
            if settings.webserver_port not in {0, port}:
                step(f"Port {settings.webserver_port} is taken; the Dagster UI takes {port}")
            deployment = Deployment(address=_address(settings.webserver_host, port), urls=urls, home=home, mark=mark)
            inherited = service_environment(environment, home=home.root, dagster_home=home.dagster, urls=urls)
            stack.enter_context(_guarded(mark))
            await stack.enter_async_context(_ended_after(mark, step))
            await stack.enter_async_context(_running(deployment, settings, port, {**inherited, MARK: mark}, step, told))
            claim.announce(pid=os.getpid(), address=deployment.address)
            yield deployment


@asynccontextmanager
async def _running(
    deployment: Deployment,
    settings: Settings,
    port: int,
    environment: Mapping[str, str],
    step: Callable[[str], None],
    told: Told,
) -> AsyncIterator[None]:
    home = deployment.home
    with tempfile.TemporaryDirectory(prefix="cynthia-") as private:
        socket, fork_socket = Path(private) / "code.sock", Path(private) / "fork.sock"
        forks = settings.fork_runs and sys.platform == "linux"
        home.prepare(launcher_block(fork_socket) if forks else "")
        home.workspace.write_text(workspace_file(socket))

        async with keeping() as start:

            def keep(service: Service) -> Kept:
                return start(Kept(service, environment, home.logs / f"{service.name}.log", told))

            async with _start_timeout(deployment.address):
                step("Loading the code")
                code = keep(code_server(socket))
                loaders = [code, *([keep(launcher(fork_socket))] if forks else ())]
                for loader in loaders:
                    await _before_any_ends(loader.ready.wait(), *loaders)
                step("Starting the webserver and the daemon")
                read_only = settings.webserver_read_only
                web = keep(webserver(home.workspace, settings.webserver_host, port, read_only=read_only))
                others = [web, keep(daemon(home.workspace))]
                # A daemon that looked at the code while it was away holds it for broken up to a minute longer, and
                # starts nothing. Whatever it was doing is safe to be cut off: claiming is the guard.
                code.dependants.append(others[-1])
                await _before_any_ends(wait_until_ready(deployment.address), *loaders, *others)
            yield


async def wait_until_ready(address: str) -> None:
    """Returns once the webserver at `address` answers, the code is loaded and every daemon has shown life.

    Raises:
        DeploymentError: the code cannot be loaded; with Dagster's words.
    """
    while not (health := await ask_health(address)).is_ready:
        for name, error in (health.load_errors or {}).items():
            raise DeploymentError(f"the code location {name} cannot be loaded: {error}")
        await asyncio.sleep(_ASK_EVERY_S)


@asynccontextmanager
async def _start_timeout(address: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            yield
    except TimeoutError:
        missing = _missing(await ask_health(address))
        raise DeploymentError(f"not ready after {_START_TIMEOUT_S:.0f} s: {missing}") from None


async def _before_any_ends(event: Coroutine[Any, Any, Any], *needed: Kept) -> None:
    """Waits for `event`, and fails at once if one of the processes that it needs ends first."""
    waiting: asyncio.Future[Any] = asyncio.ensure_future(event)
    try:
        await asyncio.wait([waiting, *(kept.first_end for kept in needed)], return_when=asyncio.FIRST_COMPLETED)
        for kept in needed:
            if kept.first_end.done() and not waiting.done():
                raise DeploymentError(f"{kept.log.stem} ended while starting, see {kept.log}:\n{_reason(kept.log)}")
        await waiting
    finally:
        waiting.cancel()


@asynccontextmanager
async def _ended_after(mark: str, step: Callable[[str], None]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        step("Stopping")
        # Shielded: a second Ctrl-C must not leave processes behind.
        await asyncio.shield(asyncio.to_thread(cohort.end, MARK, mark, grace_s=_STOP_GRACE_S))


@contextmanager
def _guarded(mark: str) -> Iterator[None]:
    """Starts the guard, which ends what this process leaves behind when it is killed."""
    guard = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "cynthia_pipeline.deployment.guard", mark],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        guard.communicate()


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _missing(health: Health) -> str:
    if health.version is None:
        return "the webserver does not answer"
    if not health.locations:
        return "the code is not loaded"
    return f"no sign of life from {', '.join(health.daemons_missing)}"


def _reason(log: Path) -> str:
    lines = [plain(line) for line in log.read_text(errors="replace").splitlines()[-_LATEST_LINES:]]
    return "\n".join(exceptions_in(lines) or lines[-3:])
