"""Which due audits start, within which limits."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.queue.choice import Candidate, Load, choose, room
from cynthia_pipeline.queue.model import AuditId, Limits, OwnerKey

owners = st.integers(1, 5).map(lambda n: OwnerKey(UUID(int=n)))
hosts = st.sampled_from(["a.test", "b.test", "c.test", None])
limits = st.builds(
    Limits,
    at_once=st.integers(1, 8),
    per_owner=st.integers(1, 3),
    per_host=st.integers(1, 3),
    starts_per_minute=st.none() | st.integers(1, 10),
)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    pairs = draw(st.lists(st.tuples(owners, hosts), max_size=30))
    return [Candidate(AuditId(UUID(int=100 + n)), owner, host) for n, (owner, host) in enumerate(pairs)]


@st.composite
def loads(draw: st.DrawFn) -> Load:
    pairs = draw(st.lists(st.tuples(owners, hosts), max_size=10))
    return Load(
        running=len(pairs),
        by_owner=Counter(owner for owner, _ in pairs),
        by_host=Counter(host for _, host in pairs if host is not None),
        started_last_minute=draw(st.integers(0, 12)),
    )


@given(candidates(), loads(), limits, st.integers(0, 10))
def test_no_limit_is_ever_passed(due: list[Candidate], load: Load, limits: Limits, slots: int) -> None:
    by_id = {candidate.id: candidate for candidate in due}
    chosen = [by_id[audit] for audit in choose(due, load, limits, slots)]

    assert len(chosen) <= slots
    if chosen:
        assert load.running + len(chosen) <= limits.at_once
        if limits.starts_per_minute is not None:
            assert load.started_last_minute + len(chosen) <= limits.starts_per_minute
    for owner, count in Counter(candidate.owner for candidate in chosen).items():
        assert load.by_owner.get(owner, 0) + count <= limits.per_owner
    for host, count in Counter(candidate.host for candidate in chosen if candidate.host is not None).items():
        assert load.by_host.get(host, 0) + count <= limits.per_host


@given(candidates(), loads(), limits, st.integers(0, 10))
def test_nothing_that_may_start_is_left_waiting(due: list[Candidate], load: Load, limits: Limits, slots: int) -> None:
    chosen = set(choose(due, load, limits, slots))
    picked = [candidate for candidate in due if candidate.id in chosen]
    by_owner = Counter(load.by_owner) + Counter(candidate.owner for candidate in picked)
    by_host = Counter(load.by_host) + Counter(candidate.host for candidate in picked if candidate.host is not None)

    if len(chosen) < room(load, limits, slots):
        for candidate in due:
            if candidate.id not in chosen:
                owner_full = by_owner[candidate.owner] >= limits.per_owner
                host_full = candidate.host is not None and by_host[candidate.host] >= limits.per_host
                assert owner_full or host_full


@given(candidates(), loads(), limits, st.integers(0, 10))
def test_the_order_is_kept(due: list[Candidate], load: Load, limits: Limits, slots: int) -> None:
    position = {candidate.id: n for n, candidate in enumerate(due)}
    places = [position[audit] for audit in choose(due, load, limits, slots)]
    assert places == sorted(set(places))
