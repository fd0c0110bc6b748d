"""Runs the engine over a folder of W3C ACT rule test cases and counts what it finds and what it invents.

    python -m benchmarks.engine.act FOLDER [--json] [--rule ID ...] [--at-once 2] [--by criterion]

FOLDER holds testcases.json in the W3C's layout, and the pages under each case's relativePath. It is served on
loopback under the path that the cases' own addresses have, so that their absolute links lead into the folder too.
Cases that show nothing, for a rule about the title or the language, are audited (CYNTHIA_AUDIT_EMPTY_PAGES).

A case counts as found if a rule that the report says failed declares the case's ACT rule (`Rule.act_rules`; for
axe-core the rules' own declarations). With `--by criterion` it also counts if the rule cites one of the success
criteria that the case's rule is required for; that is looser: a page may rightly fail the criterion elsewhere.
"""

import argparse
import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.engine.folder import audited, served
from cynthia_pipeline.audit.report import Report, RuleOutcome
from cynthia_pipeline.audit.rules.registry import RULES

_RULES: Final = {rule.id: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Case:
    """One test case.

    Attributes:
        expected: passed, failed or inapplicable.
        criteria: of WCAG, that its rule is required for: "1.4.3".
    """

    id: str
    path: str
    prefix: str
    expected: str
    rule_id: str
    rule_name: str
    criteria: frozenset[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What the engine made of one case.

    Attributes:
        by: the failed rules that count for the case.
        error: why there is no report.
    """

    case: Case
    by: tuple[str, ...]
    error: str | None = None

    @property
    def is_hit(self) -> bool:
        return self.case.expected == "failed" and bool(self.by)

    @property
    def is_false_alarm(self) -> bool:
        return self.case.expected != "failed" and bool(self.by)


def read_cases(folder: Path) -> list[Case]:
    """The cases of a folder whose page is there."""
    listed = json.loads((folder / "testcases.json").read_text("utf-8"))["testcases"]
    return [case for case in map(_case, listed) if (folder / case.path).is_file()]


def _case(entry: Mapping[str, Any]) -> Case:
    path = str(entry["relativePath"]).lstrip("/")
    address = urlsplit(str(entry["url"])).path
    requirements: Mapping[str, Any] = entry.get("ruleAccessibilityRequirements") or {}
    return Case(
        id=str(entry["testcaseId"]),
        path=path,
        prefix=address.removesuffix(path) if address.endswith(path) else "/",
        expected=str(entry["expected"]),
        rule_id=str(entry["ruleId"]),
        rule_name=str(entry["ruleName"]),
        criteria=frozenset(
            name.partition(":")[2]
            for name, requirement in requirements.items()
            if name.startswith("wcag") and (requirement or {}).get("forConformance", True)
        ),
    )


def counting(report: Report, case: Case, *, by_criterion: bool) -> tuple[str, ...]:
    """The rules that failed in `report` and are about the case's rule."""
    failed = [record.rule_id for record in report.details.rules if record.outcome is RuleOutcome.FAIL]
    return tuple(
        rule_id
        for rule_id in failed
        if case.rule_id in _RULES[rule_id].act_rules or (by_criterion and case.criteria & set(_RULES[rule_id].criteria))
    )


async def run(folder: Path, cases: Sequence[Case], *, at_once: int, by_criterion: bool) -> list[Result]:
    """Audits every case in one warm browser, `at_once` at a time; in the order of the cases."""
    with served(folder, {case.prefix for case in cases}) as root:
        answers = await audited([f"{root}{case.prefix}{case.path}" for case in cases], at_once=at_once)
    return [_result(case, answer, by_criterion=by_criterion) for case, answer in zip(cases, answers, strict=True)]


def _result(case: Case, answer: Report | str, *, by_criterion: bool) -> Result:
    if isinstance(answer, str):
        return Result(case, (), answer)
    return Result(case, counting(answer, case, by_criterion=by_criterion))


def summary(results: Iterable[Result]) -> dict[str, int]:
    """The counts of the whole, or of one rule."""
    every = list(results)
    return {
        "cases": len(every),
        "should_fail": sum(result.case.expected == "failed" for result in every),
        "found": sum(result.is_hit for result in every),
        "false_alarms": sum(result.is_false_alarm for result in every),
        "not_audited": sum(result.error is not None for result in every),
    }


def table(results: Sequence[Result]) -> Iterator[str]:
    """The report, line by line: rules, false alarms, misses by rule, what could not be audited."""
    rules = sorted({(result.case.rule_name, result.case.rule_id) for result in results})
    yield f"{'rule':70} {'id':8} {'found':>9} {'false':>6}"
    for name, rule_id in rules:
        counts = summary(result for result in results if result.case.rule_id == rule_id)
        found = f"{counts['found']}/{counts['should_fail']}"
        yield f"{name[:70]:70} {rule_id:8} {found:>9} {counts['false_alarms'] or '':>6}"
    for result in results:
        if result.is_false_alarm:
            yield f"false alarm: {result.case.path} ({result.case.expected}) by {', '.join(result.by)}"
    for result in results:
        if result.error is not None:
            yield f"not audited: {result.case.path} ({result.case.expected}): {result.error}"
    total = summary(results)
    yield (
        f"found {total['found']} of {total['should_fail']}, false alarms {total['false_alarms']} of "
        f"{total['cases'] - total['should_fail']}, not audited {total['not_audited']} of {total['cases']}"
    )


def main() -> None:
    """Prints the table, or with --json everything."""
    options = argparse.ArgumentParser(prog="benchmarks.engine.act")
    options.add_argument("folder", type=Path)
    options.add_argument("--json", action="store_true", dest="as_json")
    options.add_argument("--rule", action="append", default=[], help="only the cases of this ACT rule")
    options.add_argument("--at-once", type=int, default=2)
    options.add_argument("--by", choices=("rule", "criterion"), default="rule")
    given = options.parse_args()
    cases = [case for case in read_cases(given.folder) if not given.rule or case.rule_id in given.rule]
    results = asyncio.run(run(given.folder, cases, at_once=given.at_once, by_criterion=given.by == "criterion"))
    if given.as_json:
        rows = [
            {**asdict(result), "case": {**asdict(result.case), "criteria": sorted(result.case.criteria)}}
            for result in results
        ]
        print(json.dumps({"summary": summary(results), "results": rows}, indent=1))
        return
    print("\n".join(table(results)))


if __name__ == "__main__":
    main()
