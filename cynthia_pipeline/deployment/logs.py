"""What the processes say: all of it into files, what an operator should see on the terminal. Pure but for the files."""

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

_LARGEST_LOG = 20_000_000
"""Bytes; a larger log is set aside when the deployment starts. One old log is kept."""

_LEVEL = re.compile(r" - (DEBUG|INFO|WARNING|ERROR|CRITICAL) - ")
_EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*(Error|Exception|Exit|Interrupt)\b(: |$)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_HARMLESS = (
    # Dagster's first start on an empty storage, and a start after a stop within a tick: as it should be.
    "No cursor for event type",
    "Moving dangling STARTED tick",
)


class Weight(StrEnum):
    """How much a line matters."""

    DETAIL = "detail"
    WARNING = "warning"
    ERROR = "error"


def plain(line: str) -> str:
    """`line` without colours and other control characters, which a page's text could have brought in."""
    return _CONTROL.sub("", _COLOUR.sub("", line)).rstrip()


def weight(line: str) -> Weight:
    """How much a line of Dagster's log matters, by its level; lines without one, as of a traceback, are details."""
    found = _LEVEL.search(line)
    if any(words in line for words in _HARMLESS):
        return Weight.DETAIL
    match found.group(1) if found else None:
        case "ERROR" | "CRITICAL":
            return Weight.ERROR
        case "WARNING":
            return Weight.WARNING
        case _:
            return Weight.DETAIL


def message_of(line: str) -> str:
    """The line without its time and level."""
    found = _LEVEL.search(line)
    return line[found.end() :] if found else line


def exceptions_in(lines: Iterable[str]) -> list[str]:
    """The lines that name an exception at the end of a traceback, the cause before what it caused."""
    return list(dict.fromkeys(line for line in lines if _EXCEPTION.match(line)))


def set_aside(log: Path) -> None:
    """Makes room for a new log if the old one has grown too large."""
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
