"""Group commit: what comes while a transaction runs is written together in the next one.

One piece alone is written at once, so nothing waits that need not; under load many share the statements, the round
trips and the flush of one transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from cynthia_pipeline.queue.ports import StoreRefusedError

Piece = TypeVar("Piece")
Written = TypeVar("Written")


class GroupCommit(Generic[Piece, Written]):
    """Writes pieces that many tasks hand in, a group at a time.

    Args:
        write: writes a group in one transaction; answers for each piece, in order, with what was written, or with
            the error that is this piece's own.
        most: pieces in one group.
    """

    def __init__(self, write: Callable[[Sequence[Piece]], Awaitable[Sequence[Written | Exception]]], most: int) -> None:
        self._write = write
        self._most = most
        self._waiting: list[tuple[Piece, asyncio.Future[Written]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def __call__(self, piece: Piece) -> Written:
        """Writes one piece, with the others that wait.

        Raises:
            StoreRefusedError: the store refuses this very piece.
            Exception: what `write` raised for the group or answered for this piece.
        """
        future: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        self._waiting.append((piece, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all(), name="group commit")
        return await future

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                if wanted := [entry for entry in group if not entry[1].cancelled()]:
                    await self._write_group(wanted)
        finally:
            self._writer = None

    async def _write_group(self, group: "Sequence[tuple[Piece, asyncio.Future[Written]]]") -> None:
        answers: Sequence[Written | Exception]
        try:
            answers = await self._write([piece for piece, _ in group])
        except Exception as error:  # noqa: BLE001 - handed on to everybody who waits for it
            if isinstance(error, StoreRefusedError) and len(group) > 1:
                # One piece spoils the transaction of all: each on its own tells which.
                for entry in group:
                    await self._write_group([entry])
                return
            answers = [error] * len(group)
        for (_, future), answer in zip(group, answers, strict=True):
            _answer(future, answer)


def _answer(future: "asyncio.Future[Written]", answer: Written | Exception) -> None:
    if future.done():  # who waited was cancelled meanwhile
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
