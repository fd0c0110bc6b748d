"""A full audit beside Lighthouse's default run: ten pages of different kinds, CPU-seconds of whole process trees.

    python -m benchmarks.engine.lighthouse [--rounds 3] [--cache .cynthia/pages] [--only creative]

Ours is the engine as a drain uses it: a warm browser, both viewports, all thirteen axes. Lighthouse runs as its
command does by default (one run, as a phone), in the same Chromium, started anew as it always is. Both audit the same
page in turn on one machine. Counted: Python, Node, drivers, the browser with all of its processes, our egress proxy;
not the server of the pages. The peak memory is taken in a round of its own, which comes first and warms ours up, since
looking at it costs time. The targets are the median page's; the ratio of the sums, in which the long pages weigh most,
is printed beside it. Exits with 1 on a missed target.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.audit_cost.side import Side
from benchmarks.audit_cost.sites import Template, fetch, served
from cynthia_pipeline.browser.executable import find_chromium

LIGHTHOUSE = "lighthouse@12.8.2"
"""The last that runs on Node 20."""

TARGET_CPU_S = 3.0
TARGET_RATIO = 0.35
TARGET_MB = 600.0
_LOOK_S = 0.05  # between two looks at the memory

PAGES = (
    Template("startbootstrap-creative@7.0.7", "dist/index.html"),  # landing page with pictures
    Template("startbootstrap-resume@7.0.6", "dist/index.html"),
    Template("startbootstrap-clean-blog@6.0.9", "dist/post.html"),
    Template("startbootstrap-simple-sidebar@6.0.6", "dist/index.html"),  # shell of an app
    Template("startbootstrap-sb-admin@7.0.7", "dist/index.html"),  # dashboard: shell, charts, table
    Template("startbootstrap-sb-admin-2@4.1.4", "tables.html"),  # table-heavy
    Template("fluent-ffmpeg@2.1.2", "doc/FfmpegCommand.html"),  # generated reference
    Template("fluent-ffmpeg@2.1.2", "doc/index.html"),  # long article
    Template("spectre.css@0.5.9", "docs/elements/forms.html"),  # documentation with forms
    Template("reveal.js@4.6.1", "demo.html"),  # made by scripts
)


@dataclass
class Figures:
    """What was measured of one page, CPU-seconds and seconds."""

    ours: list[tuple[float, float]] = field(default_factory=list)
    lighthouse: list[tuple[float, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def lighthouse_command(folder: Path) -> Path:
    """Lighthouse's own command, installed under `folder` unless it is there."""
    command = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not command.is_file():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("npm is needed to fetch Lighthouse: install Node.js")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--silent", "--no-audit", "--prefix", str(folder), LIGHTHOUSE], check=True)
    return command


def lighthouse_cost(command: Path, url: str, browser: Path) -> tuple[float, float]:
    """CPU-seconds and seconds of Lighthouse's default run.

    Raises:
        RuntimeError: it failed.
    """
    run = ["node", str(command), url, "--quiet", "--output=json", "--output-path=/dev/null"]
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.engine.metered", *run, "--chrome-flags=--headless --no-sandbox"],
        env={**os.environ, "CHROME_PATH": str(browser)},
        check=True,
        capture_output=True,
    )
    told = json.loads(answer.stdout)
    if told["code"] != 0:
        raise RuntimeError(told["errors"])
    return float(told["cpu_s"]), float(told["took_s"])


def peak_memory_mb(side: Side, url: str) -> float:
    """Most that our tree held during one audit, MB."""
    seen = [side.memory_mb()]
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_S):
            seen.append(side.memory_mb())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        side.cost(url)
    finally:
        over.set()
        watcher.join()
    return max(seen)


def report(figures: dict[str, Figures], peaks: dict[str, float]) -> bool:
    """Prints the table; whether every target was met."""
    print(f"{'page':50} {'ours CPU s':>10} {'Lighthouse':>10} {'ratio':>6} {'ours s':>7} {'Lh. s':>6} {'peak MB':>8}")
    ours, theirs = [], []
    for name, each in figures.items():
        row = f"{name:50} {median(cost[0] for cost in each.ours):10.2f}"
        ours.append(median(cost[0] for cost in each.ours))
        if each.lighthouse:
            cpu_s = median(cost[0] for cost in each.lighthouse)
            theirs.append((ours[-1], cpu_s))
            row += f" {cpu_s:10.2f} {ours[-1] / cpu_s:6.2f} {median(cost[1] for cost in each.ours):7.2f}"
            row += f" {median(cost[1] for cost in each.lighthouse):6.2f}"
        else:
            row += f" {'failed':>10} {'':6} {median(cost[1] for cost in each.ours):7.2f} {'':6}"
        print(f"{row} {peaks[name]:8.0f}")
    for name, each in figures.items():
        for failure in each.failures:
            print(f"{name}: Lighthouse failed: {failure.strip().rpartition(chr(10))[2] or 'it gave no reason'}")
    middle, peak = median(ours), max(peaks.values())
    print(f"\nmedian of ours {middle:.2f} CPU-s, target {TARGET_CPU_S}")
    ratio = float("nan")
    if theirs:
        ratio = median(mine for mine, _ in theirs) / median(other for _, other in theirs)
        print(f"{ratio:.2f} of the median of Lighthouse, target {TARGET_RATIO}")
        print(f"median of the pages' ratios {median(mine / other for mine, other in theirs):.2f}")
        print(f"ratio of the sums {sum(mine for mine, _ in theirs) / sum(other for _, other in theirs):.2f}")
    print(f"peak memory {peak:.0f} MB, target {TARGET_MB:.0f}")
    return middle <= TARGET_CPU_S and ratio <= TARGET_RATIO and peak <= TARGET_MB


def measured(pages: dict[str, str], rounds: int, command: Path, ours: Side) -> dict[str, Figures]:
    """The figures of each page, medians to be taken."""
    browser = find_chromium(None)
    figures = {name: Figures() for name in pages}
    for _ in range(rounds):
        for name, url in pages.items():
            figures[name].ours.append(ours.cost(url))
            try:
                figures[name].lighthouse.append(lighthouse_cost(command, url, browser))
            except RuntimeError as error:
                figures[name].failures.append(str(error))
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the comparison."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--cache", type=Path, default=Path(".cynthia/pages"))
    options.add_argument("--only", default="", help="pages with this in their name")
    given = options.parse_args(arguments)
    chosen = tuple(page for page in PAGES if given.only in page.name)
    fetch(chosen, given.cache)
    command = lighthouse_command(given.cache.parent / "lighthouse")
    load_before = os.getloadavg()[0]
    with served(chosen, given.cache) as pages:
        ours = Side("engine")
        try:
            peaks = {name: peak_memory_mb(ours, url) for name, url in pages.items()}
            figures = measured(pages, given.rounds, command, ours)
        finally:
            ours.close()
    load = f"load average {load_before:.1f} before and {os.getloadavg()[0]:.1f} after"
    print(f"{given.rounds} rounds, {load}, {os.cpu_count()} cores\n")
    sys.exit(not report(figures, peaks))


if __name__ == "__main__":
    main()
