"""How a deployment's progress and complaints look on the terminal."""

from rich.markup import escape

from cynthia_pipeline.cli.console import err
from cynthia_pipeline.deployment.logs import Weight, message_of
from cynthia_pipeline.deployment.services import ServiceName

_COLOURS = {ServiceName.CODE: "cyan", ServiceName.WEBSERVER: "blue", ServiceName.DAEMON: "magenta"}
_WEIGHTS = {Weight.DETAIL: "dim", Weight.WARNING: "yellow", Weight.ERROR: "red"}


def say_step(text: str) -> None:
    """One step of starting or stopping."""
    err().print(f"[dim]·[/] {escape(text)}")


def say_told(service: ServiceName, weight: Weight, line: str) -> None:
    """A line of a process's log that matters."""
    colour, shade = _COLOURS[service], _WEIGHTS[weight]
    err().print(f"[{colour}]{service:>9}[/] [{shade}]{escape(message_of(line))}[/]")
