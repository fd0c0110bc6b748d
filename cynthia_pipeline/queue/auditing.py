"""The worker whose work are audits: hands each to the engine, with a drafted page where it is of an idea."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from cynthia_pipeline.audit.engine import (
    AuditEngine,
    AuditRequest,
    AuditResult,
    EngineFactory,
    ProgressReporter,
    TargetType,
)
from cynthia_pipeline.audit.report import Draft
from cynthia_pipeline.drafts.drafter import Drafter
from cynthia_pipeline.queue.model import AuditId, ClaimedAudit
from cynthia_pipeline.queue.patience import Patiently
from cynthia_pipeline.queue.ports import WorkerFactory


class DraftShelf(Protocol):
    """Where drafted pages are kept. Each call is one transaction and may raise StoreUnavailableError."""

    async def load_draft(self, audit: AuditId) -> tuple[str, str] | None:
        """The template's name and the HTML of the audit's drafted page; None if there is none yet."""
        ...

    async def save_draft(self, audit: AuditId, template: str, html: str) -> None:
        """Keeps the audit's drafted page."""


class AuditWorker:
    """Implements queue.ports.Worker on an open engine."""

    def __init__(self, engine: AuditEngine, drafter: Drafter, drafts: DraftShelf, patiently: Patiently) -> None:
        self._engine = engine
        self._drafter = drafter
        self._drafts = drafts
        self._patiently = patiently

    async def work(self, audit: ClaimedAudit, progress: ProgressReporter, /) -> AuditResult:
        """Audits one target.

        Raises:
            WorkError: the target could not be audited.
            StoreUnavailableError: the drafted page could not be read or kept.
        """
        return await self._engine.audit(await self._request(audit), progress)

    async def _request(self, audit: ClaimedAudit) -> AuditRequest:
        html: str | None = None
        draft: Draft | None = None
        if audit.target_type is TargetType.FRAME:
            template, html = await self._drafted(audit)
            draft = Draft(idea=audit.target_value, template=template)
        return AuditRequest(
            target_type=audit.target_type,
            target_value=audit.target_value,
            language=audit.language,
            html=html,
            draft=draft,
            context=audit.context,
            constraints=audit.constraints,
        )

    async def _drafted(self, audit: ClaimedAudit) -> tuple[str, str]:
        """The page of an idea: as it was stored, or drafted now and stored."""
        stored = await self._patiently(lambda: self._drafts.load_draft(audit.id))
        if stored is not None:
            return stored
        page = await asyncio.to_thread(self._drafter.draft, audit.target_value, audit.language)
        await self._patiently(lambda: self._drafts.save_draft(audit.id, page.template, page.html))
        return page.template, page.html


def audit_workers(
    open_engine: EngineFactory, drafter: Drafter, drafts: DraftShelf, store_patience_s: float
) -> WorkerFactory[ClaimedAudit, AuditResult]:
    """Opens an engine, and a worker on it, for the length of a drain."""

    @asynccontextmanager
    async def open_worker() -> AsyncIterator[AuditWorker]:
        async with open_engine() as engine:
            yield AuditWorker(engine, drafter, drafts, Patiently(store_patience_s))

    def opened() -> AbstractAsyncContextManager[AuditWorker]:
        return open_worker()

    return opened
