"""A real Dagster instance on Postgres, as the project's own dagster.yaml describes it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance

from cynthia_pipeline.audit.engine import AuditEngine, AuditRequest, AuditResult, ProgressReporter
from cynthia_pipeline.audit.report import Axis, Report
from cynthia_pipeline.dagster_compat import pool_connections
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.settings import Settings

_DAGSTER_YAML = Path(__file__).parents[2] / "dagster.yaml"


@pytest.fixture(scope="module")
def dagster_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("dagster_home")
    shutil.copy(_DAGSTER_YAML, home)
    return home


@pytest.fixture
def instance(server: Any, dagster_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterInstance]:
    """An instance with an empty database of its own."""
    url = server.create()
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", url.replace("postgresql://", "postgresql+psycopg2://"))
    with DagsterInstance.from_config(str(dagster_home)) as instance:
        pool_connections(instance)
        yield instance
    server.drop(url)


class ScriptedEngine:
    """Judges by the address: one with "missing" in it is not there, anything else scores 70.

    `when_auditing` is called as each audit begins, for a test to interfere.
    """

    def __init__(self, when_auditing: Callable[[], None]) -> None:
        self._when_auditing = when_auditing

    async def audit(self, request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        await progress(50)
        await asyncio.to_thread(self._when_auditing)
        if "missing" in request.target_value:
            raise PermanentError(ErrorCode.HTTP_CLIENT_ERROR, host="x.test", status="404")
        report = Report(
            version="1",
            overall_score=70,
            udec_scores=dict.fromkeys(Axis, 70),
            issues_found_total=0,
            teaser_issues=(),
            full_issues=(),
        )
        return AuditResult(report)


MakePipeline = Callable[..., Pipeline]


@pytest.fixture
def make_pipeline(database_url: str) -> MakePipeline:
    """Makes the deployment on the test's database, with an engine that needs no browser."""

    def make(when_auditing: Callable[[], None] = lambda: None) -> Pipeline:
        @asynccontextmanager
        async def open_scripted(_: Settings) -> AsyncIterator[AuditEngine]:
            yield ScriptedEngine(when_auditing)

        environment = {"CYNTHIA_DATABASE_URL": database_url, "CYNTHIA_LINGER_S": "0", "CYNTHIA_POLL_S": "0.2"}
        return Pipeline(environment=environment, open_audit_engine=open_scripted)

    return make


@pytest.fixture
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    return make_pipeline()
