"""A request for a pack from its insert to its end, and the one credit that goes with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, text, update

from cynthia_pipeline.audit.report import FixType
from cynthia_pipeline.credits.balance import EntryKind
from cynthia_pipeline.errors import ErrorCode, PermanentError, UsageError
from cynthia_pipeline.fix_packs.ports import DraftedPage, FixPackType, PageAddress
from cynthia_pipeline.fix_packs.requests import RequestId
from cynthia_pipeline.queue.model import LeaseLostError, Plan, RetryPolicy, WorkKind, WorkStatus
from cynthia_pipeline.store.cancelling import CancelOutcome
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.packs import requests as requests_store
from cynthia_pipeline.store.packs.orders import load_order
from cynthia_pipeline.store.packs.rescue import free_expired
from cynthia_pipeline.store.pauses import pause
from cynthia_pipeline.store.tables import (
    cynthia_audits,
    cynthia_fix_pack_attempts,
    cynthia_page_drafts,
    fix_pack_requests,
    fix_pack_screenshots,
    fix_pack_verifications,
    fix_packs,
)

HOLD, SETTLE, RELEASE = (EntryKind.HOLD, -1, 9), (EntryKind.SETTLE, 0, 9), (EntryKind.RELEASE, 1, 10)


def cancelled(desk: Any, request: RequestId) -> CancelOutcome:
    with desk.engine.begin() as connection:
        outcome, _ = requests_store.cancel(connection, request, database_now(connection))
        return outcome


# Acceptance


def test_an_accepted_request_holds_one_credit(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    assert desk.view(request).credit is None
    assert (desk.accept(), desk.accept()) == (1, 0)
    assert desk.view(request).credit == "held"
    assert desk.entries(user) == [HOLD]
    assert desk.account(user).open_holds == 1
    assert desk.offenders() == ()


def test_a_pack_settles_the_hold_it_was_made_under(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN)
    request = desk.request(user, audit)
    desk.accept()
    (pack,) = desk.claim()
    assert desk.view(request).status is WorkStatus.RUNNING
    desk.complete(pack)

    view = desk.view(request)
    assert (view.status, view.progress, view.fix_pack, view.credit) == (WorkStatus.COMPLETED, 100, request, "settled")
    assert desk.entries(user) == [HOLD, SETTLE]
    assert (desk.account(user).balance.used, desk.account(user).open_holds) == (1, 0)
    with desk.engine.connect() as connection:
        row = connection.execute(select(fix_packs)).one()
        assert (row.audit_id, row.user_id, row.type) == (audit, user, "token")
        assert row.patch_preview == {
            "diffs": [{"file": "style.css", "before": "#999", "after": "#666", "linesChanged": 1}]
        }
        record = connection.execute(select(fix_pack_verifications.c.record)).scalar_one()
        assert (record["before"]["CLR"], record["after"]["CLR"]) == (70, 90)
        assert record["fixed"][0]["engines"] == ["own", "axe-core"]
        picture = connection.execute(select(fix_pack_screenshots)).one()
        assert (picture.name, bytes(picture.content)) == ("after-mobile", b"picture")
    assert desk.offenders() == ()


def test_a_final_failure_gives_the_credit_back(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    desk.fail(desk.claim()[0], ErrorCode.PAGE_CHANGED)
    view = desk.view(request)
    assert (view.status, view.error_code, view.credit) == (WorkStatus.FAILED, "page_changed", "released")
    assert desk.entries(user) == [HOLD, RELEASE]
    assert (desk.account(user).balance.used, desk.packs()) == (0, 0)
    assert desk.offenders() == ()


def replayed(desk: Any, *requests: RequestId) -> list[RequestId]:
    with desk.engine.begin() as connection:
        return requests_store.replay(connection, requests, database_now(connection))


def test_a_replay_of_a_failure_is_charged_once_for_its_pack(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    for _ in range(2):
        desk.accept()
        assert replayed(desk, request) == []
        desk.fail(desk.claim()[0], ErrorCode.TIMED_OUT)
        assert replayed(desk, request) == [request]
        view = desk.view(request)
        assert (view.status, view.attempts, view.error_code) == (WorkStatus.PENDING, 0, None)
        assert desk.offenders() == ()
    desk.accept()
    assert desk.view(request).credit == "held"
    (pack,) = desk.claim()
    desk.complete(pack)
    assert desk.entries(user) == [HOLD, RELEASE, HOLD, RELEASE, HOLD, SETTLE]
    assert (desk.account(user).balance.used, desk.account(user).open_holds) == (1, 0)
    assert replayed(desk, request) == []
    assert desk.offenders() == ()


def test_a_replay_is_answered_by_the_pack_that_was_made_meanwhile(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN)
    first = desk.request(user, audit)
    desk.accept()
    desk.fail(desk.claim()[0], ErrorCode.TIMED_OUT)
    second = desk.request(user, audit)
    desk.accept()
    desk.complete(desk.claim()[0])
    assert replayed(desk, first, second) == [first]
    desk.accept()
    view = desk.view(first)
    assert (view.status, view.answered_by, view.fix_pack) == (WorkStatus.COMPLETED, second, second)
    assert desk.account(user).balance.used == 1
    assert desk.offenders() == ()


def test_a_cancelled_request_can_be_replayed(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    assert cancelled(desk, request) is CancelOutcome.CANCELLED
    assert replayed(desk, request, RequestId(uuid4())) == [request]
    assert (desk.accept(), desk.accept()) == (1, 0)
    assert desk.view(request).credit == "held"
    assert desk.offenders() == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "running"}, ErrorCode.AUDIT_NOT_COMPLETED),
        ({"status": "failed"}, ErrorCode.AUDIT_NOT_COMPLETED),
        ({"full_issues": []}, ErrorCode.NOTHING_TO_FIX),
        ({"target_type": "screenshot"}, ErrorCode.NOTHING_TO_FIX),
        ({"user_id": UUID(int=1)}, ErrorCode.NOT_YOUR_AUDIT),
        ({"full_issues": [{"not": "an issue"}]}, ErrorCode.BAD_INPUT),
    ],
)
def test_what_cannot_be_is_refused_and_free(desk: Any, change: dict[str, Any], code: ErrorCode) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN, **change))
    desk.accept()
    view = desk.view(request)
    assert (view.status, view.error_code, view.credit) == (WorkStatus.FAILED, code, None)
    assert view.error_message
    assert desk.entries(user) == []
    assert desk.claim() == []


def test_an_audit_that_is_not_there_is_refused(desk: Any) -> None:
    request = desk.request(desk.user(), uuid4())
    desk.accept()
    assert desk.view(request).error_code == ErrorCode.AUDIT_NOT_FOUND


def test_another_type_than_the_findings_is_refused(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN), FixPackType.MOTION)
    desk.accept()
    view = desk.view(request)
    assert view.error_code == ErrorCode.NOTHING_TO_FIX
    assert "motion" in (view.error_message or "")


def test_without_credits_the_user_is_told_how_many_are_used(desk: Any) -> None:
    user = desk.user()
    for _ in range(10):
        desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    late = desk.request(user, desk.audit(user, FixType.TOKEN, language="es"))
    desk.accept()
    view = desk.view(late)
    assert view.error_code == ErrorCode.NO_CREDITS
    assert view.error_message == "No quedan créditos: se han usado 10 de 10 este mes."
    assert desk.account(user).balance.used == 10


def test_a_user_who_was_never_seen_is_on_the_free_plan(desk: Any) -> None:
    user = uuid4()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    assert "0 of 0" in (desk.view(request).error_message or "")
    account = desk.account(user)
    assert (account.balance.plan, account.balance.monthly) == (Plan.FREE, 0)
    assert [kind for kind, *_ in desk.entries(user)] == [EntryKind.OPENING]


# The same request twice


def test_the_same_key_is_the_same_request(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN, FixType.LAYOUT)
    first = desk.request(user, audit, key="k")
    assert desk.request(user, audit, key="k") == first
    assert desk.request(uuid4(), audit, key="k") != first  # another user's key
    with pytest.raises(UsageError, match="another pack"):
        desk.request(user, audit, FixPackType.LAYOUT, key="k")
    assert desk.request(user, audit) != desk.request(user, audit)


def test_a_second_request_is_answered_by_the_first_ones_pack(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN)
    first, second = desk.request(user, audit), desk.request(user, audit)
    desk.accept()
    (pack,) = desk.claim()
    assert pack.id == first
    assert desk.view(second).status is WorkStatus.RUNNING
    third = desk.request(user, audit)
    desk.accept()
    desk.complete(pack)
    fourth = desk.request(user, audit)
    desk.accept()
    assert desk.claim() == []
    for again in (second, third, fourth):
        view = desk.view(again)
        assert (view.status, view.fix_pack, view.answered_by, view.credit) == (
            WorkStatus.COMPLETED,
            first,
            first,
            None,
        )
    assert desk.entries(user) == [HOLD, SETTLE]
    assert desk.offenders() == ()


def test_another_type_of_the_same_audit_is_another_pack(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN, FixType.MOTION)
    desk.request(user, audit)
    desk.request(user, audit, FixPackType.MOTION)
    desk.accept()
    assert len(desk.claim()) == 2
    assert desk.account(user).open_holds == 2


def test_after_a_failure_the_pack_can_be_asked_for_again(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN)
    first, joined = desk.request(user, audit), desk.request(user, audit)
    desk.accept()
    desk.fail(desk.claim()[0])
    assert desk.view(joined).status is WorkStatus.FAILED
    again = desk.request(user, audit)
    desk.accept()
    (pack,) = desk.claim()
    assert pack.id == again != first
    desk.complete(pack)
    assert desk.account(user).balance.used == 1
    assert desk.offenders() == ()


# Attempts


def test_a_retry_keeps_the_hold(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    desk.retry(desk.claim()[0], wait_s=60)
    view = desk.view(request)
    assert (view.status, view.attempts, view.credit) == (WorkStatus.PENDING, 1, "held")
    assert desk.claim() == []
    (pack,) = desk.claim(later_s=61)
    assert pack.attempt == 2
    desk.complete(pack)
    assert desk.entries(user) == [HOLD, SETTLE]


@pytest.mark.parametrize("max_attempts", [1, 3])
def test_a_rescued_lease_keeps_its_hold_until_the_attempts_are_used_up(desk: Any, max_attempts: int) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    policy = RetryPolicy(max_attempts=max_attempts, base_s=0.001, cap_s=0.001)
    for attempt in range(1, max_attempts + 1):
        (dead,) = desk.claim(later_s=100.0 * attempt)
        assert dead.attempt == attempt
        assert desk.account(user).open_holds == 1
        with desk.engine.begin() as connection:
            now = database_now(connection) + timedelta(seconds=100.0 * attempt + 31)
            assert len(free_expired(connection, policy, lambda low, _: low, now)) == 1
        with pytest.raises(LeaseLostError):
            desk.complete(dead)
    view = desk.view(request)
    assert (view.status, view.error_code, view.credit) == (WorkStatus.FAILED, "lease_expired", "released")
    assert (desk.packs(), desk.account(user).balance.used) == (0, 0)
    assert desk.offenders() == ()


def test_a_drain_that_lost_its_lease_writes_nothing(desk: Any) -> None:
    user = desk.user()
    desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    (pack,) = desk.claim()
    desk.complete(pack)
    for late in (desk.complete, desk.fail, desk.retry):
        with pytest.raises(LeaseLostError):
            late(pack)
    assert (desk.packs(), desk.entries(user)) == (1, [HOLD, SETTLE])


def test_an_audit_deleted_meanwhile_costs_nothing(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN)
    request = desk.request(user, audit)
    desk.accept()
    (pack,) = desk.claim()
    with desk.engine.begin() as connection:
        connection.execute(delete(cynthia_audits).where(cynthia_audits.c.id == audit))
    with desk.engine.begin() as connection, pytest.raises(PermanentError, match="audit_not_found"):
        load_order(connection, pack)
    desk.complete(pack)
    view = desk.view(request)
    assert (view.status, view.error_code, view.credit) == (WorkStatus.FAILED, "audit_not_found", "released")
    assert desk.offenders() == ()


def test_users_take_turns(desk: Any) -> None:
    busy, quiet = desk.user(), desk.user()
    for _ in range(5):
        desk.request(busy, desk.audit(busy, FixType.TOKEN))
    desk.accept()
    late = desk.request(quiet, desk.audit(quiet, FixType.TOKEN))
    desk.accept()
    assert [pack.user for pack in desk.claim(2)] == [busy, quiet]
    assert desk.view(late).status is WorkStatus.RUNNING


def test_a_pause_lets_nothing_start_and_nothing_be_lost(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    with desk.engine.begin() as connection:
        pause(connection, WorkKind.FIX_PACKS, "test", database_now(connection))
    desk.accept()
    assert desk.claim() == []
    assert desk.view(request).credit == "held"


def test_the_order_is_the_audits_page(desk: Any) -> None:
    user = desk.user()
    web = desk.audit(user, FixType.TOKEN, language="es")
    idea = desk.audit(user, FixType.TOKEN, target_type="frame", target_value="a bakery")
    with desk.engine.begin() as connection:
        connection.execute(insert(cynthia_page_drafts).values(audit_id=idea, template="one", html="<p>Bread"))
    desk.request(user, web)
    desk.request(user, idea)
    desk.accept()
    with desk.engine.begin() as connection:
        orders = [load_order(connection, pack) for pack in desk.claim()]
    assert [order.target for order in orders] == [PageAddress("https://example.com/"), DraftedPage("<p>Bread")]
    assert [order.language for order in orders] == ["es", "en"]
    assert all(order.report.full_issues for order in orders)


# Cancelling


def test_a_cancel_gives_the_credit_back_wherever_it_comes(desk: Any) -> None:
    user = desk.user()
    new, waiting, running = (desk.audit(user, FixType.TOKEN) for _ in range(3))
    first, second = desk.request(user, running), desk.request(user, waiting)
    desk.accept()
    (pack,) = desk.claim(1)
    third = desk.request(user, new)
    assert cancelled(desk, third) is CancelOutcome.CANCELLED
    assert cancelled(desk, second) is CancelOutcome.CANCELLED
    assert cancelled(desk, first) is CancelOutcome.STOPPED
    assert cancelled(desk, first) is CancelOutcome.WAS_FINAL
    assert cancelled(desk, RequestId(uuid4())) is CancelOutcome.UNKNOWN
    with pytest.raises(LeaseLostError):
        desk.complete(pack)
    desk.accept()
    assert desk.claim() == []
    assert {desk.view(each).error_code for each in (first, second, third)} == {"cancelled"}
    assert (desk.account(user).balance.used, desk.packs()) == (0, 0)
    with desk.engine.connect() as connection:
        assert connection.scalars(select(cynthia_fix_pack_attempts.c.outcome)).all() == ["failed"]
    assert desk.offenders() == ()


def test_requests_that_were_joined_are_cancelled_together_and_one_alone(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN)
    first, second, third = (desk.request(user, audit) for _ in range(3))
    desk.accept()
    assert cancelled(desk, second) is CancelOutcome.DETACHED
    assert [desk.view(each).status for each in (first, third)] == [WorkStatus.PENDING] * 2
    assert desk.account(user).open_holds == 1
    assert cancelled(desk, first) is CancelOutcome.CANCELLED
    assert desk.view(third).status is WorkStatus.FAILED
    assert desk.account(user).balance.used == 0


def test_the_web_app_cancels_by_a_mark(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    with desk.engine.begin() as connection:
        connection.execute(update(fix_pack_requests).values(cancel_requested_at=database_now(connection)))
    assert (desk.accept(), desk.accept()) == (1, 0)
    assert desk.view(request).error_code == "cancelled"
    assert desk.account(user).balance.used == 0


# Many at once


def test_a_hundred_at_once_against_ten_credits_are_exactly_ten_packs(desk: Any) -> None:
    user = desk.user()
    audits = [desk.audit(user, FixType.TOKEN) for _ in range(100)]

    def ask(audit: UUID) -> RequestId:
        request: RequestId = desk.request(user, audit)
        desk.accept()
        for pack in desk.claim(1):
            desk.complete(pack)
        return request

    with ThreadPoolExecutor(8) as pool:
        requests = list(pool.map(ask, audits))
    for pack in desk.claim():
        desk.complete(pack)

    statuses = [desk.view(request).status for request in requests]
    assert (statuses.count(WorkStatus.COMPLETED), statuses.count(WorkStatus.FAILED)) == (10, 90)
    assert desk.packs() == 10
    assert desk.account(user).balance.used == 10
    assert desk.offenders() == ()


def test_the_same_pack_asked_for_at_once_is_charged_once(desk: Any) -> None:
    user = desk.user()
    audit = desk.audit(user, FixType.TOKEN)

    def ask(_: int) -> RequestId:
        request: RequestId = desk.request(user, audit)
        desk.accept()
        for pack in desk.claim(1):
            desk.complete(pack)
        return request

    with ThreadPoolExecutor(8) as pool:
        requests = list(pool.map(ask, range(40)))
    assert {desk.view(request).status for request in requests} == {WorkStatus.COMPLETED}
    assert (desk.packs(), desk.account(user).balance.used) == (1, 1)
    assert desk.offenders() == ()


def test_a_request_that_was_charged_cannot_be_deleted(desk: Any) -> None:
    user = desk.user()
    request = desk.request(user, desk.audit(user, FixType.TOKEN))
    desk.accept()
    with desk.engine.connect() as connection, pytest.raises(Exception, match="foreign key"):
        connection.execute(text("DELETE FROM fix_pack_requests WHERE id = :id"), {"id": request})
