"""The small state machines of an audit, without a browser."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.browser.engine import _Progress, both, limits_within
from cynthia_pipeline.browser.identity import user_agent
from cynthia_pipeline.browser.tripwire import Tripwire
from cynthia_pipeline.browser.visit import VisitLimits
from cynthia_pipeline.errors import ErrorCode, PermanentError, TransientError

CRASH = TransientError(ErrorCode.PAGE_CRASHED)
LOOP = PermanentError(ErrorCode.ENDLESS_NAVIGATION)


async def test_a_tripped_wire_ends_the_work_with_the_first_reason() -> None:
    async def work() -> None:
        async with Tripwire() as wire:
            asyncio.get_running_loop().call_soon(wire.trip, CRASH)
            asyncio.get_running_loop().call_soon(wire.trip, LOOP)
            await asyncio.Event().wait()

    with pytest.raises(TransientError) as caught:
        await work()
    assert caught.value is CRASH
    current = asyncio.current_task()
    assert current is not None
    assert not current.cancelling()


async def test_a_cancellation_from_outside_passes_through_a_wire() -> None:
    async def work() -> None:
        async with Tripwire():
            await asyncio.Event().wait()

    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_wire_tripped_after_its_work_does_nothing() -> None:
    async with Tripwire() as wire:
        pass
    wire.trip(CRASH)
    await asyncio.sleep(0)


async def test_a_timeout_around_a_wire_stays_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0), Tripwire():
            await asyncio.Event().wait()


async def test_the_first_failure_of_two_ends_the_other() -> None:
    ended = asyncio.Event()

    async def fail() -> int:
        raise CRASH

    async def wait() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0

    with pytest.raises(TransientError) as caught:
        await both(wait(), fail())
    assert caught.value is CRASH
    assert ended.is_set()


@given(st.lists(st.integers(0, 100), max_size=30))
def test_progress_never_goes_back(steps: Sequence[int]) -> None:
    told: list[int] = []

    async def report(percent: int) -> None:
        told.append(percent)

    async def walk() -> None:
        progress = _Progress(report)
        for step in steps:
            await progress.reach(step)

    asyncio.run(walk())
    assert told == sorted(set(told))
    assert (told[-1] if told else 0) == max(steps, default=0)


@given(st.floats(1, 600))
def test_both_pages_of_an_audit_fit_into_its_time(audit_timeout_s: float) -> None:
    limits = limits_within(audit_timeout_s)
    one = limits.load_s + limits.busy_s + limits.settle_s + limits.measure_s
    assert one < audit_timeout_s
    assert limits.load_s <= VisitLimits().load_s


@pytest.mark.parametrize("viewport", Viewport)
def test_the_browser_names_the_product(viewport: Viewport) -> None:
    agent = user_agent(viewport, "156.0.8078.79")
    assert "Chrome/156.0.0.0" in agent
    assert "Cynthia/" in agent
    assert "Headless" not in agent
    assert ("Mobile" in agent) == (viewport is Viewport.MOBILE)
    contact = user_agent(viewport, "156.0.8078.79", "https://example.com/bot")
    assert contact == f"{agent} (+https://example.com/bot)"
