"""Scores from faults. docs/scoring.md explains the formula with a worked example.

    axis    = 100 × Π over failing rules of (1 − deduction(heaviest severity, weighted occurrences))
    overall = Σ weight × axis / Σ weight, over the judged axes

Both are monotone: taking a fault away, or making it lighter, never lowers a score, and a new fault never raises
one. For that each severity's range of deductions lies wholly above that of the next lighter one, and a rule's
faults share one deduction, in the range of the heaviest.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cynthia_pipeline.audit.report import Axis, Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """What scoring wants to know of an issue."""

    rule_id: str
    axis: Axis
    severity: Severity
    occurrences: int


@dataclass(frozen=True, slots=True)
class _Range:
    """Share of an axis that one rule takes: for one occurrence, and as occurrences grow without end.

    Attributes:
        weight: what one occurrence counts beside one of another severity.
    """

    first: float
    limit: float
    weight: float


_RANGES: Mapping[Severity, _Range] = {
    Severity.CRITICAL: _Range(0.25, 0.50, 1.0),
    Severity.MAJOR: _Range(0.08, 0.20, 0.5),
    Severity.MINOR: _Range(0.02, 0.06, 0.25),
    Severity.INFO: _Range(0.0, 0.0, 0.0),
}

_HALFWAY = 4
"""Occurrences beyond the first at which half of the range is used up."""

WEIGHTS: Mapping[Axis, float] = {
    Axis.ACC: 3.0,
    Axis.CLR: 2.0,
    Axis.TYP: 2.0,
    Axis.RSP: 2.0,
    Axis.CTX: 2.0,
    Axis.DYN: 2.0,
    Axis.LFT: 2.0,
    Axis.SPC: 1.0,
    Axis.GRD: 1.0,
    Axis.IMG: 1.0,
    Axis.MOT: 1.0,
    Axis.TRD: 0.5,
    Axis.EMO: 0.5,
}
"""What each axis weighs in the overall score. A weight is a product decision, not a measurement."""


def deduction(occurrences: Mapping[Severity, int]) -> float:
    """The share of its axis, 0 to 1, that one rule takes, by how often it failed with each severity."""
    failing = {severity: count for severity, count in occurrences.items() if count > 0 and _RANGES[severity].weight}
    if not failing:
        return 0.0
    span = max((_RANGES[severity] for severity in failing), key=lambda candidate: candidate.weight)
    beyond = math.fsum(_RANGES[severity].weight * count for severity, count in failing.items()) / span.weight - 1
    return span.first + (span.limit - span.first) * beyond / (beyond + _HALFWAY)


def axis_value(axis: Axis, faults: Iterable[Fault]) -> float:
    """The exact score of one axis, 0 to 100."""
    rules: dict[str, dict[Severity, int]] = {}
    for fault in faults:
        if fault.axis is axis:
            occurrences = rules.setdefault(fault.rule_id, {})
            occurrences[fault.severity] = occurrences.get(fault.severity, 0) + fault.occurrences
    # Sorted: the same faults give the same product to the last bit, whatever order they came in.
    factors = sorted(1 - deduction(occurrences) for occurrences in rules.values())
    return 100 * math.prod(factors)


def overall_value(axes: Mapping[Axis, float]) -> float | None:
    """The weighted mean of the judged axes, 0 to 100; None where no axis could be judged."""
    if not axes:
        return None
    total = math.fsum(WEIGHTS[axis] for axis in axes)
    return math.fsum(WEIGHTS[axis] * value for axis, value in axes.items()) / total


def rounded(value: float) -> int:
    """To the nearest whole point, halves up; keeps the order of values."""
    return math.floor(value + 0.5)


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one page, rounded; None for an axis that was not judged."""

    axes: Mapping[Axis, int | None]
    overall: int | None


def score(faults: Iterable[Fault], judged: Iterable[Axis]) -> Scores:
    """Scores the judged axes by the faults found."""
    faults = tuple(faults)
    exact = {axis: axis_value(axis, faults) for axis in judged}
    overall = overall_value(exact)
    return Scores(
        axes={axis: rounded(exact[axis]) if axis in exact else None for axis in Axis},
        overall=None if overall is None else rounded(overall),
    )
