"""Drains of fix packs killed with SIGKILL at each point from the hold to its end: the credit stays exact."""

import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import Engine

from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.store.ledger_check import find_unbalanced

pytestmark = pytest.mark.faults

_PROGRAM = Path(__file__).with_name("pack_drain.py")

POINTS = (
    "held, not committed",
    "held",
    "claimed, not committed",
    "claimed",
    "making",
    "ended, not committed",
    "ended",
)

_ISSUE = {
    "id": "i",
    "axis": "CLR",
    "severity": "major",
    "title": "t",
    "description": "d",
    "reason": "r",
    "impact": "i",
    "fix": {"type": "token_change", "description": "f", "measurements": {}},
}


def ask(url: str, user: UUID, packs: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO credit_balances (user_id, plan, monthly_credits, reset_at)"
            " VALUES (%s, 'starter', 10, now() + interval '20 days')",
            (user,),
        )
        connection.cursor().executemany(
            "WITH audit AS (INSERT INTO cynthia_audits (project_id, user_id, status, target_type, target_value,"
            " udec_scores, issues_found_total, teaser_issues, full_issues)"
            " VALUES (gen_random_uuid(), %(user)s, 'completed', 'url', 'https://x.test/', %(scores)s, 1, %(issues)s,"
            " %(issues)s) RETURNING id)"
            " INSERT INTO fix_pack_requests (audit_id, user_id, type) SELECT id, %(user)s, 'token' FROM audit",
            [{"user": user, "scores": Jsonb(dict.fromkeys(Axis, 70)), "issues": Jsonb([_ISSUE])}] * packs,
        )


def drain(url: str, point: str, *, makes: bool) -> int:
    arguments = [sys.executable, str(_PROGRAM), url, point, "makes" if makes else "refuses"]
    return subprocess.run(arguments, check=False, timeout=120).returncode


@pytest.mark.parametrize("makes", [True, False], ids=["pack", "failure"])
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_costs_no_credit_and_gives_none_away(database_url: str, engine: Engine, point: str, makes: bool) -> None:
    user, packs = uuid4(), 3
    ask(database_url, user, packs)
    assert drain(database_url, point, makes=makes) == -signal.SIGKILL
    with engine.connect() as connection:
        assert find_unbalanced(connection).offenders == ()
    assert drain(database_url, "", makes=makes) == 0
    with psycopg.connect(database_url) as connection:
        statuses = connection.execute("SELECT status::text, count(*) FROM fix_pack_requests GROUP BY 1").fetchall()
        written = connection.execute("SELECT count(*) FROM fix_packs").fetchone()
        used = connection.execute("SELECT used_credits FROM credit_balances WHERE user_id = %s", (user,)).fetchone()
        entries = connection.execute(
            "SELECT kind, count(*) FROM credit_ledger WHERE request_id IS NOT NULL GROUP BY 1 ORDER BY 1"
        ).fetchall()
    made = packs if makes else 0
    assert statuses == [("completed" if makes else "failed", packs)]
    assert (written, used) == ((made,), (made,))
    assert entries == [("hold", packs), ("settle" if makes else "release", packs)]
    with engine.connect() as connection:
        assert find_unbalanced(connection).offenders == ()
