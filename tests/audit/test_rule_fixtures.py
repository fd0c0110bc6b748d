"""Every own rule against its pages: fixtures/<rule id>/<case>/page.html and expected.json.

expected.json gives the outcome, and for a fail the selectors, and where it matters facts, severity and the change.
Other files of a case are served beside its page.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cynthia_pipeline.audit.artifacts import EVERY_PART, PageArtifacts
from cynthia_pipeline.audit.assemble import assemble
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.grouping import Group, grouped
from cynthia_pipeline.audit.report import Axis, RuleOutcome
from cynthia_pipeline.audit.rules import axe
from cynthia_pipeline.audit.rules.model import Rule
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.audit.running import run
from cynthia_pipeline.messages import Language

Measure = Callable[..., PageArtifacts]

FIXTURES = Path(__file__).parent / "fixtures"
OWN_RULES = {rule.id: rule for rule in RULES if not rule.id.startswith(axe.PREFIX)}
CASES = sorted(path.parent for path in FIXTURES.glob("*/*/page.html"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path, measure: Measure) -> None:
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    rule = OWN_RULES[case.parent.name]
    # What a page's loading is judged by comes after its first frame, which the other parts give it time for.
    parts = EVERY_PART if rule.axis is Axis.DYN else rule.needs
    page = measure((case / "page.html").read_text("utf-8"), beside=case, views=rule.viewports, parts=parts)
    concluded = run(rule, page)
    assert concluded.outcome == RuleOutcome(expected["outcome"]), concluded
    groups = grouped([concluded], page)
    assert [path for group in groups for path in group.paths] == expected.get("paths", [])
    assert_texts_are_filled(concluded.rule, page, groups)
    if groups:
        first = groups[0].members[0][1]
        assert expected.get("facts", {}).items() <= first.facts.items()
        assert expected.get("severity", groups[0].severity) == groups[0].severity
        assert expected.get("after", first.after) == first.after


def assert_texts_are_filled(rule: Rule, page: PageArtifacts, groups: Sequence[Group]) -> None:
    for language in Language:
        report = assemble(page, AuditRequest(TargetType.URL, page.url, language=language), [rule]).report
        assert [issue.id for issue in report.full_issues] == [group.issue_id for group in groups]
        for issue in report.full_issues:
            texts = (issue.title, issue.description, issue.reason, issue.impact, issue.fix.description)
            assert not any("{" in text or "}" in text for text in texts)


@pytest.mark.parametrize("rule_id", OWN_RULES)
def test_rule_has_cases_that_pass_and_that_fail(rule_id: str) -> None:
    outcomes = {json.loads(path.read_text("utf-8"))["outcome"] for path in (FIXTURES / rule_id).glob("*/expected.json")}
    assert {"pass", "fail"} <= outcomes


def test_no_case_is_left_over_from_a_rule_that_is_gone() -> None:
    assert {case.parent.name for case in CASES} <= set(OWN_RULES)
