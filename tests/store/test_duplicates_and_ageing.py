"""Duplicates at acceptance, and audits that rise as they wait, on real Postgres."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, delete, func, select, text

from cynthia_pipeline.audit.engine import AuditResult, Evidence
from cynthia_pipeline.audit.report import Axis, Fix, FixType, Issue, Report, Severity
from cynthia_pipeline.queue.duplicates import Reuse
from cynthia_pipeline.queue.model import ClaimedAudit, Limits, Priority, SessionId
from cynthia_pipeline.store.acceptance import accept_new
from cynthia_pipeline.store.ageing import raise_waiting
from cynthia_pipeline.store.claims import claim
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.outcomes import complete
from cynthia_pipeline.store.replay import replay
from cynthia_pipeline.store.sessions import load_report
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_evidence, cynthia_audits

InsertSession = Callable[..., SessionId]

WIDE = Limits(at_once=200, per_owner=200, per_host=200)
REUSE = Reuse(window_s=600, copy=True)
PAGE = "https://shop.example.com/menu"
ISSUE = Issue(
    id="typ-size-1",
    axis=Axis.TYP,
    severity=Severity.MAJOR,
    title="t",
    description="d",
    reason="r",
    impact="i",
    fix=Fix(type=FixType.TOKEN, description="f"),
)
RESULT = AuditResult(
    Report(
        version="1",
        overall_score=70,
        udec_scores=dict.fromkeys(Axis, 70),
        issues_found_total=1,
        teaser_issues=(ISSUE,),
        full_issues=(ISSUE,),
    ),
    (Evidence("typ-size-1", "image/webp", 10, 20, b"picture"),),
)


def accept(engine: Engine, reuse: Reuse | None = REUSE, *, later_s: float = 0) -> int:
    with engine.begin() as connection:
        return accept_new(connection, database_now(connection) + timedelta(seconds=later_s), reuse)


def take(engine: Engine, slots: int = 200, *, later_s: float = 0) -> list[ClaimedAudit]:
    with engine.begin() as connection:
        now = database_now(connection) + timedelta(seconds=later_s)
        return claim(connection, slots=slots, limits=WIDE, lease_s=30, run_id="run", now=now)


def finish(engine: Engine, claimed: ClaimedAudit) -> None:
    with engine.begin() as connection:
        complete(connection, claimed.id, claimed.lease, RESULT, database_now(connection))


def sessions_of(engine: Engine) -> "dict[SessionId, tuple[str, UUID, int, object]]":
    with engine.connect() as connection:
        rows = connection.execute(select(build_sessions)).all()
    return {SessionId(row.id): (row.audit_status, row.audit_id, row.progress, row.teaser_summary) for row in rows}


def audits(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(cynthia_audits)) or 0


def test_an_owners_sessions_for_one_page_share_its_audit_while_it_is_open(
    engine: Engine, insert_session: InsertSession
) -> None:
    user = uuid4()
    first, second = insert_session(PAGE, user=user), insert_session(PAGE + "#top", user=user)
    assert accept(engine) == 2
    (claimed,) = take(engine)
    third = insert_session(PAGE, user=user)
    accept(engine)
    assert set(claimed.sessions) == {first, second}
    states = sessions_of(engine)
    assert {states[each][:2] for each in (first, second, third)} == {("running", claimed.id)}
    finish(engine, claimed)
    assert {state[0] for state in sessions_of(engine).values()} == {"completed"}
    assert audits(engine) == 1


def test_an_owners_next_session_is_answered_at_once_with_its_teaser(
    engine: Engine, insert_session: InsertSession
) -> None:
    user = uuid4()
    first = insert_session(PAGE, user=user)
    accept(engine)
    finish(engine, take(engine)[0])
    second = insert_session(PAGE, user=user)
    accept(engine)
    states = sessions_of(engine)
    assert states[second] == states[first]
    assert states[second][0] == "completed"
    assert take(engine) == []


def test_past_the_window_in_another_language_and_with_no_window_it_is_audited_anew(
    engine: Engine, insert_session: InsertSession
) -> None:
    user = uuid4()
    insert_session(PAGE, user=user)
    accept(engine)
    finish(engine, take(engine)[0])
    insert_session(PAGE, user=user, language="es")
    accept(engine)
    insert_session(PAGE, user=user)
    accept(engine, None)
    insert_session("https://shop.example.com/other", user=user)
    accept(engine)
    assert audits(engine) == 4
    for claimed in take(engine):
        finish(engine, claimed)
    insert_session(PAGE, user=user)
    accept(engine, later_s=660)
    assert audits(engine) == 5


def test_the_same_idea_in_other_white_space_is_the_same_idea(engine: Engine, insert_session: InsertSession) -> None:
    user = uuid4()
    insert_session("A bakery in  Berlin", input_type="idea", user=user)
    insert_session("a bakery\nin Berlin ", input_type="idea", user=user)
    accept(engine)
    assert audits(engine) == 1


def test_another_user_gets_a_copy_of_their_own(engine: Engine, insert_session: InsertSession) -> None:
    first = insert_session(PAGE, user=uuid4())
    accept(engine)
    (claimed,) = take(engine)
    finish(engine, claimed)
    other_user = uuid4()
    other, anonymous = insert_session(PAGE, user=other_user), insert_session(PAGE)
    accept(engine)
    states = sessions_of(engine)
    assert {states[each][0] for each in states} == {"completed"}
    assert states[other][3] == states[first][3]
    assert len({state[1] for state in states.values()}) == 3
    with engine.begin() as connection:
        copy = connection.execute(select(cynthia_audits).where(cynthia_audits.c.id == states[other][1])).one()
        original = connection.execute(select(cynthia_audits).where(cynthia_audits.c.id == claimed.id)).one()
        assert (copy.user_id, copy.owner_key, copy.copied_from) == (other_user, other_user, claimed.id)
        assert copy.completed_at == original.completed_at
        # The original's owner deletes it; the copy stays whole.
        connection.execute(delete(cynthia_audits).where(cynthia_audits.c.id == claimed.id))
        stored = load_report(connection, copy.id)
    assert stored == (RESULT.report, RESULT.evidence)
    assert states[anonymous][1] != states[other][1]


@pytest.mark.parametrize(
    ("page", "reuse"), [("https://10.1.2.3/", REUSE), ("https://intern.local/", REUSE), (PAGE, Reuse(600))]
)
def test_no_copy_of_what_is_not_public_or_when_copying_is_off(
    engine: Engine, insert_session: InsertSession, page: str, reuse: Reuse
) -> None:
    insert_session(page)
    accept(engine, reuse)
    finish(engine, take(engine)[0])
    insert_session(page)
    accept(engine, reuse)
    assert len(take(engine)) == 1


def test_a_copy_that_is_replayed_is_audited_anew(engine: Engine, insert_session: InsertSession) -> None:
    insert_session(PAGE)
    accept(engine)
    finish(engine, take(engine)[0])
    copied = insert_session(PAGE)
    accept(engine)
    with engine.begin() as connection:
        assert replay(connection, [copied]) == [copied]
    (claimed,) = take(engine)
    assert claimed.sessions == (copied,)
    with engine.connect() as connection:
        assert connection.scalars(select(cynthia_audits.c.copied_from)).all() == [None, None]


def test_acceptances_that_race_make_one_audit_for_an_owners_page(engine: Engine, insert_session: InsertSession) -> None:
    user, start = uuid4(), Barrier(4)

    def insert_and_accept(_: int) -> None:
        start.wait()
        insert_session(PAGE, user=user)
        accept(engine)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(insert_and_accept, range(4)))
    accept(engine)
    assert audits(engine) == 1
    assert len({state[1] for state in sessions_of(engine).values()}) == 1


def test_sessions_that_arrive_while_their_audit_ends_are_answered_either_way(
    engine: Engine, insert_session: InsertSession
) -> None:
    user, start = uuid4(), Barrier(2)
    insert_session(PAGE, user=user)
    accept(engine)
    (claimed,) = take(engine)
    insert_session(PAGE, user=user)

    def run(act: Callable[[], object]) -> None:
        start.wait()
        act()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, (lambda: accept(engine), lambda: finish(engine, claimed))))
    assert [state[0] for state in sessions_of(engine).values()] == ["completed", "completed"]
    assert audits(engine) == 1


def test_the_search_for_duplicates_reads_its_index_however_much_is_past(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cynthia_audits (project_id, user_id, status, target_type, target_value, owner_key,"
                " dedupe_key, completed_at) SELECT gen_random_uuid(), gen_random_uuid(), 'completed', 'url', 'u',"
                " gen_random_uuid(), md5((n % 50)::text), now() - n * interval '1 min' FROM generate_series(1, 20000) n"
            )
        )
        connection.execute(text("ANALYZE cynthia_audits"))
        plan = "\n".join(
            connection.scalars(
                text(
                    "EXPLAIN SELECT id FROM cynthia_audits WHERE status = 'completed' AND dedupe_key IN (md5('1'))"
                    " AND completed_at >= now() - interval '10 min' AND copied_from IS NULL"
                )
            )
        )
    assert "ix_cynthia_audits_dedupe_key" in plan
    assert "Seq Scan" not in plan


def test_a_paid_session_behind_a_hundred_free_ones_starts_next(
    engine: Engine, insert_session: InsertSession, give_plan: Callable[[UUID, str], None]
) -> None:
    for n in range(100):
        insert_session(f"https://h{n}.example.com/", user=UUID(int=n + 1))
    accept(engine)
    payer = uuid4()
    give_plan(payer, "pro")
    paid = insert_session(PAGE, user=payer)
    accept(engine)
    assert [claimed.sessions for claimed in take(engine, slots=1)] == [(paid,)]


def rise(engine: Engine, now: datetime) -> int:
    with engine.begin() as connection:
        return raise_waiting(connection, 600, now)


def test_a_wait_leads_up_class_by_class_and_past_newcomers(
    engine: Engine, insert_session: InsertSession, give_plan: Callable[[UUID, str], None]
) -> None:
    waits = insert_session(PAGE)
    accept(engine)
    payer = uuid4()
    give_plan(payer, "agency")
    with engine.connect() as connection:
        now = database_now(connection)
    classes: list[tuple[int, int]] = []
    for period in (0.5, 1.5, 2.5, 3.5, 4.5):
        risen = rise(engine, now + timedelta(seconds=600 * period))
        with engine.connect() as connection:
            classes.append((risen, connection.execute(select(cynthia_audits.c.priority)).scalar_one()))
    assert classes == [
        (0, Priority.ANONYMOUS),
        (1, Priority.FREE),
        (1, Priority.PAID),
        (1, Priority.OVERDUE),
        (0, Priority.OVERDUE),
    ]
    for n in range(3):
        insert_session(f"https://paid{n}.example.com/", user=payer)
    accept(engine)
    assert take(engine, slots=1)[0].sessions == (waits,)


def test_rising_reads_its_own_index_and_leaves_what_runs(engine: Engine, insert_session: InsertSession) -> None:
    insert_session(PAGE)
    accept(engine)
    take(engine)
    with engine.begin() as connection:
        later = database_now(connection) + timedelta(hours=1)
        assert raise_waiting(connection, 600, later) == 0
        connection.execute(
            text(
                "INSERT INTO cynthia_audits (project_id, user_id, status, target_type, target_value, priority,"
                " priority_since) SELECT gen_random_uuid(), gen_random_uuid(), 'completed', 'url', 'u', 30, now()"
                " FROM generate_series(1, 20000)"
            )
        )
        connection.execute(text("ANALYZE cynthia_audits"))
        plan = "\n".join(
            connection.scalars(
                text(
                    "EXPLAIN SELECT id FROM cynthia_audits WHERE status = 'pending' AND next_attempt_at IS NOT NULL"
                    " AND priority > 0 AND priority_since <= now() ORDER BY priority_since LIMIT 200 FOR UPDATE"
                )
            )
        )
    assert "ix_cynthia_audits_ageing" in plan
    assert "Seq Scan" not in plan


def test_evidence_of_a_copy_is_its_own(engine: Engine, insert_session: InsertSession) -> None:
    insert_session(PAGE)
    accept(engine)
    finish(engine, take(engine)[0])
    insert_session(PAGE)
    accept(engine)
    with engine.connect() as connection:
        owners = connection.scalars(select(cynthia_audit_evidence.c.audit_id)).all()
    assert len(set(owners)) == len(owners) == 2
