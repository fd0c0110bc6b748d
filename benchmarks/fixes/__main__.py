"""Makes every kind of fix pack of each page and counts what was offered, kept and cleared.

    python -m benchmarks.fixes [--page creative] [--type token] [--cache .cynthia/pages] [--json FILE]

Pages: website templates from npm packages, served on loopback, and those with faults in `planted/` beside this
file. A finding is one element that breaks one rule in one view. CPU is that of the whole process tree, the browser's
included, for the pack alone; the audit before it is not counted.
"""

import argparse
import asyncio
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from uuid import uuid4

import psutil

from benchmarks.audit_cost.sites import TEMPLATES, Template, fetch, served
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
    unfixed: dict[str, str] = field(default_factory=dict)


async def measured(maker: ProvingPackMaker, url: str, name: str, kind: FixPackType, report: Report) -> Row:
    """Makes one pack and counts."""
    row = Row(name, kind.value)
    row.findings = sum(issue.occurrences for issue in report.full_issues if in_scope(issue, kind))
    if not row.findings:
        return row
    began, cpu = time.monotonic(), _cpu_s()
    order = PackOrder(uuid4(), kind, PageAddress(url), Language.ENGLISH, report, system_clock())
    try:
        pack = await maker.make(order, _ignore)
    except WorkError as error:
        row.none = f"{error.code.value}: {error.detail}"[:300]
    else:
        _count(row, pack)
    row.seconds, row.cpu_s = time.monotonic() - began, _cpu_s() - cpu
    return row


def _count(row: Row, pack: MadePack) -> None:
    proof = pack.verification
    row.findings, row.gone = proof.details["findings"], proof.details["findings_gone"]
    row.offered, row.kept = proof.details["fixes_offered"], proof.details["fixes_kept"]
    row.score_before, row.score_after = proof.overall_before, proof.overall_after
    row.unfixed = {item.issue: item.reason for item in (*proof.dropped, *proof.left)}


async def _ignore(_: int) -> None:
    """Nobody looks at the progress."""


def _cpu_s() -> float:
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


async def every_pack(pages: Mapping[str, str], kinds: list[FixPackType]) -> list[Row]:
    """Each kind of pack of each page, in turn, in one warm browser."""
    rows = []
    async with open_browser_engine(Settings(allow_hosts=("127.0.0.1",))) as engine:
        maker = ProvingPackMaker(BrowserProber(engine))
        for name, url in pages.items():
            report = (await engine.audit(AuditRequest(TargetType.URL, url), _ignore)).report
            for kind in kinds:
                row = await measured(maker, url, name, kind, report)
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
    """Prints the totals, and the rules of which findings are left, most first."""
    total = {name: sum(getattr(row, name) for row in rows) for name in ("findings", "gone", "offered", "kept")}
    packs = [row for row in rows if row.score_after is not None]
    share = {
        "findings cleared": (total["gone"], total["findings"]),
        "fixes kept of those offered": (total["kept"], total["offered"]),
    }
    print(f"\n{len(packs)} packs, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, (part, whole) in share.items():
        print(f"{name}: {part} of {whole}, {part / whole:.0%}" if whole else f"{name}: none")
    if packs:
        gained = sum((row.score_after or 0) - (row.score_before or 0) for row in packs)
        print(f"points gained by a pack: {gained / len(packs):.1f} on average")
        print(f"median pack: {median(r.seconds for r in packs):.1f} s, {median(r.cpu_s for r in packs):.1f} CPU-s")
    left = Counter(issue.rpartition("-")[0] + "  " + why for row in rows for issue, why in row.unfixed.items())
    for what, count in left.most_common(40):
        print(f"  {count:3}  {what}")


def main() -> None:
    """Runs the packs and prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--page", default="", help="only pages with this in their name")
    options.add_argument("--type", type=FixPackType, action="append", help="only this kind (repeatable)")
    options.add_argument("--cache", type=Path, default=Path(".cynthia/pages"))
    options.add_argument("--json", type=Path, metavar="FILE", help="write every row there as well")
    given = options.parse_args()
    for page in PLANTED:
        planted = given.cache / page.package / "package" / page.page
        planted.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(__file__).with_name("planted") / page.page, planted)
    wanted = tuple(page for page in PAGES if given.page in page.name)
    fetch(wanted, given.cache)
    print(
        f"{'page':44} {'type':9} {'found':>5} {'gone':>5} {'tried':>5} {'kept':>5}  {'score':9} {'s':>6} {'CPU s':>6}"
    )
    with served(wanted, given.cache) as pages:
        rows = asyncio.run(every_pack(pages, given.type or list(FixPackType)))
    summarise(rows)
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main()
