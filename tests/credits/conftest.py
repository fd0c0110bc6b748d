"""Finished audits, requests for packs, and packs as a maker returns them, on real Postgres."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, insert, select

from cynthia_pipeline.audit.report import Axis, Fix, FixType, Issue, Severity
from cynthia_pipeline.credits.balance import EntryKind
from cynthia_pipeline.credits.ledger import Account
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.fix_packs.ports import (
    Diff,
    FixedIssue,
    FixPackType,
    FixState,
    MadePack,
    PatchPreview,
    Screenshot,
    Verification,
)
from cynthia_pipeline.fix_packs.requests import ClaimedPack, RequestId, RequestView
from cynthia_pipeline.queue.model import SYSTEM_PROJECT, Plan
from cynthia_pipeline.store.credits import account as account_of
from cynthia_pipeline.store.credits import history, set_plan
from cynthia_pipeline.store.integrity import Offender
from cynthia_pipeline.store.ledger_check import find_unbalanced
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.packs import outcomes
from cynthia_pipeline.store.packs.acceptance import accept_new
from cynthia_pipeline.store.packs.claims import claim
from cynthia_pipeline.store.packs.requests import insert_request, view_request
from cynthia_pipeline.store.tables import cynthia_audits, fix_packs


def issue(fix: FixType) -> dict[str, Any]:
    return Issue(
        id=f"a-{fix}",
        axis=Axis.CLR,
        severity=Severity.MAJOR,
        title="t",
        description="d",
        reason="r",
        impact="i",
        fix=Fix(type=fix, description="f"),
    ).model_dump(mode="json", by_alias=True)


def made_pack() -> MadePack:
    scores = dict.fromkeys(Axis, 70)
    return MadePack(
        title="Colours",
        description="Readable colours",
        patch_preview=PatchPreview(diffs=(Diff(file="style.css", before="#999", after="#666", lines_changed=1),)),
        files_affected=("style.css",),
        issues_fixed=("a-token_change",),
        verification=Verification(
            before=scores,
            after={**scores, Axis.CLR: 90},
            overall_before=70,
            overall_after=72,
            fixed=(FixedIssue(issue="a-token_change", state=FixState.SOUND, engines=("own", "axe-core")),),
        ),
        screenshots=(Screenshot(name="after-mobile", media_type="image/webp", content=b"picture"),),
    )


@dataclass
class Desk:
    """The web app and the drain's store, seen from a test. Each call is one committed transaction."""

    engine: Engine

    def audit(self, user: UUID, *fixes: FixType, **columns: Any) -> UUID:
        """A completed audit with an issue for each kind of fix."""
        issues = [issue(fix) for fix in fixes]
        values = {
            "project_id": SYSTEM_PROJECT,
            "user_id": user,
            "status": "completed",
            "target_type": "url",
            "target_value": "https://example.com/",
            "overall_score": 70,
            "udec_scores": dict.fromkeys(Axis, 70),
            "issues_found_total": len(issues),
            "teaser_issues": issues,
            "full_issues": issues,
        }
        with self.engine.begin() as connection:
            statement = insert(cynthia_audits).values({**values, **columns}).returning(cynthia_audits.c.id)
            audit: UUID = connection.execute(statement).scalar_one()
            return audit

    def user(self, plan: Plan = Plan.STARTER) -> UUID:
        user = uuid4()
        with self.engine.begin() as connection:
            set_plan(connection, user, plan, database_now(connection))
        return user

    def request(
        self, user: UUID, audit: UUID, pack: FixPackType = FixPackType.TOKEN, key: str | None = None
    ) -> RequestId:
        with self.engine.begin() as connection:
            return insert_request(connection, audit=audit, user=user, pack=pack, idempotency_key=key)

    def accept(self) -> int:
        with self.engine.begin() as connection:
            return accept_new(connection, database_now(connection))

    def claim(self, slots: int = 100, *, later_s: float = 0) -> list[ClaimedPack]:
        with self.engine.begin() as connection:
            now = database_now(connection) + timedelta(seconds=later_s)
            return claim(connection, slots=slots, at_once=100, lease_s=30, run_id="run", now=now)

    def complete(self, pack: ClaimedPack) -> None:
        with self.engine.begin() as connection:
            outcomes.complete(connection, pack, made_pack(), database_now(connection))

    def fail(self, pack: ClaimedPack, code: ErrorCode = ErrorCode.NOTHING_TO_FIX) -> None:
        with self.engine.begin() as connection:
            now = database_now(connection)
            outcomes.fail(connection, pack, code=code, message="m", detail="", now=now)

    def retry(self, pack: ClaimedPack, wait_s: float = 0) -> None:
        with self.engine.begin() as connection:
            now = database_now(connection)
            outcomes.retry(connection, pack, wait_s=wait_s, code=ErrorCode.TIMED_OUT, detail="", now=now)

    def view(self, request: RequestId) -> RequestView:
        with self.engine.begin() as connection:
            view = view_request(connection, request)
        assert view is not None
        return view

    def account(self, user: UUID) -> Account:
        with self.engine.begin() as connection:
            return account_of(connection, user, database_now(connection))

    def entries(self, user: UUID) -> list[tuple[EntryKind, int, int]]:
        """Kind, credits and balance after, oldest first, from the user's last change of plan on."""
        with self.engine.begin() as connection:
            found = history(connection, user, 1000)
        kinds = [(entry.kind, entry.credits, entry.balance_after) for entry in found]
        begun = next((at for at, entry in enumerate(kinds) if entry[0] is EntryKind.PLAN_CHANGE), len(kinds))
        return list(reversed(kinds[:begun]))

    def packs(self) -> int:
        with self.engine.begin() as connection:
            return connection.execute(select(func.count()).select_from(fix_packs)).scalar_one()

    def offenders(self) -> tuple[Offender, ...]:
        with self.engine.begin() as connection:
            return find_unbalanced(connection).offenders

    def now(self) -> datetime:
        with self.engine.begin() as connection:
            return database_now(connection)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)
