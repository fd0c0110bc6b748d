"""From the insert of a request to its pack, with a drain alive: what a user waits for.

A database of its own, a drain in this process with one warm browser, requests inserted one after the other as the web
app does it. The times are the database's: `completed_at - created_at` of each request.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from benchmarks.queue.postgres import open_postgres
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.report import Report
from cynthia_pipeline.browser.engine import BrowserEngine
from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.engines import open_audit_engine
from cynthia_pipeline.fix_packs.maker import ProvingPackMaker
from cynthia_pipeline.fix_packs.ports import FixPackType, PackMaker
from cynthia_pipeline.fix_packs.scope import in_scope
from cynthia_pipeline.fix_packs.working import pack_workers
from cynthia_pipeline.queue.drain import Drain
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.migrate import upgrade
from cynthia_pipeline.store.packs.drain_store import PostgresPackStore

_LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Waited:
    """One request.

    Attributes:
        seconds: from its insert to its end.
        status: "completed", or the code of the error where there was no pack to be had.
    """

    page: str
    type: str
    seconds: float
    status: str


async def waits(engine: BrowserEngine, pages: Mapping[str, str], kinds: Sequence[FixPackType]) -> list[Waited]:
    """Asks for each kind of pack of each page that has findings of it."""
    with tempfile.TemporaryDirectory(prefix="latency-benchmark-") as folder, open_postgres(Path(folder)) as postgres:
        url = postgres.create_database("packs")
        upgrade(url)
        found: list[Waited] = []
        async with _drain(url, engine), await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            for name, address in pages.items():
                report = (await engine.audit(AuditRequest(TargetType.URL, address), _ignore)).report
                for kind in kinds:
                    if any(in_scope(issue, kind) for issue in report.full_issues):
                        found.append(await _waited(connection, name, address, kind, report))
                        print(
                            f"{name[:44]:44} {kind.value:9} {found[-1].seconds:6.1f} s  {found[-1].status}", flush=True
                        )
        return found


@asynccontextmanager
async def _drain(url: str, engine: BrowserEngine) -> AsyncIterator[None]:
    pipeline = Pipeline({"CYNTHIA_DATABASE_URL": url, "CYNTHIA_KEEP_WARM": "true"}, open_audit_engine)
    settings = pipeline.settings
    store = PostgresPackStore(url, settings.fix_packs_at_once, pipeline.retry_policy(), lease_s=settings.lease_s)

    @asynccontextmanager
    async def open_maker() -> AsyncIterator[PackMaker]:
        yield ProvingPackMaker(BrowserProber(engine))

    limits = pipeline.pack_drain_limits()
    drain = Drain(store, pack_workers(open_maker, store, limits.store_patience_s), limits, lambda *_: None)
    running = asyncio.create_task(drain.run())
    try:
        yield
    finally:
        drain.stop()
        await running
        await store.close()


async def _waited(
    connection: psycopg.AsyncConnection, name: str, address: str, kind: FixPackType, report: Report
) -> Waited:
    user = uuid4()
    await connection.execute(
        "INSERT INTO credit_balances (user_id, plan, monthly_credits, reset_at)"
        " VALUES (%s, 'starter', 10, now() + interval '1 month')",
        (user,),
    )
    issues = [issue.model_dump(mode="json", by_alias=True) for issue in report.full_issues]
    scores = {axis.value: score for axis, score in report.udec_scores.items()}
    cursor = await connection.execute(
        "INSERT INTO cynthia_audits (project_id, user_id, status, target_type, target_value, overall_score,"
        " udec_scores, issues_found_total, teaser_issues, full_issues)"
        " VALUES (gen_random_uuid(), %s, 'completed', 'url', %s, %s, %s, %s, %s, %s) RETURNING id",
        (user, address, report.overall_score, Jsonb(scores), len(issues), Jsonb(issues[:1]), Jsonb(issues)),
    )
    audit = await cursor.fetchone() or ()
    cursor = await connection.execute(
        "INSERT INTO fix_pack_requests (audit_id, user_id, type) VALUES (%s, %s, %s) RETURNING id",
        (*audit, user, kind.value),
    )
    request = await cursor.fetchone() or ()
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        cursor = await connection.execute(
            "SELECT status, extract(epoch FROM completed_at - created_at), error_code"
            " FROM fix_pack_requests WHERE id = %s",
            request,
        )
        row = await cursor.fetchone()
        if row is not None and row[0] in ("completed", "failed"):
            return Waited(name, kind.value, float(row[1]), str(row[2] or row[0]))


async def _ignore(_: int) -> None:
    """Nobody looks at the progress."""
