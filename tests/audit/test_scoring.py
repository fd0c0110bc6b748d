"""The properties that docs/scoring.md promises, and its worked example."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.report import Axis, Severity
from cynthia_pipeline.audit.scoring import Fault, axis_value, deduction, overall_value, rounded, score

SEVERITIES = list(Severity)

faults = st.builds(
    Fault,
    rule_id=st.sampled_from(["a", "b", "c"]),
    axis=st.sampled_from([Axis.ACC, Axis.CLR]),
    severity=st.sampled_from(SEVERITIES),
    occurrences=st.integers(1, 300),
)
pages = st.lists(faults, max_size=12)
JUDGED = (Axis.ACC, Axis.CLR, Axis.TYP)


def exact_overall(page: list[Fault]) -> float:
    value = overall_value({axis: axis_value(axis, page) for axis in JUDGED})
    assert value is not None
    return value


@given(pages, faults)
def test_a_new_fault_raises_nothing(page: list[Fault], fault: Fault) -> None:
    worse = [*page, fault]
    for axis in JUDGED:
        assert axis_value(axis, worse) <= axis_value(axis, page) + 1e-9
    assert rounded(exact_overall(worse)) <= rounded(exact_overall(page))


@given(pages, faults)
def test_a_fault_that_costs_costs_exactly_on_its_axis(page: list[Fault], fault: Fault) -> None:
    worse = [*page, fault]
    assert (axis_value(fault.axis, worse) < axis_value(fault.axis, page)) == (fault.severity is not Severity.INFO)
    other = Axis.CLR if fault.axis is Axis.ACC else Axis.ACC
    assert axis_value(other, worse) == axis_value(other, page)


@given(pages, faults, st.data())
def test_a_lighter_fault_lowers_nothing(page: list[Fault], fault: Fault, data: st.DataObject) -> None:
    lighter = data.draw(st.sampled_from(SEVERITIES[SEVERITIES.index(fault.severity) :]))
    fewer = data.draw(st.integers(1, fault.occurrences))
    before = exact_overall([*page, fault])
    after = exact_overall([*page, replace(fault, severity=lighter, occurrences=fewer)])
    assert after >= before - 1e-9


@given(pages, st.randoms())
def test_order_does_not_matter(page: list[Fault], random: Random) -> None:
    shuffled = list(page)
    random.shuffle(shuffled)
    assert score(shuffled, JUDGED) == score(page, JUDGED)


@given(st.sampled_from(SEVERITIES[:-1]), st.integers(1, 10_000))
def test_severities_do_not_overlap(severity: Severity, occurrences: int) -> None:
    lighter = SEVERITIES[SEVERITIES.index(severity) + 1]
    assert deduction({lighter: occurrences}) < deduction({severity: 1})


def test_an_axis_that_is_not_judged_has_no_score_and_no_weight() -> None:
    scores = score([Fault("a", Axis.ACC, Severity.CRITICAL, 1)], [Axis.ACC])
    assert scores.axes[Axis.TYP] is None
    assert scores.overall == scores.axes[Axis.ACC] == 75
    assert score([], []).overall is None


def test_worked_example() -> None:
    page = [
        Fault("alt", Axis.ACC, Severity.CRITICAL, 2),
        Fault("region", Axis.ACC, Severity.MINOR, 5),
        Fault("contrast", Axis.CLR, Severity.MAJOR, 1),
        Fault("overflow", Axis.RSP, Severity.CRITICAL, 1),
    ]
    assert axis_value(Axis.ACC, page) == pytest.approx(67.2)
    scores = score(page, [Axis.ACC, Axis.CLR, Axis.TYP, Axis.RSP])
    assert (scores.axes[Axis.ACC], scores.axes[Axis.CLR], scores.axes[Axis.TYP], scores.axes[Axis.RSP]) == (
        67,
        92,
        100,
        75,
    )
    assert scores.overall == 82


@given(st.floats(0, 100), st.floats(0, 100))
def test_rounding_keeps_the_order(first: float, second: float) -> None:
    assert rounded(min(first, second)) <= rounded(max(first, second))
