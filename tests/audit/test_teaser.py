"""Which issues are shown first."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.report import Severity
from cynthia_pipeline.audit.teaser import LEAST, MOST, Candidate, choose, heaviest_first

candidates = st.lists(
    st.builds(
        Candidate,
        issue_id=st.uuids().map(str),
        rule_id=st.sampled_from("abcdef"),
        severity=st.sampled_from(Severity),
        occurrences=st.integers(1, 500),
        first_view=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda candidate: candidate.issue_id,
)


@given(candidates)
def test_three_to_seven_or_all_there_are(issues: list[Candidate]) -> None:
    chosen = choose(issues)
    assert min(LEAST, len(issues)) <= len(chosen) <= MOST
    assert len(set(chosen)) == len(chosen)


@given(candidates)
def test_never_all_of_one_rule_while_others_matter(issues: list[Candidate]) -> None:
    by_id = {issue.issue_id: issue for issue in issues}
    rules = {issue.rule_id for issue in issues if issue.severity is not Severity.INFO}
    if len(rules) > 1:
        assert len({by_id[issue_id].rule_id for issue_id in choose(issues)}) > 1


@given(candidates)
def test_the_heaviest_is_always_first(issues: list[Candidate]) -> None:
    if issues:
        assert choose(issues)[0] == heaviest_first(issues)[0].issue_id


@given(candidates, st.randoms())
def test_order_of_findings_does_not_matter(issues: list[Candidate], random: Random) -> None:
    shuffled = list(issues)
    random.shuffle(shuffled)
    assert choose(shuffled) == choose(issues)
