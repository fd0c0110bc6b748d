"""The ledger and the balances: whatever happens in whatever order, and wherever it breaks off, they agree."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine, insert, text, update

from cynthia_pipeline.credits.balance import (
    Balance,
    EntryKind,
    held,
    opened,
    released,
    renewed,
    with_plan,
)
from cynthia_pipeline.queue.model import Plan
from cynthia_pipeline.store.credits import (
    HoldMissingError,
    account,
    balance_of,
    history,
    hold,
    release,
    reset_due,
    set_plan,
    settle,
)
from cynthia_pipeline.store.database import open_engine
from cynthia_pipeline.store.ledger_check import find_unbalanced
from cynthia_pipeline.store.tables import credit_balances, credit_ledger, fix_pack_requests

START = datetime(2027, 1, 31, 8, tzinfo=UTC)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class Ledger(RuleBasedStateMachine):
    """Users' credits in Postgres against the pure functions; each step may crash before its commit."""

    make_database: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.engine: Engine = open_engine(self.make_database(), pool_size=1)
        self.now = START
        self.balances: dict[UUID, Balance] = {}
        self.open_holds: dict[UUID, tuple[UUID, bool]] = {}
        """Each request's user, and whether its hold is of the present allowance."""
        self.failed: dict[UUID, UUID] = {}
        """Requests that gave their credit back, each with its user."""

    def teardown(self) -> None:
        self.engine.dispose()

    @contextmanager
    def step(self, *, crashes: bool) -> Iterator[Connection]:
        with self.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            if crashes:
                transaction.rollback()

    def age(self, user: UUID) -> None:
        for request, (holder, _) in self.open_holds.items():
            if holder == user:
                self.open_holds[request] = (holder, False)

    @initialize(plans=st.lists(st.sampled_from(list(Plan)), min_size=1, max_size=3))
    def users(self, plans: list[Plan]) -> None:
        for plan in plans:
            user = uuid4()
            with self.step(crashes=False) as connection:
                after = set_plan(connection, user, plan, self.now)
            first = opened(user, self.now)
            self.balances[user] = first if plan is Plan.FREE else with_plan(first, plan, self.now)
            assert after == self.balances[user]

    def pick(self, data: st.DataObject) -> UUID:
        return data.draw(st.sampled_from(list(self.balances)))

    @rule(data=st.data(), crashes=st.booleans())
    def accept(self, data: st.DataObject, crashes: bool) -> None:
        user = self.pick(data)
        with self.step(crashes=crashes) as connection:
            request: UUID = connection.execute(
                insert(fix_pack_requests)
                .values(audit_id=uuid4(), user_id=user, type="token", accepted_at=self.now)
                .returning(fix_pack_requests.c.id)
            ).scalar_one()
            is_held = hold(connection, user, request, "a pack", self.now)
            assert is_held == (held(self.balances[user]) is not None)
            if is_held:
                # Asked again, it is the same hold.
                assert hold(connection, user, request, "a pack", self.now)
            else:
                connection.execute(
                    update(fix_pack_requests).where(fix_pack_requests.c.id == request).values(status="failed")
                )
        after = held(self.balances[user])
        if after is not None and not crashes:
            self.balances[user] = after
            self.open_holds[request] = (user, True)

    @rule(data=st.data(), succeeds=st.booleans(), crashes=st.booleans())
    def end(self, data: st.DataObject, succeeds: bool, crashes: bool) -> None:
        if not self.open_holds:
            return
        request = data.draw(st.sampled_from(list(self.open_holds)))
        user, same_allowance = self.open_holds[request]
        with self.step(crashes=crashes) as connection:
            connection.execute(
                update(fix_pack_requests)
                .where(fix_pack_requests.c.id == request)
                .values(status="completed" if succeeds else "failed")
            )
            if succeeds:
                assert settle(connection, user, request, self.now)
            else:
                release(connection, user, request, self.now)
        if crashes:
            return
        del self.open_holds[request]
        if not succeeds:
            self.balances[user] = released(self.balances[user], same_allowance=same_allowance)
            self.failed[request] = user
        with self.engine.connect() as connection:
            for again in (settle, release):
                with pytest.raises(HoldMissingError):
                    again(connection, user, request, self.now)

    @rule(data=st.data(), crashes=st.booleans())
    def replay(self, data: st.DataObject, crashes: bool) -> None:
        if not self.failed:
            return
        request = data.draw(st.sampled_from(list(self.failed)))
        user = self.failed[request]
        after = held(self.balances[user])
        with self.step(crashes=crashes) as connection:
            is_held = hold(connection, user, request, "a pack", self.now)
            assert is_held == (after is not None)
            if is_held:
                row = update(fix_pack_requests).where(fix_pack_requests.c.id == request)
                connection.execute(row.values(status="pending"))
                assert hold(connection, user, request, "a pack", self.now)
        if after is not None and not crashes:
            del self.failed[request]
            self.balances[user] = after
            self.open_holds[request] = (user, True)

    @rule(data=st.data(), plan=st.sampled_from(list(Plan)), crashes=st.booleans())
    def change_plan(self, data: st.DataObject, plan: Plan, crashes: bool) -> None:
        user = self.pick(data)
        with self.step(crashes=crashes) as connection:
            set_plan(connection, user, plan, self.now)
        if not crashes and self.balances[user].plan is not plan:
            self.balances[user] = with_plan(self.balances[user], plan, self.now)
            self.age(user)

    @rule(data=st.data())
    def the_web_app_charges_by_itself(self, data: st.DataObject) -> None:
        user = self.pick(data)
        balance = self.balances[user]
        if balance.left > 0:
            with self.step(crashes=False) as connection:
                connection.execute(
                    update(credit_balances)
                    .where(credit_balances.c.user_id == user)
                    .values(used_credits=credit_balances.c.used_credits + 1)
                )
            self.balances[user] = Balance(
                user, balance.plan, balance.monthly, balance.used + 1, balance.reset_at, balance.anchor_day
            )

    @rule(days=st.floats(0, 100), by_function=st.booleans(), crashes=st.booleans())
    def time_goes_by(self, days: float, by_function: bool, crashes: bool) -> None:
        self.now += timedelta(days=days)
        expected = {}
        for user, balance in self.balances.items():
            after = balance
            while after.reset_at <= self.now:
                after = renewed(after)
                expected[user] = after
        with self.step(crashes=crashes) as connection:
            if by_function:
                # What a team calls from pg_cron, but for its clock.
                statement = text("SELECT count(*) FROM cynthia_reset_credits(:now, 'infinity')")
                connection.execute(statement, {"now": self.now})
            else:
                made = reset_due(connection, FOREVER, self.now)
                assert {reset.user for reset in made} == set(expected)
            assert reset_due(connection, FOREVER, self.now) == []
        if not crashes:
            self.balances.update(expected)
            for user in expected:
                self.age(user)

    @invariant()
    def balances_are_what_they_should_be(self) -> None:
        with self.engine.begin() as connection:
            for user, balance in self.balances.items():
                assert balance_of(connection, user, self.now) == balance
                holds = sum(holder == user for holder, _ in self.open_holds.values())
                assert account(connection, user, self.now).open_holds == holds
            # Requests are made here without packs, so completed ones need not point to one.
            assert find_unbalanced(connection).offenders == ()

    @invariant()
    def no_month_is_reset_twice(self) -> None:
        with self.engine.connect() as connection:
            for user in self.balances:
                months = [
                    (entry.due_at.year, entry.due_at.month)
                    for entry in history(connection, user, 1000)
                    if entry.kind is EntryKind.RESET and entry.due_at is not None
                ]
                assert len(months) == len(set(months))


def test_balances_equal_the_ledger_whatever_happens(make_database: Callable[[], str]) -> None:
    Ledger.make_database = staticmethod(make_database)
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credit_ledger SET credits = 0",
        "DELETE FROM credit_ledger",
        "TRUNCATE credit_ledger",
        "UPDATE credit_ledger SET credits = 0 WHERE false",
    ],
)
def test_the_ledger_is_append_only(database_url: str, statement: str) -> None:
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(statement)


def test_what_the_web_app_writes_enters_the_ledger(engine: Engine) -> None:
    user = uuid4()
    with engine.begin() as connection:
        connection.execute(
            insert(credit_balances).values(user_id=user, plan="starter", monthly_credits=10, reset_at=START)
        )
        mine = update(credit_balances).where(credit_balances.c.user_id == user)
        connection.execute(mine.values(used_credits=3))
        connection.execute(mine.values(updated_at=START))  # nothing of the balance
        connection.execute(mine.values(plan="pro", monthly_credits=50, used_credits=0, reset_at=START))
        connection.execute(mine.values(used_credits=1))
        connection.execute(mine.values(used_credits=0, reset_at=START + timedelta(days=28)))
    with engine.connect() as connection:
        entries = [(entry.kind, entry.credits, entry.balance_after) for entry in history(connection, user, 10)]
        assert find_unbalanced(connection).offenders == ()
    assert entries == [
        (EntryKind.RESET, 1, 50),
        (EntryKind.ADJUSTMENT, -1, 49),
        (EntryKind.PLAN_CHANGE, 43, 50),
        (EntryKind.ADJUSTMENT, -3, 7),
        (EntryKind.OPENING, 10, 10),
    ]


def test_a_balance_that_is_not_its_ledgers_is_found(engine: Engine) -> None:
    user = uuid4()
    with engine.begin() as connection:
        set_plan(connection, user, Plan.PRO, START)
        assert find_unbalanced(connection).offenders == ()
        connection.execute(text("ALTER TABLE credit_balances DISABLE TRIGGER cynthia_keep_ledger"))
        connection.execute(update(credit_balances).values(used_credits=7))
        offenders = find_unbalanced(connection).offenders
    assert [(each.table, each.why) for each in offenders] == [("credit_balances", "left: 43, by the ledger: 50")]


def test_a_pack_without_its_charge_is_found(engine: Engine) -> None:
    with engine.begin() as connection:
        row = {"audit_id": uuid4(), "user_id": uuid4(), "type": "token", "status": "completed"}
        connection.execute(insert(fix_pack_requests).values(row))
        offenders = find_unbalanced(connection).offenders
    assert [each.why for each in offenders] == ["completed without a charge"]


def test_an_adopted_balance_begins_its_ledger_where_it_stood(database_url: str, engine: Engine) -> None:
    user = uuid4()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE credit_balances DISABLE TRIGGER cynthia_keep_ledger"))
        connection.execute(
            insert(credit_balances).values(
                user_id=user, plan="pro", monthly_credits=50, used_credits=20, reset_at=START
            )
        )
        connection.execute(text("ALTER TABLE credit_balances ENABLE TRIGGER cynthia_keep_ledger"))
        # The first thing that happens to a balance without a ledger brings both up to date.
        connection.execute(update(credit_balances).values(used_credits=21))
        assert find_unbalanced(connection).offenders == ()
        (entry,) = history(connection, user, 10)
    assert (entry.kind, entry.credits) == (EntryKind.OPENING, 29)


# Resets


def test_a_balance_that_nobody_reset_for_months_catches_up(engine: Engine) -> None:
    user = uuid4()
    with engine.begin() as connection:
        set_plan(connection, user, Plan.STARTER, START)
        connection.execute(update(credit_balances).values(used_credits=4))
        now = datetime(2027, 6, 1, tzinfo=UTC)
        made = reset_due(connection, FOREVER, now)
        after = balance_of(connection, user, now)
    assert [(reset.due_at.date().isoformat(), reset.credits_returned) for reset in made] == [
        ("2027-02-28", 4),
        ("2027-03-31", 0),
        ("2027-04-30", 0),
        ("2027-05-31", 0),
    ]
    assert (after.used, after.reset_at, after.anchor_day) == (0, datetime(2027, 6, 30, 8, tzinfo=UTC), 31)


def test_only_the_months_asked_for_are_reset(engine: Engine) -> None:
    with engine.begin() as connection:
        set_plan(connection, uuid4(), Plan.STARTER, START)
        now = datetime(2027, 6, 1, tzinfo=UTC)
        first = reset_due(connection, datetime(2027, 3, 1, tzinfo=UTC), now)
        rest = reset_due(connection, FOREVER, now)
    assert (len(first), len(rest)) == (1, 3)


def test_the_function_for_pg_cron_does_the_same_and_stands_beside_the_schedule(engine: Engine) -> None:
    users = [uuid4(), uuid4()]
    long_ago = datetime(2020, 1, 31, tzinfo=UTC)
    with engine.begin() as connection:
        for user in users:
            set_plan(connection, user, Plan.STARTER, long_ago)
        connection.execute(update(credit_balances).values(used_credits=9))
        now = datetime.now(UTC)
        assert connection.execute(text("SELECT reset_monthly_credits()")).scalar_one() == 2
        assert connection.execute(text("SELECT reset_monthly_credits()")).scalar_one() == 0
        assert reset_due(connection, FOREVER, now) == []
        for user in users:
            balance = balance_of(connection, user, now)
            assert balance.used == 0
            assert balance.reset_at > now
            assert balance.anchor_day == 31
        assert find_unbalanced(connection).offenders == ()


def test_a_month_is_reset_once_even_if_its_reset_day_is_moved(engine: Engine) -> None:
    user = uuid4()
    now = datetime(2027, 3, 20, tzinfo=UTC)
    with engine.begin() as connection:
        set_plan(connection, user, Plan.STARTER, datetime(2027, 2, 5, tzinfo=UTC))
        assert len(reset_due(connection, FOREVER, now)) == 1
        moved = {"used_credits": 6, "reset_at": datetime(2027, 3, 19, tzinfo=UTC)}
        connection.execute(update(credit_balances).values(moved))
        assert reset_due(connection, FOREVER, now) == []
        balance = balance_of(connection, user, now)
        assert (balance.used, balance.reset_at) == (6, datetime(2027, 4, 19, tzinfo=UTC))
        assert find_unbalanced(connection).offenders == ()


def test_a_hold_from_before_a_reset_stays_open_and_costs_the_new_month_nothing(engine: Engine) -> None:
    user = uuid4()
    later = START + timedelta(days=40)
    with engine.begin() as connection:
        set_plan(connection, user, Plan.STARTER, START)
        requests = connection.scalars(
            insert(fix_pack_requests)
            .values([{"audit_id": uuid4(), "user_id": user, "type": "token"} for _ in range(2)])
            .returning(fix_pack_requests.c.id)
        ).all()
        for request in requests:
            assert hold(connection, user, request, "a pack", START)
        reset_due(connection, FOREVER, later)
        assert account(connection, user, later).open_holds == 2
        settle(connection, user, requests[0], later)
        release(connection, user, requests[1], later)
        after = account(connection, user, later)
    assert (after.balance.used, after.balance.left, after.open_holds) == (0, 10, 0)


def test_the_ledgers_total_is_what_is_left(engine: Engine) -> None:
    user = uuid4()
    with engine.begin() as connection:
        set_plan(connection, user, Plan.AGENCY, START)
        connection.execute(update(credit_balances).values(used_credits=77))
        reset_due(connection, FOREVER, START + timedelta(days=100))
        total = connection.execute(text("SELECT sum(credits) FROM credit_ledger")).scalar_one()
        assert total == balance_of(connection, user, START).left == 200
        assert connection.execute(credit_ledger.select()).first() is not None
