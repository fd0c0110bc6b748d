"""A report as SARIF: the shape that the 2.1.0 schema asks for, and nothing of the page's own steering."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from cynthia_pipeline.audit.report import Report, ReportDetails, Severity
from cynthia_pipeline.report.sarif import level, sarif

TARGET = "https://example.org/page"
HOSTILE = "\x1b]0;owned\x07 \u202eright to left\ud800\nnext"


def assert_message(message: dict[str, Any]) -> None:
    """Section 3.11: a message has text; ours are plain and on one line."""
    assert set(message) == {"text"}
    assert message["text"]
    assert message["text"].isprintable()


def assert_sarif(log: dict[str, Any]) -> None:
    """What the schema requires of every object that we write, by section of the standard."""
    assert log["version"] == "2.1.0"  # 3.13.2
    assert urlsplit(log["$schema"]).scheme == "https"
    (run,) = log["runs"]  # 3.13.4
    driver = run["tool"]["driver"]  # 3.14.6, 3.18.2
    assert driver["name"]
    assert urlsplit(driver["informationUri"]).scheme == "https"  # 3.19.17: absolute
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        assert_message(rule["shortDescription"])
        assert_message(rule["help"])
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
        assert len(set(rule["properties"]["tags"])) == len(rule["properties"]["tags"])
    for result in run["results"]:
        assert_message(result["message"])  # 3.27.11
        if result.get("kind") == "review":
            assert result["level"] == "none"  # 3.27.10: whatever is no failure has no level
            assert result["ruleId"] not in ids
            continue
        assert ids[result["ruleIndex"]] == result["ruleId"]  # 3.27.6
        assert result["level"] in {"none", "note", "warning", "error"}  # 3.27.10
        assert result["occurrenceCount"] >= 1  # 3.27.15
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())  # 3.27.17
        for location in result["locations"]:
            assert urlsplit(location["physicalLocation"]["artifactLocation"]["uri"]).scheme  # 3.4.3
            for logical in location.get("logicalLocations", ()):
                assert logical["fullyQualifiedName"].isprintable()


@pytest.mark.parametrize("text", ["Pale text", HOSTILE])
def test_a_report_has_the_standards_shape(report: Callable[..., Report], text: str) -> None:
    made = report(text)
    log = sarif(made, target=TARGET)
    assert_sarif(log)
    results = log["runs"][0]["results"]
    assert len(results) == len(made.full_issues) + 1
    assert [result.get("kind") for result in results] == [None] * len(made.full_issues) + ["review"]
    json.dumps(log, ensure_ascii=False).encode("utf-8")


def test_a_report_without_issues_is_a_run_without_results(report: Callable[..., Report]) -> None:
    log = sarif(report("x", full_issues=(), issues_found_total=0, details=ReportDetails()), target=TARGET)
    assert_sarif(log)
    assert log["runs"][0]["results"] == []


def test_the_same_report_gives_the_same_log(report: Callable[..., Report]) -> None:
    assert sarif(report("x"), target=TARGET) == sarif(report("x"), target=TARGET)


def test_levels_do_not_rise_as_severity_falls() -> None:
    order = ["error", "warning", "note"]
    levels = [order.index(level(severity)) for severity in Severity]
    assert levels == sorted(levels)
