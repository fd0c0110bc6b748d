"""A report as SARIF 2.1.0, which code hosts and build servers show beside a change.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0. A page has no source lines, so a result
is located by the page's address and, as a logical location, by the element's selector. Everything that comes from the
page is neutralised.
"""

from collections.abc import Mapping
from typing import Any, Final, assert_never

from cynthia_pipeline.audit.report import Issue, Remark, Report, Severity
from cynthia_pipeline.text import clip, one_line

VERSION: Final = "2.1.0"
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_INFORMATION: Final = "https://www.w3.org/TR/WCAG22/"
_LONGEST: Final = 2000
_REVIEW: Final = "judgement"
"""Rule id of what a language model remarks; it has no entry among the tool's rules, since it is none."""
_IN_A_MESSAGE: Final = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]", "{": "{{", "}": "}}"})


def sarif(report: Report, *, target: str) -> dict[str, Any]:
    """The report as a SARIF log with one run, ready for `json.dumps`; the same report gives the same log.

    Args:
        report: every issue becomes one result, heaviest first; a language model's remarks follow.
        target: the page's address, used where the report does not say where it ended.
    """
    address = _plain(report.details.final_url or target)
    remarks = report.details.judgement.remarks if report.details.judgement is not None else ()
    rule_ids = sorted({_rule_id(issue) for issue in report.full_issues})
    places = {rule_id: place for place, rule_id in enumerate(rule_ids)}
    first = {_rule_id(issue): issue for issue in reversed(report.full_issues)}
    return {
        "$schema": _SCHEMA,
        "version": VERSION,
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": _plain(report.product),
                        "version": _plain(report.version),
                        "informationUri": _INFORMATION,
                        "rules": [_rule(rule_id, first[rule_id]) for rule_id in rule_ids],
                    }
                },
                "results": [
                    *(_result(issue, address, places) for issue in report.full_issues),
                    *(_review(remark, address) for remark in remarks),
                ],
                "properties": {
                    "overallScore": report.overall_score,
                    "axisScores": {axis.value: score for axis, score in report.udec_scores.items()},
                },
            }
        ],
    }


def _rule_id(issue: Issue) -> str:
    return _plain(issue.rule_id or f"remote-{issue.axis.value.lower()}")


def _rule(rule_id: str, issue: Issue) -> dict[str, Any]:
    return {
        "id": rule_id,
        "shortDescription": {"text": _message(issue.reason)},
        "help": {"text": _message(issue.impact)},
        "defaultConfiguration": {"level": level(issue.severity)},
        "properties": {"tags": [issue.axis.value, *([_plain(issue.source)] if issue.source else [])]},
    }


def _result(issue: Issue, address: str, places: Mapping[str, int]) -> dict[str, Any]:
    parts = (issue.title, issue.description, issue.fix.description)
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": address}}}
    if issue.element_path:
        location["logicalLocations"] = [{"fullyQualifiedName": _plain(issue.element_path), "kind": "element"}]
    return {
        "ruleId": _rule_id(issue),
        "ruleIndex": places[_rule_id(issue)],
        "level": level(issue.severity),
        "message": {"text": " — ".join(_message(part) for part in parts if part)},
        "locations": [location],
        "partialFingerprints": {"issueId/v1": _plain(issue.id)},
        "occurrenceCount": max(issue.occurrences, 1),
        "properties": {"axis": issue.axis.value, "severity": issue.severity.value},
    }


def _review(remark: Remark, address: str) -> dict[str, Any]:
    """A language model's remark: kind "review", which asks for a person and fails nothing (section 3.27.9)."""
    parts = (remark.title, remark.description, f"“{remark.quote}”", remark.suggestion)
    return {
        "ruleId": _REVIEW,
        "kind": "review",
        "level": "none",
        "message": {"text": " — ".join(_message(part) for part in parts if part)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": address}}}],
        "properties": {"axis": remark.axis.value},
    }


def level(severity: Severity) -> str:
    """SARIF's own word (section 3.27.10)."""
    match severity:
        case Severity.CRITICAL:
            return "error"
        case Severity.MAJOR:
            return "warning"
        case Severity.MINOR | Severity.INFO:
            return "note"
        case _:
            assert_never(severity)


def _plain(text: str) -> str:
    return clip(one_line(text), _LONGEST)


def _message(text: str) -> str:
    """Text where a viewer would make links of `[words](address)` and fill in `{0}` (sections 3.11.5 and 3.11.6)."""
    return _plain(text).translate(_IN_A_MESSAGE)
