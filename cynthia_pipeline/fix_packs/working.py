"""The worker whose work are requests for packs: hands each audit's order to the maker."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from cynthia_pipeline.audit.engine import ProgressReporter
from cynthia_pipeline.fix_packs.ports import MadePack, PackMaker, PackMakerFactory, PackOrder
from cynthia_pipeline.fix_packs.requests import ClaimedPack
from cynthia_pipeline.queue.patience import Patiently
from cynthia_pipeline.queue.ports import WorkerFactory


class Orders(Protocol):
    """Where orders come from. May raise StoreUnavailableError."""

    async def load_order(self, pack: ClaimedPack) -> PackOrder:
        """What the maker is told to make. Raises PermanentError if the audit is gone or no longer fit for a pack."""
        ...


class PackWorker:
    """Implements queue.ports.Worker on an open maker."""

    def __init__(self, maker: PackMaker, orders: Orders, patiently: Patiently) -> None:
        self._maker = maker
        self._orders = orders
        self._patiently = patiently

    async def work(self, pack: ClaimedPack, progress: ProgressReporter, /) -> MadePack:
        """Makes one pack.

        Raises:
            WorkError: there is none to be had.
            StoreUnavailableError: the order could not be read.
        """
        order = await self._patiently(lambda: self._orders.load_order(pack))
        return await self._maker.make(order, progress)


def pack_workers(
    open_maker: PackMakerFactory, orders: Orders, store_patience_s: float
) -> WorkerFactory[ClaimedPack, MadePack]:
    """Opens a maker, and a worker on it, for the length of a drain."""

    @asynccontextmanager
    async def open_worker() -> AsyncIterator[PackWorker]:
        async with open_maker() as maker:
            yield PackWorker(maker, orders, Patiently(store_patience_s))

    def opened() -> AbstractAsyncContextManager[PackWorker]:
        return open_worker()

    return opened
