"""Audits one page many times in one warm browser: which issues and scores differ, and how far the timings spread.

    python -m benchmarks.engine.repeat [--audits 20] [--cache .cynthia/pages]

The page is a website template from an npm package, served on loopback. Exits with 1 if anything but DYN differs, which
rests on the machine's own speed.
"""

import argparse
import asyncio
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.audit_cost.sites import TEMPLATES, fetch, served
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.report import Axis, Report
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.settings import Settings

PAGE = next(template for template in TEMPLATES if "simple-sidebar" in template.package)


async def audits(url: str, count: int) -> list[Report]:
    """`count` reports of the page, one after the other."""

    async def ignore(_: int) -> None:
        """Nobody watches."""

    request = AuditRequest(TargetType.URL, url)
    async with open_browser_engine(Settings(allow_hosts=("127.0.0.1",))) as engine:
        return [(await engine.audit(request, ignore)).report for _ in range(count)]


def differences(reports: Sequence[Report]) -> Iterator[str]:
    """What is not the same in every report, timings left out."""
    first = reports[0]
    for place, report in enumerate(reports[1:], start=2):
        issues, wanted = (
            {issue.id: issue for issue in each.full_issues if issue.axis is not Axis.DYN} for each in (report, first)
        )
        for name in sorted(issues.keys() | wanted.keys()):
            if issues.get(name) != wanted.get(name):
                yield f"audit {place}: issue {name}"
        for axis in Axis:
            if axis is not Axis.DYN and report.udec_scores[axis] != first.udec_scores[axis]:
                yield f"audit {place}: {axis.value} {report.udec_scores[axis]}, not {first.udec_scores[axis]}"


def spread(reports: Sequence[Report]) -> Iterator[str]:
    """Lowest, median and highest DYN score, overall score and time of measuring."""
    columns: dict[str, list[float | None]] = {
        "DYN score": [report.udec_scores[Axis.DYN] for report in reports],
        "overall score": [report.overall_score for report in reports],
        "measuring, ms": [report.details.timings_ms["measure"] for report in reports],
    }
    for name, values in columns.items():
        known = sorted(value for value in values if value is not None)
        if known:
            yield f"{name:16} {known[0]:>8g} {statistics.median(known):>8g} {known[-1]:>8g}"


def main() -> None:
    """Prints both."""
    options = argparse.ArgumentParser(prog="benchmarks.engine.repeat")
    options.add_argument("--audits", type=int, default=20)
    options.add_argument("--cache", type=Path, default=Path(".cynthia/pages"))
    chosen = options.parse_args()
    fetch((PAGE,), chosen.cache)
    with served((PAGE,), chosen.cache) as addresses:
        reports = asyncio.run(audits(addresses[PAGE.name], chosen.audits))
    print(f"{PAGE.name}, {len(reports)} audits; lowest, median, highest")
    print("\n".join(spread(reports)))
    found = list(differences(reports))
    print("\n".join(found) or "every issue and every score but DYN's is the same")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
