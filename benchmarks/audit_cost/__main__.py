"""Audits each page with both sides in turn, both warm, and compares the CPU-seconds of their whole process trees.

    python -m benchmarks.audit_cost [--rounds 5] [--cache .cynthia/pages]

Counted: the worker, the Playwright driver, Chromium with all of its processes (those that have ended too), and for the
engine its proxy. Not counted: the server of the pages.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.audit_cost.side import Side
from benchmarks.audit_cost.sites import TEMPLATES, fetch, served

TARGET = 1.3


@contextmanager
def sides() -> Iterator[tuple[Side, Side]]:
    """Both workers, started."""
    bare, engine = Side("bare"), Side("engine")
    try:
        yield bare, engine
    finally:
        bare.close()
        engine.close()


def main() -> None:
    """Runs the comparison and prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--cache", type=Path, default=Path(".cynthia/pages"))
    given = options.parse_args()
    fetch(TEMPLATES, given.cache)
    with served(TEMPLATES, given.cache) as pages, sides() as (bare, engine):
        costs: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for round_number in range(given.rounds + 1):
            for name, url in pages.items():
                for side in (bare, engine) if round_number % 2 else (engine, bare):
                    cost = side.cost(url)
                    if round_number:  # the first round warms both up
                        costs.setdefault((name, side.name), []).append(cost)
    print(f"{given.rounds} rounds, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print(f"{'page':45} {'bare CPU s':>10} {'engine CPU s':>12} {'ratio':>6} {'bare s':>7} {'engine s':>8}")
    totals = {"bare": 0.0, "engine": 0.0}
    for name in pages:
        cpu = {side: median(cost[0] for cost in costs[name, side]) for side in totals}
        took = {side: median(cost[1] for cost in costs[name, side]) for side in totals}
        totals = {side: totals[side] + cpu[side] for side in totals}
        ratio = cpu["engine"] / cpu["bare"]
        row = f"{name:45} {cpu['bare']:10.2f} {cpu['engine']:12.2f} {ratio:6.2f}"
        print(f"{row} {took['bare']:7.2f} {took['engine']:8.2f}")
    ratio = totals["engine"] / totals["bare"]
    print(f"{'all':45} {totals['bare']:10.2f} {totals['engine']:12.2f} {ratio:6.2f}")
    print(f"\ntarget: at most {TARGET}; {'met' if ratio <= TARGET else 'missed'}")


if __name__ == "__main__":
    main()
