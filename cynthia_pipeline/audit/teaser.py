"""Which issues a visitor is shown first: those that matter most, and not all of a kind.

rank = severity × reach × visibility
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cynthia_pipeline.audit.report import Severity

LEAST = 3
MOST = 7
_PER_RULE = 2

_SEVERITY_WEIGHT: Mapping[Severity, float] = {
    Severity.CRITICAL: 100.0,
    Severity.MAJOR: 30.0,
    Severity.MINOR: 5.0,
    Severity.INFO: 0.5,
}
_FIRST_VIEW = 1.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the choice wants to know of an issue.

    Attributes:
        first_view: whether it can be seen without scrolling.
    """

    issue_id: str
    rule_id: str
    severity: Severity
    occurrences: int
    first_view: bool

    @property
    def rank(self) -> float:
        """How much it matters; reach counts by its logarithm, so that many small ones do not bury a great one."""
        reach = 1 + math.log10(max(self.occurrences, 1))
        return _SEVERITY_WEIGHT[self.severity] * reach * (_FIRST_VIEW if self.first_view else 1.0)


def heaviest_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Ordered by rank; ties by id, so that the order is the same every time."""
    return sorted(candidates, key=lambda candidate: (-candidate.rank, candidate.issue_id))


def choose(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The ids to show: at most seven and two of a rule; at least three where there are three."""
    ordered = heaviest_first(candidates)
    chosen: list[Candidate] = []
    for candidate in ordered:
        of_rule = sum(other.rule_id == candidate.rule_id for other in chosen)
        if len(chosen) < MOST and of_rule < _PER_RULE and candidate.severity is not Severity.INFO:
            chosen.append(candidate)
    for candidate in ordered:
        if len(chosen) < LEAST and candidate not in chosen:
            chosen.append(candidate)
    return tuple(candidate.issue_id for candidate in heaviest_first(chosen))
