"""The ACT benchmark on a small folder in the W3C's layout: it reads it, serves it, and counts."""

import asyncio
import json
from pathlib import Path

from benchmarks.engine.act import read_cases, run, summary, table

PREFIX = "/WAI/cases/"
PAGE = '<!doctype html><html lang="en"><head><title>Case</title></head><body><p>Words.</p>{body}</body></html>'
BODIES = {
    "failed": '<img src="/WAI/cases/assets/dot.svg" id="dot">',
    "passed": '<img src="/WAI/cases/assets/dot.svg" alt="A dot">',
    "inapplicable": "<img src='/nowhere.svg' alt=''>",
}


def write_set(folder: Path) -> None:
    cases = []
    (folder / "assets").mkdir(parents=True)
    (folder / "assets" / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    for rule in ("23a2a8", "abcdef"):
        (folder / "testcases" / rule).mkdir(parents=True)
        for expected, body in BODIES.items():
            path = f"testcases/{rule}/{expected}.html"
            (folder / path).write_text(PAGE.format(body=body))
            cases.append(
                {
                    "testcaseId": f"{rule}-{expected}",
                    "url": f"https://w3.example{PREFIX}{path}",
                    "relativePath": path,
                    "expected": expected,
                    "ruleId": rule,
                    "ruleName": "A rule",
                    "ruleAccessibilityRequirements": {"wcag20:1.1.1": {"forConformance": True}},
                }
            )
    cases.append({**cases[0], "relativePath": "testcases/missing.html"})
    (folder / "testcases.json").write_text(json.dumps({"testcases": cases}))


def test_cases_are_counted_by_the_rules_that_declare_them(tmp_path: Path) -> None:
    write_set(tmp_path)
    cases = read_cases(tmp_path)
    assert len(cases) == 6
    assert {case.prefix for case in cases} == {PREFIX}
    results = asyncio.run(run(tmp_path, cases, at_once=2, by_criterion=False))
    hits = {result.case.rule_id for result in results if result.is_hit}
    assert hits == {"23a2a8"}
    assert summary(results) == {"cases": 6, "should_fail": 2, "found": 1, "false_alarms": 0, "not_audited": 0}
    assert list(table(results))[-1] == "found 1 of 2, false alarms 0 of 4, not audited 0 of 6"


def test_by_criterion_a_rule_counts_that_cites_what_the_case_is_required_for(tmp_path: Path) -> None:
    write_set(tmp_path)
    cases = [case for case in read_cases(tmp_path) if case.id == "abcdef-failed"]
    results = asyncio.run(run(tmp_path, cases, at_once=1, by_criterion=True))
    assert [result.is_hit for result in results] == [True]
