"""Requests for fix packs through a real Dagster instance: sensor, drain and events, with a maker of the test's own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from dagster import AssetKey, DagsterInstance, SensorResult, SkipReason, build_sensor_context
from psycopg.types.json import Jsonb

from cynthia_pipeline.audit.engine import ProgressReporter
from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.definitions import build_defs
from cynthia_pipeline.errors import ErrorCode, PermanentError, TransientError
from cynthia_pipeline.fix_packs.ports import (
    Diff,
    FixedIssue,
    FixPackType,
    FixState,
    MadePack,
    PackMaker,
    PackOrder,
    PageAddress,
    PatchPreview,
    Verification,
)
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors import asking
from cynthia_pipeline.sensors.fix_pack_requests import fix_pack_request_sensor
from cynthia_pipeline.settings import Settings

FIX_PACKS = AssetKey("fix_packs")


class ScriptedMaker:
    """Makes a pack for any page but one that "changed"; a "shaky" one comes at the second attempt."""

    def __init__(self) -> None:
        self.shaken: set[UUID] = set()

    async def make(self, order: PackOrder, progress: ProgressReporter) -> MadePack:
        await progress(50)
        assert isinstance(order.target, PageAddress)
        if "changed" in order.target.url:
            raise PermanentError(ErrorCode.PAGE_CHANGED)
        if "shaky" in order.target.url and order.audit_id not in self.shaken:
            self.shaken.add(order.audit_id)
            raise TransientError(ErrorCode.BROWSER_FAILED)
        fixed = tuple(issue.id for issue in order.report.full_issues)
        scores = dict.fromkeys(Axis, 70)
        return MadePack(
            title="Colours",
            description="d",
            patch_preview=PatchPreview(diffs=(Diff(file="a.css", before="x", after="y", lines_changed=1),)),
            files_affected=("a.css",),
            issues_fixed=fixed,
            verification=Verification(
                before=scores,
                after=scores,
                overall_before=70,
                overall_after=81,
                fixed=tuple(FixedIssue(issue=each, state=FixState.SOUND, engines=("own",)) for each in fixed),
            ),
        )


@pytest.fixture
def pipeline(database_url: str) -> Pipeline:
    maker = ScriptedMaker()

    @asynccontextmanager
    async def open_scripted(_: Settings) -> AsyncIterator[PackMaker]:
        yield maker

    environment = {
        "CYNTHIA_DATABASE_URL": database_url,
        "CYNTHIA_LINGER_S": "0",
        "CYNTHIA_POLL_S": "0.2",
        "CYNTHIA_BACKOFF_BASE_S": "0.01",
    }
    return Pipeline(environment, open_audit_engine=_no_engine, open_pack_maker=open_scripted)


def _no_engine(_: Settings) -> Any:
    raise AssertionError("no audit is asked for")


Ask = Callable[..., tuple[str, UUID]]


@pytest.fixture
def ask(database_url: str) -> Ask:
    """A user on the starter plan, a finished audit of theirs and a request, as the web app inserts it."""

    def insert(url: str = "https://good.test/", plan: str = "starter", monthly: int = 10) -> tuple[str, UUID]:
        user = uuid4()
        issue = {
            "id": "i",
            "axis": "CLR",
            "severity": "major",
            "title": "t",
            "description": "d",
            "reason": "r",
            "impact": "i",
            "fix": {"type": "token_change", "description": "f", "measurements": {}},
        }
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "INSERT INTO credit_balances (user_id, plan, monthly_credits, reset_at)"
                " VALUES (%s, %s, %s, now() + interval '20 days')",
                (user, plan, monthly),
            )
            audit = connection.execute(
                "INSERT INTO cynthia_audits (project_id, user_id, status, target_type, target_value, overall_score,"
                " udec_scores, issues_found_total, teaser_issues, full_issues)"
                " VALUES (gen_random_uuid(), %s, 'completed', 'url', %s, 70, %s, 1, %s, %s) RETURNING id",
                (user, url, Jsonb(dict.fromkeys(Axis, 70)), Jsonb([issue]), Jsonb([issue])),
            ).fetchone()
            assert audit is not None
            request = connection.execute(
                "INSERT INTO fix_pack_requests (audit_id, user_id, type) VALUES (%s, %s, %s) RETURNING id::text",
                (audit[0], user, FixPackType.TOKEN),
            ).fetchone()
        assert request is not None
        return request[0], user

    return insert


def tick(instance: DagsterInstance, pipeline: Pipeline) -> SensorResult | SkipReason:
    context = build_sensor_context(instance=instance, resources={"pipeline": pipeline})
    result = fix_pack_request_sensor(context)
    assert isinstance(result, SensorResult | SkipReason)
    return result


@pytest.fixture
def _short_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "TICK_S", 0.0)


def used(url: str, user: UUID) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT used_credits FROM credit_balances WHERE user_id = %s", (user,)).fetchone()
    assert row is not None
    return int(row[0])


def test_each_request_leaves_its_own_event(
    instance: DagsterInstance, pipeline: Pipeline, ask: Ask, database_url: str
) -> None:
    (good, payer), (changed, spared) = ask(), ask("https://changed.test/")
    shaky, patient = ask("https://shaky.test/")
    job = build_defs({"pipeline": pipeline}).resolve_job_def("fix_packs_job")
    assert job.execute_in_process(instance=instance).success

    made = {}
    for record in instance.fetch_materializations(FIX_PACKS, limit=10).records:
        assert record.asset_materialization is not None
        made[record.asset_materialization.metadata["request_id"].value] = record.asset_materialization.metadata
    assert set(made) == {good, shaky}
    assert made[good]["issues_fixed"].value == 1
    assert (made[good]["score_before"].value, made[good]["score_after"].value) == (70, 81)
    assert made[shaky]["attempt"].value == 2
    observed = [each.asset_observation for each in instance.fetch_observations(FIX_PACKS, limit=10).records]
    told = {(each.metadata["request_id"].value, each.metadata["error_code"].value) for each in observed if each}
    assert told == {(changed, "page_changed"), (shaky, "browser_failed")}
    assert [used(database_url, user) for user in (payer, spared, patient)] == [1, 0, 1]


@pytest.mark.usefixtures("_short_ticks")
def test_a_request_asks_for_one_drain_that_goes_before_audits(
    instance: DagsterInstance, pipeline: Pipeline, ask: Ask, database_url: str
) -> None:
    assert isinstance(tick(instance, pipeline), SkipReason)
    _, user = ask()
    ask()
    result = tick(instance, pipeline)
    assert isinstance(result, SensorResult)
    assert [request.tags for request in result.run_requests or []] == [
        {"cynthia/kind": "fix-packs", "dagster/priority": "10"}
    ]
    assert used(database_url, user) == 1


@pytest.mark.usefixtures("_short_ticks")
def test_a_refused_request_starts_nothing(instance: DagsterInstance, pipeline: Pipeline, ask: Ask) -> None:
    ask(plan="free", monthly=0)
    result = tick(instance, pipeline)
    assert isinstance(result, SkipReason)
    assert result.skip_message == "Nothing waits."


def test_while_a_pack_is_made_no_transaction_is_held(
    instance: DagsterInstance, pipeline: Pipeline, ask: Ask, database_url: str
) -> None:
    """A maker may wait for a browser or for a language model as long as it likes."""
    still_open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start < %s"
    ends: list[bool] = []

    def look() -> bool:
        """The drain looks for more work meanwhile; what was open before has to end by itself."""
        with psycopg.connect(database_url, autocommit=True) as connection:
            begun = connection.execute("SELECT clock_timestamp()").fetchone()
            assert begun is not None
            return any(connection.execute(still_open, begun).fetchone() == (0,) for _ in range(2_000))

    class Looking(ScriptedMaker):
        async def make(self, order: PackOrder, progress: ProgressReporter) -> MadePack:
            ends.append(await asyncio.to_thread(look))
            return await super().make(order, progress)

    @asynccontextmanager
    async def open_looking(_: Settings) -> AsyncIterator[PackMaker]:
        yield Looking()

    ask()
    pipeline.open_pack_maker = open_looking
    job = build_defs({"pipeline": pipeline}).resolve_job_def("fix_packs_job")
    assert job.execute_in_process(instance=instance).success
    assert ends == [True]


def test_without_a_maker_no_credit_is_held(instance: DagsterInstance, database_url: str, ask: Ask) -> None:
    _, user = ask()
    bare = Pipeline({"CYNTHIA_DATABASE_URL": database_url}, open_audit_engine=_no_engine)
    result = tick(instance, bare)
    assert isinstance(result, SkipReason)
    assert used(database_url, user) == 0
