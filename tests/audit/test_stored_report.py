"""What counts as a whole report, on the figures that are stored."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.completeness import StoredReport, faults
from cynthia_pipeline.audit.report import Axis

WHOLE = StoredReport(overall_score=70, axes=tuple(Axis), scored_axes=13, issues_found=9, issues=9, teasers=5)


@given(st.integers(0, 100), st.integers(0, 500), st.integers(0, 7))
def test_a_report_within_bounds_is_whole(score: int, issues: int, teasers: int) -> None:
    shown = max(min(teasers, issues), min(3, issues))
    report = replace(WHOLE, overall_score=score, issues=issues, issues_found=issues, teasers=shown)
    assert faults(report) == []


def test_a_page_that_no_axis_could_judge_is_whole_without_a_score() -> None:
    assert faults(replace(WHOLE, overall_score=None, scored_axes=0)) == []


@pytest.mark.parametrize(
    ("broken", "phrase"),
    [
        ({"axes": tuple(Axis)[1:]}, "no entry for CTX"),
        ({"axes": ()}, "no entry for ACC, CLR"),
        ({"overall_score": None}, "axis scores, but no overall score"),
        ({"overall_score": 101}, "an overall score of 101"),
        ({"issues_found": None}, "no count of issues"),
        ({"issues_found": 8}, "9 issues, 8 counted"),
        ({"teasers": 2}, "2 teaser issues of 9"),
        ({"teasers": 8}, "8 teaser issues of 9"),
    ],
)
def test_each_fault_is_named(broken: dict[str, Any], phrase: str) -> None:
    assert [fault[: len(phrase)] for fault in faults(replace(WHOLE, **broken))] == [phrase]
