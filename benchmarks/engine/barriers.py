"""Runs the engine over a set of barriers, a page for each, and says which rules speak up only where the barrier is.

    python -m benchmarks.engine.barriers FOLDER [--judged FILE.json] [--json] [--only NAME ...] [--at-once 2]

FOLDER has the layout of the GOV.UK accessibility tool audit: tests.json with {category: {barrier: {"example": HTML}}},
a page tests/CATEGORY-BARRIER.html for each, and what the pages link to. Where an example is but a link into
example-pages/, that page is audited in its stead.

Each page is audited, and its shell: the same page with a paragraph in the place of its example. What fails on both is
no word about the barrier. What fails on the page alone may be one, or be about something else there (text in the
example that is too long, a control that is too small): so that count is an upper bound. Which rules speak of a barrier
a reader says, in FILE.json: {barrier: [rule ids]}; a barrier is found if one of these fails on the page alone.
"""

import argparse
import asyncio
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.engine.folder import audited, served
from cynthia_pipeline.audit.report import Report, RuleOutcome
from cynthia_pipeline.audit.rules.registry import RULES

_WORDS: Final = "<p>There is nothing to see here but a line of plain text.</p>"
_MAIN: Final = re.compile(r"(<main\b[^>]*>).*(</main>)", re.DOTALL | re.IGNORECASE)
_EXAMPLE_PAGE: Final = re.compile(r"""\s*(?:<p>)?<a href="(example-pages/[^"]+)">[^<]*</a>(?:</p>)?\s*""")
_SHELL: Final = "shell-of-"


@dataclass(frozen=True, slots=True)
class Barrier:
    """One barrier.

    Attributes:
        page: path of its own page in the folder.
        shown_on: path of the page that is audited.
    """

    category: str
    name: str
    page: str
    shown_on: str

    @property
    def shell(self) -> str:
        """Path of its page without the example."""
        folder, _, name = self.page.rpartition("/")
        return f"{folder}/{_SHELL}{name}"


@dataclass(frozen=True, slots=True)
class Result:
    """What the engine made of one barrier.

    Attributes:
        failed, reviews: rules that failed, or asked for a person, on the page and not on its shell.
        judged: those of all rules that a reader says speak of the barrier.
        error: why there is no report.
    """

    barrier: Barrier
    failed: tuple[str, ...]
    reviews: tuple[str, ...]
    judged: frozenset[str]
    error: str | None = None

    @property
    def by(self) -> tuple[str, ...]:
        """The failed rules that speak of the barrier."""
        return tuple(rule_id for rule_id in self.failed if rule_id in self.judged)

    @property
    def is_asked(self) -> bool:
        """Whether a rule that speaks of the barrier leaves it to a person, and none found it."""
        return not self.by and not self.judged.isdisjoint(self.reviews)


def read_barriers(folder: Path) -> list[Barrier]:
    """The barriers of a folder, in their order.

    Raises:
        SystemExit: a page is missing.
    """
    listed: Mapping[str, Mapping[str, Mapping[str, str]]] = json.loads((folder / "tests.json").read_text("utf-8"))
    barriers = []
    for category, tests in listed.items():
        for name, test in tests.items():
            page = f"tests/{_file_name(category, name)}.html"
            link = _EXAMPLE_PAGE.fullmatch(test["example"])
            barriers.append(Barrier(category, name, page, link[1] if link else page))
    missing = sorted({path for barrier in barriers for path in (barrier.page, barrier.shown_on)} - _files(folder))
    if missing:
        raise SystemExit(f"not in {folder}: {', '.join(missing)}")
    return barriers


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def _file_name(category: str, name: str) -> str:
    """As the audit's own generator makes it: of signs that have no place in it, the first is taken out."""
    text = re.sub(r"[^a-z0-9\- ]", "", f"{category}-{name}".lower(), count=1).replace("/", " ", 1).replace(":", "-", 1)
    return re.sub(r"-+", "-", re.sub(r"\s+", "-", text))


def emptied(page: str) -> str:
    """The source of a page with plain words in the place of what its main element holds.

    Raises:
        SystemExit: it has none.
    """
    shell, count = _MAIN.subn(lambda main: f"{main[1]}{_WORDS}{main[2]}", page)
    if not count:
        raise SystemExit("a page has no main element to empty")
    return shell


def read_judgement(file: Path | None, barriers: Iterable[Barrier]) -> Mapping[str, frozenset[str]]:
    """Rules that speak of a barrier, by its name.

    Raises:
        SystemExit: it names a barrier or a rule that there is not.
    """
    if file is None:
        return {}
    judged = {name: frozenset(rules) for name, rules in json.loads(file.read_text("utf-8")).items()}
    unknown = set(judged) - {barrier.name for barrier in barriers}
    unknown |= frozenset().union(*judged.values()) - {rule.id for rule in RULES}
    if unknown:
        raise SystemExit(f"{file} names what there is not: {', '.join(sorted(unknown))}")
    return judged


async def run(
    folder: Path, barriers: Sequence[Barrier], judged: Mapping[str, frozenset[str]], *, at_once: int
) -> list[Result]:
    """Audits the page and the shell of every barrier, `at_once` at a time; in the order of the barriers."""
    with TemporaryDirectory() as copied:
        copy = Path(copied) / "set"
        shutil.copytree(folder, copy)
        for barrier in barriers:
            (copy / barrier.shell).write_text(emptied((folder / barrier.page).read_text("utf-8")), "utf-8")
        paths = sorted({path for barrier in barriers for path in (barrier.shown_on, barrier.shell)})
        with served(copy) as root:
            reports = await audited([f"{root}/{path}" for path in paths], at_once=at_once)
    answers = dict(zip(paths, reports, strict=True))
    return [
        _result(barrier, answers[barrier.shown_on], answers[barrier.shell], judged.get(barrier.name, frozenset()))
        for barrier in barriers
    ]


def _result(barrier: Barrier, page: Report | str, shell: Report | str, judged: frozenset[str]) -> Result:
    if isinstance(page, str) or isinstance(shell, str):
        return Result(barrier, (), (), judged, page if isinstance(page, str) else f"shell: {shell}")
    return Result(
        barrier,
        failed=_alone(page, shell, RuleOutcome.FAIL),
        reviews=_alone(page, shell, RuleOutcome.NEEDS_REVIEW),
        judged=judged,
    )


def _alone(page: Report, shell: Report, outcome: RuleOutcome) -> tuple[str, ...]:
    """Rules with this outcome on the page and another one on its shell."""
    there = {record.rule_id for record in shell.details.rules if record.outcome is outcome}
    here = (record.rule_id for record in page.details.rules if record.outcome is outcome)
    return tuple(rule_id for rule_id in here if rule_id not in there)


def summary(results: Iterable[Result]) -> dict[str, int]:
    """The counts of the whole, or of one category."""
    every = list(results)
    return {
        "barriers": len(every),
        "found": sum(bool(result.by) for result in every),
        "asked": sum(result.is_asked for result in every),
        "at_most": sum(bool(result.failed) for result in every),
        "not_audited": sum(result.error is not None for result in every),
    }


def table(results: Sequence[Result]) -> Iterator[str]:
    """The report, line by line: barriers by category, with the rules, those that speak of the barrier first."""
    for category, group in groupby(results, key=lambda result: result.barrier.category):
        members = list(group)
        counts = summary(members)
        yield f"{category}: {counts['found']} of {counts['barriers']}, at most {counts['at_most']}"
        yield from map(_line, members)
    total = summary(results)
    yield (
        f"found {total['found']} of {total['barriers']} as judged, {total['asked']} more left to a person; any new "
        f"failed rule {total['at_most']}; not audited {total['not_audited']}"
    )


def _line(result: Result) -> str:
    sign = "+" if result.by else "?" if result.is_asked else "-"
    others = tuple(rule_id for rule_id in result.failed if rule_id not in result.by)
    parts = [
        ", ".join(result.by),
        f"[{', '.join(others)}]" if others else "",
        f"review: {', '.join(result.reviews)}" if result.reviews else "",
        result.error or "",
    ]
    return f"  {sign} {result.barrier.name}: {' '.join(part for part in parts if part) or 'nothing'}"


def main() -> None:
    """Prints the table, or with --json everything."""
    options = argparse.ArgumentParser(prog="benchmarks.engine.barriers")
    options.add_argument("folder", type=Path)
    options.add_argument("--judged", type=Path, help="which rules speak of which barrier, as JSON")
    options.add_argument("--json", action="store_true", dest="as_json")
    options.add_argument("--only", action="append", default=[], help="only the barriers whose name holds this")
    options.add_argument("--at-once", type=int, default=2)
    given = options.parse_args()
    barriers = read_barriers(given.folder)
    judged = read_judgement(given.judged, barriers)
    chosen = [each for each in barriers if not given.only or any(part in each.name for part in given.only)]
    results = asyncio.run(run(given.folder, chosen, judged, at_once=given.at_once))
    if given.as_json:
        rows = [{**asdict(result), "judged": sorted(result.judged), "by": result.by} for result in results]
        print(json.dumps({"summary": summary(results), "results": rows}, indent=1))
        return
    print("\n".join(table(results)))


if __name__ == "__main__":
    main()
