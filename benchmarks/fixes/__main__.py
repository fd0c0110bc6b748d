"""Makes every kind of fix pack of each page and counts what was offered, kept and cleared.

    python -m benchmarks.fixes [--page creative] [--type token] [--cache .cynthia/pages] [--json FILE]
    python -m benchmarks.fixes --latency                 # from a request's insert to its pack, with a drain alive

Pages: website templates from npm packages, served on loopback, and those with faults in `planted/` beside this
file. A finding is one element that breaks one rule in one view. CPU is that of the whole process tree, the browser's
included, for the pack alone; the audit before it is not counted. A kind of finding of which no pack could be
made counts as not cleared.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from uuid import uuid4

from benchmarks.audit_cost.sites import TEMPLATES, Template, fetch, served
from benchmarks.fixes.cpu import CpuMeter
from benchmarks.fixes.latency import Waited, waits
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.report import Report
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.clock import system_clock
from cynthia_pipeline.errors import WorkError
from cynthia_pipeline.fix_packs.maker import ProvingPackMaker
from cynthia_pipeline.fix_packs.ports import FixPackType, MadePack, PackOrder, PageAddress
from cynthia_pipeline.fix_packs.scope import in_scope
from cynthia_pipeline.messages import Language
from cynthia_pipeline.settings import Settings

PLANTED = tuple(Template("planted@1", path.name) for path in sorted(Path(__file__).with_name("planted").glob("*.html")))
PAGES = (
    *TEMPLATES,
    Template("startbootstrap-agency@7.0.12", "dist/index.html"),
    Template("startbootstrap-clean-blog@6.0.9", "dist/index.html"),
    Template("startbootstrap-freelancer@7.0.7", "dist/index.html"),
    Template("startbootstrap-new-age@6.0.7", "dist/index.html"),
    Template("startbootstrap-modern-business@5.0.7", "dist/index.html"),
    *PLANTED,
)


@dataclass(slots=True)
class Row:
    """One pack of one page, or why there is none."""

    page: str
    type: str
    findings: int = 0
    gone: int = 0
    offered: int = 0
    kept: int = 0
    score_before: int | None = None
    score_after: int | None = None
    seconds: float = 0.0
    cpu_s: float = 0.0
    none: str = ""
    opened: int = 0
    rehearsals: int = 0
    unfixed: dict[str, str] = field(default_factory=dict)


async def measured(
    maker: ProvingPackMaker, url: str, name: str, kind: FixPackType, report: Report, cpu: CpuMeter
) -> Row:
    """Makes one pack and counts."""
    row = Row(name, kind.value)
    row.findings = sum(issue.occurrences for issue in report.full_issues if in_scope(issue, kind))
    if not row.findings:
        return row
    began, spent = time.monotonic(), cpu.seconds()
    order = PackOrder(uuid4(), kind, PageAddress(url), Language.ENGLISH, report, system_clock())
    try:
        pack = await maker.make(order, _ignore)
    except WorkError as error:
        row.none = f"{error.code.value}: {error.detail}"[:300]
        tried = re.match(r"\d+(?= fixes tried)", error.detail)
        row.offered = int(tried[0]) if tried else 0
    else:
        _count(row, pack)
    row.seconds, row.cpu_s = time.monotonic() - began, cpu.seconds() - spent
    return row


def _count(row: Row, pack: MadePack) -> None:
    proof = pack.verification
    row.findings, row.gone = proof.details["findings"], proof.details["findings_gone"]
    row.offered, row.kept = proof.details["fixes_offered"], proof.details["fixes_kept"]
    row.opened, row.rehearsals = proof.details["pages_opened"], proof.details["rehearsals"]
    row.score_before, row.score_after = proof.overall_before, proof.overall_after
    row.unfixed = {item.issue: item.reason for item in (*proof.dropped, *proof.left)}


async def _ignore(_: int) -> None:
    """Nobody looks at the progress."""


async def every_pack(pages: Mapping[str, str], kinds: list[FixPackType]) -> list[Row]:
    """Each kind of pack of each page, in turn, in one warm browser."""
    rows = []
    with CpuMeter() as cpu:
        async with open_browser_engine(Settings(allow_hosts=("127.0.0.1",))) as engine:
            maker = ProvingPackMaker(BrowserProber(engine))
            for name, url in pages.items():
                report = (await engine.audit(AuditRequest(TargetType.URL, url), _ignore)).report
                for kind in kinds:
                    row = await measured(maker, url, name, kind, report, cpu)
                    rows.append(row)
                    _print(row)
    return rows


def _print(row: Row) -> None:
    score = f"{row.score_before} → {row.score_after}" if row.score_after is not None else ""
    print(
        f"{row.page[:44]:44} {row.type:9} {row.findings:5} {row.gone:5} {row.offered:5} {row.kept:5}"
        f"  {score:9} {row.seconds:6.1f} {row.cpu_s:6.1f}  {row.none}",
        flush=True,
    )


def summarise(rows: list[Row]) -> None:
    """Prints a line for each type and for all, and the rules of which findings are left, most first."""
    print(f"\nload average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        f"{'':10} {'packs':>9} {'cleared':>18} {'kept':>17} {'points':>6}"
        f" {'s':>6} {'CPU s':>6} {'opened':>6} {'rehearsed':>9}"
    )
    for kind in FixPackType:
        _print_sum(kind.value, [row for row in rows if row.type == kind and row.findings])
    _print_sum("all", [row for row in rows if row.findings])
    for kind in FixPackType:
        of_type = [row for row in rows if row.type == kind]
        left = Counter(issue.rpartition("-")[0] + "  " + why for row in of_type for issue, why in row.unfixed.items())
        left.update(f"no pack: {row.none}" for row in of_type if row.none)
        print(f"\nnot mended of {kind.value}:")
        for what, count in left.most_common(20):
            print(f"  {count:3}  {what}")


def _print_sum(name: str, rows: list[Row]) -> None:
    packs = [row for row in rows if row.score_after is not None]
    if not packs:
        print(f"{name:10} {0:4} of {len(rows):2}")
        return
    found, gone = sum(row.findings for row in rows), sum(row.gone for row in rows)
    offered, kept = sum(row.offered for row in rows), sum(row.kept for row in rows)
    gained = sum((row.score_after or 0) - (row.score_before or 0) for row in packs)
    print(
        f"{name:10} {len(packs):3} of {len(rows):2} {gone:5} of {found:5} {gone / found:4.0%}"
        f" {kept:4} of {offered:4} {kept / max(offered, 1):4.0%} {gained / len(packs):6.1f}"
        f" {median(row.seconds for row in packs):6.1f} {median(row.cpu_s for row in packs):6.1f}"
        f" {median(row.opened for row in packs):6.0f} {median(row.rehearsals for row in packs):5.0f}"
    )


def _print_waits(waited: list[Waited]) -> None:
    for status in sorted({each.status for each in waited}):
        seconds = sorted(each.seconds for each in waited if each.status == status)
        if seconds:
            p95 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
            print(f"{status}: {len(seconds)}, p50 {median(seconds):.1f} s, p95 {p95:.1f} s, most {seconds[-1]:.1f} s")


async def _latency(pages: Mapping[str, str], kinds: list[FixPackType]) -> list[Waited]:
    async with open_browser_engine(Settings(allow_hosts=("127.0.0.1",))) as engine:
        return await waits(engine, pages, kinds)


def main() -> None:
    """Runs the packs and prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--page", default="", help="only pages with this in their name")
    options.add_argument("--type", type=FixPackType, action="append", help="only this kind (repeatable)")
    options.add_argument("--cache", type=Path, default=Path(".cynthia/pages"))
    options.add_argument("--json", type=Path, metavar="FILE", help="write every row there as well")
    options.add_argument("--latency", action="store_true", help="measure from insert to pack, through a drain")
    given = options.parse_args()
    for page in PLANTED:
        planted = given.cache / page.package / "package" / page.page
        planted.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(__file__).with_name("planted") / page.page, planted)
    wanted = tuple(page for page in PAGES if given.page in page.name)
    fetch(wanted, given.cache)
    kinds = given.type or list(FixPackType)
    if given.latency:
        with served(wanted, given.cache) as pages:
            waited = asyncio.run(_latency(pages, kinds))
        _print_waits(waited)
        if given.json:
            given.json.write_text(json.dumps([asdict(each) for each in waited], indent=2))
        return
    print(
        f"{'page':44} {'type':9} {'found':>5} {'gone':>5} {'tried':>5} {'kept':>5}  {'score':9} {'s':>6} {'CPU s':>6}"
    )
    with served(wanted, given.cache) as pages:
        rows = asyncio.run(every_pack(pages, kinds))
    summarise(rows)
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main()
