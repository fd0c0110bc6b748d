"""A connection to Postgres that is half open: nothing comes, nothing goes, and nobody says that it ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.engine import make_url

from cynthia_pipeline.audit.engine import AuditEngine, AuditRequest, AuditResult, ProgressReporter
from cynthia_pipeline.audit.report import Axis, Report
from cynthia_pipeline.drafts.template import TemplateDrafter
from cynthia_pipeline.queue.auditing import audit_workers
from cynthia_pipeline.queue.drain import Drain, DrainLimits
from cynthia_pipeline.queue.model import Limits, RetryPolicy
from cynthia_pipeline.store.database import IDLE_IN_TRANSACTION_S, open_async_engine
from cynthia_pipeline.store.drain_store import PostgresDrainStore
from cynthia_pipeline.store.tables import build_sessions, cynthia_audit_attempts

RETRY = RetryPolicy(max_attempts=3, base_s=0.01, cap_s=0.02)
REPORT = Report(
    version="1",
    overall_score=70,
    udec_scores=dict.fromkeys(Axis, 70),
    issues_found_total=0,
    teaser_issues=(),
    full_issues=(),
)


SOCKET = ".s.PGSQL.5432"


class ImpatientStore(PostgresDrainStore):
    """Takes no answer for none sooner than the real one."""

    answer_within_s = 0.5


class DeafProxy:
    """Carries bytes to Postgres and back until it goes deaf: what is open then stays open, and is dead."""

    def __init__(self, upstream: Path) -> None:
        self._upstream = upstream
        self._carriers: list[asyncio.Task[None]] = []
        self._writers: list[asyncio.StreamWriter] = []

    def go_deaf(self) -> None:
        """Carries nothing more on the connections there are. New ones are carried."""
        for carrier in self._carriers:
            carrier.cancel()
        self._carriers.clear()

    @asynccontextmanager
    async def serving(self, path: Path) -> AsyncIterator[None]:
        server = await asyncio.start_unix_server(self._connected, path)
        try:
            yield
        finally:
            self.go_deaf()
            for writer in self._writers:
                writer.close()
            server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_unix_connection(self._upstream)
        self._writers += [writer, up_writer]
        for source, sink in ((reader, up_writer), (up_reader, writer)):
            self._carriers.append(asyncio.create_task(_carry(source, sink)))


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await source.read(65536):
            sink.write(chunk)
            await sink.drain()
        sink.close()


class HeldEngine:
    """Audits end once they are let go."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.let_go = asyncio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AuditEngine]:
        yield self

    async def audit(self, _request: AuditRequest, _progress: ProgressReporter) -> AuditResult:
        self.begun.set()
        await self.let_go.wait()
        return AuditResult(REPORT)


@pytest.mark.parametrize("lease_s", [60.0, 1.0], ids=["the lease outlasts it", "the lease ends meanwhile"])
async def test_a_drain_gets_over_connections_that_went_deaf(engine: Engine, database_url: str, lease_s: float) -> None:
    with engine.begin() as connection:
        connection.execute(insert(build_sessions).values(input_type="url", input_value="https://example.com/"))
    direct = make_url(database_url)
    proxy, held = DeafProxy(Path(str(direct.query["host"]), SOCKET)), HeldEngine()
    # A short path: that of a socket has at most some 100 characters.
    with TemporaryDirectory() as folder:
        async with proxy.serving(Path(folder, SOCKET)):
            through = direct.update_query_dict({"host": folder}).render_as_string(hide_password=False)
            await _drain_that_loses_its_connections(through, proxy, held, lease_s)
    with engine.connect() as connection:
        assert connection.scalars(select(build_sessions.c.audit_status)).one() == "completed"
        outcomes = list(connection.scalars(select(cynthia_audit_attempts.c.outcome)))
    assert outcomes.count("completed") == 1


async def _drain_that_loses_its_connections(url: str, proxy: DeafProxy, held: HeldEngine, lease_s: float) -> None:
    store = ImpatientStore(url, Limits(at_once=5, per_owner=5, per_host=5), RETRY, lease_s=lease_s)
    limits = DrainLimits(
        slots=5,
        linger_s=0.0,
        max_age_s=60.0,
        grace_s=5.0,
        poll_s=0.2,
        lease_s=lease_s,
        attempt_timeout_s=60.0,
        retry=RETRY,
    )
    workers = audit_workers(held.open, TemplateDrafter(), store, limits.store_patience_s)
    drain = asyncio.create_task(Drain(store, workers, limits, lambda *_: None).run())
    # Should it go deaf in the middle of a transaction, the server lets go of its locks first.
    async with asyncio.timeout(60 + IDLE_IN_TRANSACTION_S):
        await held.begun.wait()
        proxy.go_deaf()
        held.let_go.set()
        await drain
    await store.close()


async def test_the_server_lets_go_of_a_transaction_that_nobody_goes_on_with(database_url: str) -> None:
    drains = open_async_engine(database_url)
    async with drains.connect() as connection:
        told = await connection.scalar(text("SHOW idle_in_transaction_session_timeout"))
    await drains.dispose()
    assert told == f"{IDLE_IN_TRANSACTION_S}s"
