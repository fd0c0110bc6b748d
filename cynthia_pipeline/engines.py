"""Which engine audits, as the settings choose, and what makes fix packs."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import assert_never

from cynthia_pipeline.audit.asking import Judge
from cynthia_pipeline.audit.engine import AuditEngine
from cynthia_pipeline.fix_packs.ports import PackMaker
from cynthia_pipeline.fix_packs.rewording import SHARE_WORDED, Writer
from cynthia_pipeline.settings import EngineChoice, Settings


def open_audit_engine(settings: Settings) -> AbstractAsyncContextManager[AuditEngine]:
    """The chosen engine, open for the length of the context. Only the chosen one is imported."""
    match settings.audit_engine:
        case EngineChoice.BROWSER:
            from cynthia_pipeline.browser.engine import open_browser_engine

            return open_browser_engine(settings) if settings.judgement_model is None else _judged(settings)
        case EngineChoice.REMOTE:
            from cynthia_pipeline.remote.client import open_remote_engine

            return open_remote_engine(settings)
        case _ as never:
            assert_never(never)


@asynccontextmanager
async def _judged(settings: Settings) -> AsyncIterator[AuditEngine]:
    from cynthia_pipeline.browser.engine import open_browser_engine

    async with _open_judge(settings) as judge, open_browser_engine(settings, judge=judge) as engine:
        yield engine


@asynccontextmanager
async def _open_judge(settings: Settings) -> AsyncIterator[Judge | None]:
    """The language model that the settings name; None, and nothing imported, where they name none."""
    if settings.judgement_model is None:
        yield None
        return
    from cynthia_pipeline.judgement.client import open_judge

    url = None if settings.judgement_url is None else str(settings.judgement_url)
    key = None if settings.judgement_api_key is None else settings.judgement_api_key.get_secret_value()
    async with open_judge(
        settings.judgement_model, url=url, api_key=key, timeout_s=settings.judgement_timeout_s
    ) as judge:
        yield judge


@asynccontextmanager
async def open_writer(settings: Settings) -> AsyncIterator[Writer | None]:
    """Who words the drafts of content packs; None where no language model is set."""
    async with _open_judge(settings) as judge:
        if judge is None:
            yield None
        else:
            left_s = min(settings.judgement_timeout_s, settings.fix_pack_timeout_s * SHARE_WORDED)
            yield Writer(judge, left_s)


@asynccontextmanager
async def open_pack_maker(settings: Settings) -> AsyncIterator[PackMaker]:
    """The maker of fix packs, open for the length of the context. It works in the browser, whichever engine audits."""
    from cynthia_pipeline.browser.pack_maker import open_pack_maker as open_browsers

    async with open_writer(settings) as writer, open_browsers(settings, writer) as maker:
        yield maker
