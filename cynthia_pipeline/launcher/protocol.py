"""What the launcher asks of the fork server: one JSON object each way over a Unix socket, a line each."""

import json
import socket
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

READY = "Ready to fork"
"""What the server prints once it listens."""

LONGEST = 4_000_000
"""Bytes of a line; a run's arguments hold the whole instance's settings."""


class Ask(StrEnum):
    """What can be asked."""

    START = "start"
    STATE = "state"
    STOP = "stop"


class State(StrEnum):
    """What the server knows of a run's process."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Request:
    """One question.

    Attributes:
        arguments: of the `dagster` command, for START.
    """

    ask: Ask
    run_id: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it.

    Attributes:
        pid: of the run's process, if it was started by this server.
    """

    state: State
    pid: int | None = None


def encode(message: Request | Answer) -> bytes:
    """The message as one line."""
    return json.dumps(asdict(message)).encode() + b"\n"


def decode_request(line: bytes) -> Request:
    """The request in `line`.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    fields: dict[str, Any] = json.loads(line)
    return Request(Ask(fields["ask"]), str(fields["run_id"]), tuple(map(str, fields["arguments"])))


def decode_answer(line: bytes) -> Answer:
    """The answer in `line`.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    fields: dict[str, Any] = json.loads(line)
    return Answer(State(fields["state"]), fields["pid"])


def ask(path: Path, request: Request, *, within_s: float) -> Answer:
    """The server's answer.

    Raises:
        OSError: there is no server at `path`, or it does not answer in time.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(within_s)
        connection.connect(str(path))
        connection.sendall(encode(request))
        with connection.makefile("rb") as stream:
            line = stream.readline(LONGEST)
    if not line:
        raise ConnectionResetError("the fork server ended without an answer")
    return decode_answer(line)
