"""The queue at one moment, for whoever watches over it: the same facts in the terminal and in `--json`."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cynthia_pipeline.queue.model import Pause, Priority, SessionId


@dataclass(frozen=True, slots=True)
class Depth:
    """What waits in one priority class.

    Attributes:
        due: could start now.
        later: waits for a retry.
    """

    priority: Priority
    due: int
    later: int


@dataclass(frozen=True, slots=True)
class RunningAudit:
    """An audit under a lease; `seconds` since its claim, `progress` in percent."""

    session: SessionId | None
    target: str
    seconds: float
    progress: int
    attempt: int
    run_id: str | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The median and the 95th percentile, seconds; None where nothing was measured."""

    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class LiveDrain:
    """A drain that showed a sign of life within a lease's length."""

    run_id: str | None
    host: str
    pid: int
    slots: int
    alive_s: float
    silent_s: float
    ending: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole queue.

    Attributes:
        new: sessions that no audit was made for yet.
        depth: by priority class, the first served first; classes without work left out.
        oldest_wait_s: of what is due and has not started, seconds; None if nothing waits.
        running: longest running first, at most SHOWN of `running_count`.
        waited, worked: over finals of the last hour; from insert to first start, and of their last attempt.
        completed: of the last hour.
        failures: final failures of the last hour by error code, most frequent first.
    """

    now: datetime
    pause: Pause | None
    new: int
    depth: tuple[Depth, ...]
    oldest_wait_s: float | None
    running_count: int
    running: tuple[RunningAudit, ...]
    waited: Spread
    worked: Spread
    completed: int
    failures: tuple[tuple[str, int], ...]
    drains: tuple[LiveDrain, ...]

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        plain: dict[str, Any] = _plain(asdict(self))
        plain["depth"] = [
            {"priority": each.priority.name.lower(), "due": each.due, "later": each.later} for each in self.depth
        ]
        plain["failures"] = dict(self.failures)
        return plain


SHOWN = 20
"""Most running audits that are listed."""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Final failures with one error code: how many, when the last, and the newest sessions or requests."""

    code: str
    count: int
    last_at: datetime
    newest: tuple[UUID, ...]

    def as_json(self) -> dict[str, Any]:
        """As a part of what `--json` prints."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value
