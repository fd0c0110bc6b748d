"""Round-robin between owners."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.queue.fairness import next_turns
from cynthia_pipeline.queue.model import OwnerKey

owners = st.integers(1, 6).map(lambda n: OwnerKey(UUID(int=n)))


def owner(number: int) -> OwnerKey:
    return OwnerKey(UUID(int=number))


def test_one_owners_backlog_does_not_delay_ten_others() -> None:
    hog = owner(1)
    backlog = next_turns([hog] * 100, {}, present_turn=0)
    assert backlog == list(range(100))
    # Three of them were served when ten others come.
    newcomers = next_turns([owner(n) for n in range(2, 12)], {hog: 99}, present_turn=3)
    served_before = sum(turn < max(newcomers) for turn in backlog[4:])
    assert newcomers == [3] * 10
    assert served_before == 0


def test_absence_earns_no_credit() -> None:
    assert next_turns([owner(1)], {}, present_turn=500) == [500]


@given(st.lists(owners, max_size=60), st.dictionaries(owners, st.integers(0, 50)), st.integers(0, 50))
def test_an_owners_turns_grow_and_never_lie_in_the_past(
    arrivals: list[OwnerKey], last: dict[OwnerKey, int], present: int
) -> None:
    turns = next_turns(arrivals, last, present)
    seen = dict(last)
    for who, turn in zip(arrivals, turns, strict=True):
        assert turn >= present
        if who in seen:
            assert turn > seen[who]
        seen[who] = turn


@given(st.lists(owners, min_size=1, max_size=60))
def test_in_an_empty_queue_each_turn_serves_each_owner_once(arrivals: list[OwnerKey]) -> None:
    turns = next_turns(arrivals, {}, present_turn=0)
    served = Counter(zip(turns, arrivals, strict=True))
    assert set(served.values()) == {1}
    for who, count in Counter(arrivals).items():
        assert sorted(turn for turn, other in zip(turns, arrivals, strict=True) if other == who) == list(range(count))
