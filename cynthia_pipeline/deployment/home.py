"""The home folder of a deployment: where each thing lies, and the one lock that says that it is up."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cynthia_pipeline.errors import UsageError

_PACKAGED_INSTANCE = Path(__file__).with_name("dagster.yaml")
_INSTANCE_IN_CHECKOUT = Path(__file__).parents[2] / "dagster.yaml"


@dataclass(frozen=True)
class Home:
    """The folders of one deployment.

    Attributes:
        root: absolute.
    """

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def dagster(self) -> Path:
        """What DAGSTER_HOME is set to."""
        return self.root / "dagster"

    @property
    def workspace(self) -> Path:
        return self.dagster / "workspace.yaml"

    def prepare(self, instance_additions: str = "") -> None:
        """Makes the folders, and puts the instance's dagster.yaml where Dagster reads it."""
        for folder in (self.logs, self.reports, self.dagster):
            folder.mkdir(parents=True, exist_ok=True)
        (self.dagster / "dagster.yaml").write_text(instance_file().read_text() + instance_additions)

    @contextmanager
    def claimed(self) -> Iterator["Claim"]:
        """Holds this home for one deployment; the system lets it go when the process dies.

        Raises:
            UsageError: another deployment is up in this home; says where.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "up.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(f"already running in {self.root}{_where(self.root)}: stop it first") from None
            claim = Claim(self.root / "up.json")
            try:
                yield claim
            finally:
                claim.path.unlink(missing_ok=True)

    def address(self) -> str | None:
        """Where the UI of the deployment that is up here answers; None if none has said so."""
        return _told(self.root).get("address")


@dataclass(frozen=True)
class Claim:
    """A held home, in which the holder says who it is."""

    path: Path

    def announce(self, *, pid: int, address: str) -> None:
        self.path.write_text(json.dumps({"pid": pid, "address": address}))


def instance_file() -> Path:
    """The project's dagster.yaml: beside the code in an installed package, at the top of a checkout."""
    return _PACKAGED_INSTANCE if _PACKAGED_INSTANCE.exists() else _INSTANCE_IN_CHECKOUT


def _told(root: Path) -> dict[str, str]:
    try:
        told = json.loads((root / "up.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return {name: str(value) for name, value in told.items()}


def _where(root: Path) -> str:
    told = _told(root)
    return f" (process {told['pid']}, {told['address']})" if told else ""
