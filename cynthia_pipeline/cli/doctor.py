"""`cynthia doctor`: what is installed, reachable and migrated, one line each, with the mend."""

from dataclasses import asdict
from typing import Annotated

import typer

from cynthia_pipeline.cli.console import err, out, say_json, settings_of

_EXIT_MISSING = 1


def doctor(
    context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> None:
    """Say what is installed, reachable and migrated, and how to mend what is not."""
    from rich.markup import escape

    from cynthia_pipeline.deployment.checkup import Finding, State, look_at_everything

    colours = {State.OK: "green", State.IDLE: "dim", State.WARNING: "yellow", State.MISSING: "red"}
    findings: list[Finding] = []
    for finding in look_at_everything(settings_of(context)):
        findings.append(finding)
        if not as_json:
            state = f"[{colours[finding.state]}]{finding.state.value:<7}[/]"
            mend = f" [dim]→ {escape(finding.mend)}[/]" if finding.mend else ""
            out().print(f"{state} [bold]{finding.name}[/]: {escape(finding.says)}{mend}", soft_wrap=True)
    sound = all(finding.state is not State.MISSING for finding in findings)
    if as_json:
        say_json({"ok": sound, "findings": [asdict(finding) for finding in findings]})
    if not sound:
        if not as_json:
            err().print("Something that is needed is missing.")
        raise typer.Exit(_EXIT_MISSING)
