"""Every own rule against its pages: fixtures/<rule id>/<case>/page.html and expected.json.

expected.json gives the outcome, and for a fail the selectors, and where it matters facts, severity and the change.
"""

import json
from pathlib import Path

import pytest

from cynthia_pipeline.audit.grouping import grouped
from cynthia_pipeline.audit.report import RuleOutcome
from cynthia_pipeline.audit.rules import axe
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.audit.running import run

FIXTURES = Path(__file__).parent / "fixtures"
OWN_RULES = {rule.id: rule for rule in RULES if not rule.id.startswith(axe.PREFIX)}
CASES = sorted(path.parent for path in FIXTURES.glob("*/*/page.html"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case, measure):
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    page = measure((case / "page.html").read_text("utf-8"))
    concluded = run(OWN_RULES[case.parent.name], page)
    assert concluded.outcome == RuleOutcome(expected["outcome"]), concluded
    groups = grouped([concluded], page)
    assert [path for group in groups for path in group.paths] == expected.get("paths", [])
    if groups:
        first = groups[0].members[0][1]
        assert expected.get("facts", {}).items() <= first.facts.items()
        assert expected.get("severity", groups[0].severity) == groups[0].severity
        assert expected.get("after", first.after) == first.after


@pytest.mark.parametrize("rule_id", OWN_RULES)
def test_rule_has_cases_that_pass_and_that_fail(rule_id):
    outcomes = {
        json.loads(path.read_text("utf-8"))["outcome"] for path in (FIXTURES / rule_id).glob("*/expected.json")
    }
    assert {"pass", "fail"} <= outcomes


def test_no_case_is_left_over_from_a_rule_that_is_gone():
    assert {case.parent.name for case in CASES} <= set(OWN_RULES)
