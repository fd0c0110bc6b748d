"""How many drains the backlog needs."""

from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.queue.demand import Backlog, drains_needed
from cynthia_pipeline.queue.model import Limits

limits = st.builds(Limits, at_once=st.integers(1, 100), per_owner=st.just(2), per_host=st.just(2))
backlogs = st.builds(
    Backlog,
    due=st.integers(0, 1000),
    later=st.integers(0, 100),
    running=st.integers(0, 100),
    live_slots=st.integers(0, 200),
    live_drains=st.integers(0, 10),
)

FIVE = Limits(at_once=5, per_owner=2, per_host=2)
IDLE = Backlog(due=0, later=0, running=0, live_slots=0, live_drains=0)
ONE_WAITS = Backlog(due=1, later=0, running=0, live_slots=0, live_drains=0)


def needed(backlog: Backlog, *, starting: int = 0, keep_warm: bool = False) -> int:
    return drains_needed(backlog, starting=starting, slots_per_drain=5, limits=FIVE, keep_warm=keep_warm)


def test_an_idle_queue_needs_no_drain_unless_it_is_kept_warm() -> None:
    assert needed(IDLE) == 0
    assert needed(IDLE, keep_warm=True) == 1
    assert needed(IDLE, keep_warm=True, starting=1) == 0


def test_the_first_session_needs_one_drain_and_not_a_second_while_that_starts() -> None:
    assert needed(ONE_WAITS) == 1
    assert needed(ONE_WAITS, starting=1) == 0


def test_a_live_drain_with_places_suffices() -> None:
    assert needed(Backlog(due=400, later=0, running=5, live_slots=5, live_drains=1)) == 0


def test_a_retry_that_is_not_due_needs_no_drain() -> None:
    assert needed(Backlog(due=0, later=3, running=0, live_slots=0, live_drains=0)) == 0


@given(backlogs, limits, st.integers(0, 5), st.integers(1, 20), st.booleans())
def test_never_more_places_than_the_system_may_use(
    backlog: Backlog, limits: Limits, starting: int, slots: int, keep_warm: bool
) -> None:
    more = drains_needed(backlog, starting=starting, slots_per_drain=slots, limits=limits, keep_warm=keep_warm)
    assert more >= 0
    if more > 1:
        places = backlog.live_slots + (starting + more - 1) * slots
        assert places < min(limits.at_once, backlog.due + backlog.running)


@given(backlogs, limits, st.integers(0, 5), st.integers(1, 20))
def test_something_that_is_due_is_never_left_without_any_drain(
    backlog: Backlog, limits: Limits, starting: int, slots: int
) -> None:
    if backlog.due and backlog.live_slots == 0 and starting == 0:
        assert drains_needed(backlog, starting=0, slots_per_drain=slots, limits=limits, keep_warm=False) >= 1
