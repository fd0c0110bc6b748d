"""Which engine audits, as the settings choose, and what makes fix packs."""

from contextlib import AbstractAsyncContextManager
from typing import assert_never

from cynthia_pipeline.audit.engine import AuditEngine
from cynthia_pipeline.fix_packs.ports import PackMaker
from cynthia_pipeline.settings import EngineChoice, Settings


def open_audit_engine(settings: Settings) -> AbstractAsyncContextManager[AuditEngine]:
    """The chosen engine, open for the length of the context. Only the chosen one is imported."""
    match settings.audit_engine:
        case EngineChoice.BROWSER:
            from cynthia_pipeline.browser.engine import open_browser_engine

            return open_browser_engine(settings)
        case EngineChoice.REMOTE:
            from cynthia_pipeline.remote.client import open_remote_engine

            return open_remote_engine(settings)
        case _ as never:
            assert_never(never)


def open_pack_maker(settings: Settings) -> AbstractAsyncContextManager[PackMaker]:
    """The maker of fix packs, open for the length of the context. It works in the browser, whichever engine audits."""
    from cynthia_pipeline.browser.pack_maker import open_pack_maker as open_browsers

    return open_browsers(settings)
