"""The processes of a deployment: what each is called, how it is started, when it is ready. Pure.

One code server is shared by the webserver and the daemon: what the project imports is imported once. It listens on
a Unix socket in a private folder, so nobody else on the machine can reach it.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cynthia_pipeline.launcher.protocol import READY
from cynthia_pipeline.store.urls import DatabaseUrls

LOCATION = "cynthia"
"""The code location's name. Sensors keep their state by it, so it is the same in workspace.yaml."""

MODULE = "cynthia_pipeline.definitions"

MARK = "CYNTHIA_DEPLOYMENT"
"""Environment variable that every process of a deployment inherits, whoever started it; see cohort.py."""

_CODE_SERVER_THREADS = 16
"""Each sensor tick holds one for as long as it waits for work, and the UI wants some too."""


class ServiceName(StrEnum):
    """The processes that are kept alive."""

    CODE = "code"
    LAUNCHER = "launcher"
    WEBSERVER = "webserver"
    DAEMON = "daemon"


@dataclass(frozen=True)
class Service:
    """One process to keep alive.

    Attributes:
        command: program and arguments.
        ready_line: what it prints once it can be used; None where only asking tells.
    """

    name: ServiceName
    command: tuple[str, ...]
    ready_line: str | None = None


def code_server(socket: Path) -> Service:
    """The code location, on `socket`."""
    arguments = ("api", "grpc", "--module-name", MODULE, "--location-name", LOCATION, "--socket", str(socket))
    options = ("--max-workers", str(_CODE_SERVER_THREADS), "--use-python-environment-entry-point")
    return Service(
        name=ServiceName.CODE,
        command=(_program("dagster"), *arguments, *options),
        ready_line="Started Dagster code server",
    )


def launcher(socket: Path) -> Service:
    """The process that each run is forked from, on `socket`."""
    return Service(
        name=ServiceName.LAUNCHER,
        command=(sys.executable, "-m", "cynthia_pipeline.launcher.server", str(socket)),
        ready_line=READY,
    )


def webserver(workspace: Path, host: str, port: int, *, read_only: bool = False) -> Service:
    """The Dagster UI; for viewers, who change nothing, if `read_only`."""
    arguments = ["--workspace", str(workspace), "--host", host, "--port", str(port)]
    if read_only:
        arguments.append("--read-only")
    return Service(name=ServiceName.WEBSERVER, command=(_program("dagster-webserver"), *arguments))


def daemon(workspace: Path) -> Service:
    """Sensors, schedules and the run queue."""
    return Service(name=ServiceName.DAEMON, command=(_program("dagster-daemon"), "run", "--workspace", str(workspace)))


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def workspace_file(socket: Path) -> str:
    """A workspace.yaml whose one location is the code server on `socket`."""
    return f"load_from:\n  - grpc_server:\n      socket: {socket}\n      location_name: {LOCATION}\n"


def launcher_block(socket: Path) -> str:
    """The part of dagster.yaml that has runs forked from the process on `socket`."""
    return (
        "\nrun_launcher:\n  module: cynthia_pipeline.launcher.launcher\n  class: ForkingRunLauncher\n"
        f"  config:\n    socket: {socket}\n"
    )


def service_environment(
    inherited: Mapping[str, str], *, home: Path, dagster_home: Path, urls: DatabaseUrls
) -> dict[str, str]:
    """The environment for every process of the deployment, and for plain Dagster commands beside it."""
    return {**inherited, **deployment_variables(home=home, dagster_home=dagster_home, urls=urls)}


def deployment_variables(*, home: Path, dagster_home: Path, urls: DatabaseUrls) -> dict[str, str]:
    """What a process has to be told to be part of this deployment."""
    return {
        "CYNTHIA_HOME": str(home),
        "CYNTHIA_DATABASE_URL": urls.app,
        "DAGSTER_POSTGRES_URL": urls.dagster,
        "DAGSTER_HOME": str(dagster_home),
    }
