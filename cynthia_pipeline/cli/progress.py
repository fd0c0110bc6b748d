"""How a deployment's progress and complaints look on the terminal."""

from typing import assert_never

from rich.markup import escape

from cynthia_pipeline.cli.console import err
from cynthia_pipeline.deployment.logs import Weight, message_of
from cynthia_pipeline.deployment.services import ServiceName
from cynthia_pipeline.text import neutralise


def say_step(text: str) -> None:
    """One step of starting or stopping."""
    err().print(f"[dim]·[/] {escape(text)}")


def say_told(service: ServiceName, weight: Weight, line: str) -> None:
    """A line of a process's log that matters."""
    err().print(f"[{_colour(service)}]{service:>9}[/] [{_shade(weight)}]{escape(neutralise(message_of(line)))}[/]")


def _colour(service: ServiceName) -> str:
    match service:
        case ServiceName.CODE:
            return "cyan"
        case ServiceName.LAUNCHER:
            return "green"
        case ServiceName.WEBSERVER:
            return "blue"
        case ServiceName.DAEMON:
            return "magenta"
        case _ as never:
            assert_never(never)


def _shade(weight: Weight) -> str:
    match weight:
        case Weight.DETAIL:
            return "dim"
        case Weight.WARNING:
            return "yellow"
        case Weight.ERROR:
            return "red"
        case _ as never:
            assert_never(never)
