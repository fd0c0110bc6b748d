"""When the queue's depth is worth an event."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.queue.depth import TOLD_AT_LEAST, QueueDepth, worth_telling

NOW = datetime(2026, 1, 1, tzinfo=UTC)
counts = st.integers(0, 5)
depths = st.builds(
    QueueDepth,
    new=counts,
    due=counts,
    later=counts,
    running=counts,
    oldest_wait_s=st.floats(0, 1e6),
    drains_alive=counts,
)


@given(depths)
def test_the_first_word_is_news(depth: QueueDepth) -> None:
    assert worth_telling(depth, None, None, NOW)


@given(depths, st.floats(0, 1e6), st.floats(0, TOLD_AT_LEAST.total_seconds() - 1))
def test_a_wait_that_only_grew_is_not(depth: QueueDepth, wait_s: float, ago_s: float) -> None:
    assert not worth_telling(replace(depth, oldest_wait_s=wait_s), depth, NOW - timedelta(seconds=ago_s), NOW)


@given(depths)
def test_silence_is_bounded(depth: QueueDepth) -> None:
    assert worth_telling(depth, depth, NOW - TOLD_AT_LEAST, NOW)


@pytest.mark.parametrize("count", ["new", "due", "later", "running", "drains_alive"])
@given(depth=depths)
def test_every_count_is_news_when_it_changes(depth: QueueDepth, count: str) -> None:
    changed = replace(depth, **{count: getattr(depth, count) + 1})
    assert worth_telling(changed, depth, NOW, NOW)


@given(depths)
def test_depth_is_all_that_waits(depth: QueueDepth) -> None:
    assert depth.as_numbers()["depth"] == depth.new + depth.due + depth.later
