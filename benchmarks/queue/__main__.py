"""Measures this project's queue beside BullMQ's, on the same job, and prints one table.

python -m benchmarks.queue            both systems, all scenarios, about 7 minutes
python -m benchmarks.queue --quick    smaller sizes, about a minute
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.queue.measuring import Measured
from benchmarks.queue.ours import open_deployment, open_drain
from benchmarks.queue.peer_system import install, open_peer, versions
from benchmarks.queue.postgres import BenchmarkPostgres, open_postgres
from benchmarks.queue.processes import running
from benchmarks.queue.scenarios import FULL, LINES, QUICK, Line, measure
from benchmarks.queue.system import OpenSystem

PEER, DRAIN, OURS = "BullMQ", "drain", "Cynthia"


def main() -> None:
    # As Ctrl-C does: every block is left, and so everything that was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    arguments = _arguments()
    scenarios = {
        name: scenario
        for name, scenario in (QUICK if arguments.quick else FULL).items()
        if name in (arguments.scenario or FULL)
    }
    if PEER in arguments.systems:
        install()
    results: dict[str, dict[str, Measured]] = {name: {} for name in scenarios}
    with (
        tempfile.TemporaryDirectory(prefix="queue-benchmark-") as temporary,
        open_postgres(Path(temporary)) as postgres,
        running([sys.executable, "-m", "benchmarks.queue.stub_api"]) as stub,
    ):
        stub_url = f"http://127.0.0.1:{stub.line()}"
        systems = _systems(postgres, Path(temporary))
        for name, scenario in scenarios.items():
            for system in arguments.systems:
                if scenario.cold and system != OURS:
                    continue
                print(f"{system}: {scenario.title} …", file=sys.stderr, flush=True)
                results[name][system] = measure(scenario, systems[system], stub_url)
        parts = [versions()] if PEER in arguments.systems else []
        parts += [f"Postgres {postgres.version()}", f"Python {sys.version.split()[0]}", f"{os.cpu_count()} cores"]
    Console(width=130).print(
        _table(results, {name: scenario.title for name, scenario in scenarios.items()}, ", ".join(parts))
    )
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(_plain(results), indent=1))


def _systems(postgres: BenchmarkPostgres, folder: Path) -> dict[str, OpenSystem]:
    return {
        PEER: partial(open_peer, postgres, folder),
        DRAIN: partial(open_drain, postgres),
        OURS: partial(open_deployment, postgres, folder),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument("--scenario", action="append", choices=list(FULL), help="only this one (repeatable)")
    parser.add_argument("--systems", nargs="+", choices=[PEER, DRAIN, OURS], default=[PEER, OURS])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every session's moments there as well")
    return parser.parse_args()


def _table(results: Mapping[str, Mapping[str, Measured]], titles: Mapping[str, str], where: str) -> Table:
    table = Table(title=where, title_justify="left")
    for heading in ("scenario", "figure", "unit"):
        table.add_column(heading)
    for heading in (PEER, DRAIN, OURS, "ratio", "target"):
        table.add_column(heading, justify="right")
    shown = ""
    for line in LINES:
        if line.scenario not in results:
            continue
        title = titles[line.scenario]
        if title != shown:
            table.add_section()
        figures = {system: line.read(measured) for system, measured in results[line.scenario].items()}
        table.add_row("" if title == shown else title, line.title, line.unit, *_cells(line, figures))
        shown = title
    return table


def _cells(line: Line, figures: Mapping[str, float]) -> tuple[str, ...]:
    peer, drain, ours = (figures.get(system) for system in (PEER, DRAIN, OURS))
    judged = drain if ours is None else ours
    ratio = None if peer is None or judged is None else judged / peer
    ratio_shown = "" if ratio is None else f"{ratio:.2f}"
    return _figure(peer), _figure(drain), _figure(ours), ratio_shown, _target(line, ratio, judged)


def _target(line: Line, ratio: float | None, ours: float | None) -> str:
    bounds: tuple[tuple[str, float | None, float | None, Callable[[float, float], bool]], ...] = (
        ("≤ {} ×", line.most, ratio, float.__le__),
        ("≥ {} ×", line.least, ratio, float.__ge__),
        ("≤ {} " + line.unit, line.most_here, ours, float.__le__),
    )
    for text, bound, figure, holds in bounds:
        if bound is not None:
            verdict = "" if figure is None else ("met" if holds(figure, float(bound)) else "MISSED")
            return f"{text.format(f'{bound:g}')} {verdict}".strip()
    return ""


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def _plain(results: Mapping[str, Mapping[str, Measured]]) -> dict[str, dict[str, object]]:
    return {
        scenario: {system: asdict(measured) for system, measured in by_system.items()}
        for scenario, by_system in results.items()
    }


if __name__ == "__main__":
    main()
