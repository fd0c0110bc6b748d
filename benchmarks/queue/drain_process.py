"""A drain without Dagster around it: prints a line when it is alive, and stops in order at SIGTERM."""

import asyncio
import os
import signal

from cynthia_pipeline.drafts.template import TemplateDrafter
from cynthia_pipeline.engines import open_audit_engine
from cynthia_pipeline.queue.auditing import audit_workers
from cynthia_pipeline.queue.drain import Drain
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.drain_store import PostgresDrainStore


class _Announced(PostgresDrainStore):
    async def register(self, slots: int) -> None:
        await super().register(slots)
        print("ready", flush=True)


async def drain() -> None:
    """Runs one drain by the settings in the environment, until it is told to stop."""
    pipeline = Pipeline(os.environ, open_audit_engine)
    settings = pipeline.settings
    store = _Announced(pipeline.database_url, pipeline.limits(), pipeline.retry_policy(), lease_s=settings.lease_s)
    try:
        limits = pipeline.drain_limits()
        workers = audit_workers(lambda: open_audit_engine(settings), TemplateDrafter(), store, limits.store_patience_s)
        work = Drain(store, workers, limits, lambda *_: None)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.stop)
        await work.run()
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(drain())
