"""Waiting leads upwards, and nothing starves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from cynthia_pipeline.queue.ageing import overdue_turn, risen, turns_in
from cynthia_pipeline.queue.model import OwnerKey, Priority

START = datetime(2026, 6, 1, tzinfo=UTC)
PERIOD = timedelta(seconds=10)


@dataclass
class Item:
    number: int
    owner: OwnerKey
    priority: Priority
    since: datetime
    turn: int = 0

    @property
    def place(self) -> tuple[int, int, int]:
        return self.priority, self.turn, self.number


class Queue:
    """The queue as the store keeps it: entered, risen and served by the pure decisions, one audit a second."""

    def __init__(self) -> None:
        self.now = START
        self.waiting: list[Item] = []
        self.served: dict[int, datetime] = {}
        self._count = 0

    def enter(self, owners: Sequence[int], priority: Priority) -> list[int]:
        items = [
            Item(self._count + offset, OwnerKey(UUID(int=owner)), priority, self.now)
            for offset, owner in enumerate(owners)
        ]
        self._count += len(items)
        self._place(items, priority)
        self.waiting += items
        return [item.number for item in items]

    def second(self) -> None:
        rising = [item for item in self.waiting if item.priority > 0 and item.since <= self.now - PERIOD]
        for priority in (Priority.FREE, Priority.PAID, Priority.OVERDUE):
            group = [item for item in rising if risen(item.priority) is priority and item.since != self.now]
            self._place(group, priority)
            for item in group:
                item.since = self.now
        if self.waiting:
            item = min(self.waiting, key=lambda each: each.place)
            self.waiting.remove(item)
            self.served[item.number] = self.now
        self.now += timedelta(seconds=1)

    def _place(self, items: Sequence[Item], priority: Priority) -> None:
        others = [each for each in self.waiting if each.priority is priority and each not in items]
        last: dict[OwnerKey, int] = {}
        for each in others:
            last[each.owner] = max(each.turn, last.get(each.owner, each.turn))
        present = min((each.turn for each in others), default=0)
        given = turns_in(priority, [item.owner for item in items], last, present, self.now)
        for item, turn in zip(items, given, strict=True):
            item.priority, item.turn = priority, turn


@settings(deadline=None)  # a simulation of minutes; its length in real time says nothing
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from([Priority.PAID, Priority.FREE, Priority.ANONYMOUS])), max_size=12
    ),
    st.integers(1, 3),
)
def test_nothing_starves_under_an_endless_stream_of_paid_work(
    backlog: list[tuple[int, Priority]], paid_each_second: int
) -> None:
    queue = Queue()
    mine = [number for owner, priority in backlog for number in queue.enter([owner], priority)]
    newcomer = 1000
    # Three periods lead to overdue; from there on only what was overdue before goes first. The stream brings up to
    # three audits a second for each that is served, and all of them become overdue in their turn.
    bound_s = 3 * 10 + 3 * (3 * 10 + len(backlog)) + 2 * len(backlog) + 60
    for _ in range(bound_s):
        queue.enter(range(newcomer, newcomer + paid_each_second), Priority.PAID)
        newcomer += paid_each_second
        queue.second()
        if all(number in queue.served for number in mine):
            break
    assert [number for number in mine if number not in queue.served] == []


def test_without_ageing_the_same_stream_would_starve_a_free_one() -> None:
    queue = Queue()
    (free,) = queue.enter([1], Priority.FREE)
    for second in range(9):  # less than one period
        queue.enter([100 + second], Priority.PAID)
        queue.second()
    assert free not in queue.served


def test_a_paid_session_behind_a_hundred_free_ones_is_next() -> None:
    queue = Queue()
    queue.enter(range(1, 101), Priority.FREE)
    queue.second()
    (paid,) = queue.enter([500], Priority.PAID)
    queue.second()
    assert paid in queue.served


def test_one_owners_overdue_backlog_does_not_fill_the_class() -> None:
    now = START
    hog, other = OwnerKey(UUID(int=1)), OwnerKey(UUID(int=2))
    turns = turns_in(Priority.OVERDUE, [hog] * 50, {}, 0, now)
    later = now + timedelta(seconds=5)
    (newcomer,) = turns_in(Priority.OVERDUE, [other], {}, 0, later)
    assert sum(turn <= newcomer for turn in turns) == 6


@given(st.sampled_from(list(Priority)))
def test_rising_ends_at_the_top(priority: Priority) -> None:
    above = risen(priority)
    assert above < priority or priority is above is Priority.OVERDUE
    assert risen(risen(risen(priority))) is Priority.OVERDUE


def test_the_overdue_clock_fits_its_column_for_decades() -> None:
    assert 0 <= overdue_turn(datetime(2026, 1, 1, tzinfo=UTC)) < overdue_turn(datetime(2090, 1, 1, tzinfo=UTC)) < 2**31
