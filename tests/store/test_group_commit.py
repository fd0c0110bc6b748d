"""Group commit: everybody gets the answer to what he handed in, whatever becomes of the others."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.queue.ports import StoreRefusedError, StoreUnavailableError
from cynthia_pipeline.store.group_commit import GroupCommit

SPOILED, LOST = 3, 5
"""A piece is spoiled if it can be divided by the one, and too late if by the other."""


class Table:
    """Takes groups as a transaction does: all or nothing, and no group that holds a spoiled piece."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.groups: list[int] = []
        self.busy, self.free = asyncio.Event(), asyncio.Event()
        self.away = False

    async def write(self, pieces: Sequence[int]) -> list[int | Exception]:
        self.groups.append(len(pieces))
        self.busy.set()
        await self.free.wait()
        if self.away:
            raise StoreUnavailableError("away")
        if any(piece % SPOILED == 0 for piece in pieces):
            raise StoreRefusedError("spoiled")
        self.rows += [piece for piece in pieces if piece % LOST]
        return [piece * 10 if piece % LOST else LookupError(str(piece)) for piece in pieces]


@given(st.lists(st.integers(1, 60), unique=True, max_size=40), st.integers(1, 10))
def test_each_piece_gets_its_own_answer_and_is_written_once(pieces: list[int], most: int) -> None:
    async def handed_in() -> None:
        table = Table()
        commit = GroupCommit(table.write, most)
        table.free.set()
        answers = await asyncio.gather(*map(commit, pieces), return_exceptions=True)
        for piece, answer in zip(pieces, answers, strict=True):
            if piece % SPOILED == 0:
                assert isinstance(answer, StoreRefusedError)
            elif piece % LOST == 0:
                assert isinstance(answer, LookupError)
            else:
                assert answer == piece * 10
        assert sorted(table.rows) == sorted(piece for piece in pieces if piece % SPOILED and piece % LOST)
        assert max(table.groups, default=0) <= most

    asyncio.run(handed_in())


async def test_what_comes_while_a_group_is_written_goes_together() -> None:
    table = Table()
    commit = GroupCommit(table.write, most=10)
    first = asyncio.create_task(commit(1))
    await table.busy.wait()
    later = [asyncio.create_task(commit(piece)) for piece in (2, 4, 7)]
    await asyncio.sleep(0)
    table.free.set()
    assert [await each for each in (first, *later)] == [10, 20, 40, 70]
    assert table.groups == [1, 3]


async def test_a_store_that_is_away_is_told_to_all_and_the_next_try_is_written() -> None:
    table = Table()
    commit = GroupCommit(table.write, most=10)
    table.free.set()
    table.away = True
    assert all(
        isinstance(answer, StoreUnavailableError)
        for answer in await asyncio.gather(commit(1), commit(2), return_exceptions=True)
    )
    table.away = False
    assert await commit(1) == 10
    assert table.rows == [1]


async def test_who_is_cancelled_before_his_group_is_left_out_of_it() -> None:
    table = Table()
    commit = GroupCommit(table.write, most=10)
    first = asyncio.create_task(commit(1))
    await table.busy.wait()
    second, third = asyncio.create_task(commit(2)), asyncio.create_task(commit(4))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    table.free.set()
    assert (await first, await third) == (10, 40)
    assert table.rows == [1, 4]
