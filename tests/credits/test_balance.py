"""What happens to a balance, as pure functions."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.credits.balance import ALLOWANCES, Balance, held, opened, released, renewed, with_plan
from cynthia_pipeline.queue.model import Plan

USER = UUID(int=7)
NOW = datetime(2027, 1, 31, 9, 30, tzinfo=UTC)


def on(plan: Plan, used: int = 0) -> Balance:
    return Balance(USER, plan, ALLOWANCES[plan], used, NOW, 31)


def test_the_first_sight_is_free() -> None:
    balance = opened(USER, NOW)
    assert (balance.plan, balance.monthly, balance.used, balance.left) == (Plan.FREE, 0, 0, 0)
    assert balance.reset_at == datetime(2027, 2, 28, 9, 30, tzinfo=UTC)
    assert balance.anchor_day == 31


@pytest.mark.parametrize(("plan", "allowance"), [("free", 0), ("starter", 10), ("pro", 50), ("agency", 200)])
def test_a_plan_gives_its_credits_and_no_more(plan: str, allowance: int) -> None:
    balance: Balance | None = with_plan(opened(USER, NOW), Plan(plan), NOW)
    spent = 0
    while balance is not None and (balance := held(balance)) is not None:
        spent += 1
    assert spent == allowance


@given(plan=st.sampled_from([Plan.STARTER, Plan.PRO, Plan.AGENCY]), data=st.data())
def test_a_hold_given_back_leaves_no_trace(plan: Plan, data: st.DataObject) -> None:
    before = on(plan, data.draw(st.integers(0, ALLOWANCES[plan] - 1)))
    taken = held(before)
    assert taken is not None
    assert taken.left == before.left - 1
    assert released(taken, same_allowance=True) == before


@given(used=st.integers(1, 10), later=st.integers(0, 10))
def test_a_hold_from_before_a_reset_gives_nothing_to_the_new_month(used: int, later: int) -> None:
    month = renewed(on(Plan.STARTER, used))
    assert month.used == 0
    for _ in range(later):
        month = held(month) or month
    assert released(month, same_allowance=False) == month


def test_a_change_of_plan_begins_a_month_of_its_own() -> None:
    changed = with_plan(on(Plan.STARTER, 9), Plan.PRO, datetime(2027, 5, 30, tzinfo=UTC))
    assert (changed.monthly, changed.used, changed.anchor_day) == (50, 0, 30)
    assert changed.reset_at == datetime(2027, 6, 30, tzinfo=UTC)
