"""Bytes both ways between two connections, as they come."""

import asyncio

from cynthia_pipeline.browser.egress.peer import Meter
from cynthia_pipeline.browser.egress.route import CHUNK, Stream


async def relay(browser: Stream, outside: Stream, received: Meter, sent: Meter) -> None:
    """Runs until both directions have ended. When one side has said all, the other may still go on.

    Args:
        browser, outside: the two ends.
        received: told of the bytes that came from outside; what it raises ends the relay.
        sent: told of those that went out.

    Raises:
        OSError: a connection broke.
    """
    directions = (
        asyncio.create_task(_pump(browser.reader, outside.writer, sent)),
        asyncio.create_task(_pump(outside.reader, browser.writer, received)),
    )
    try:
        ended, _ = await asyncio.wait(directions, return_when=asyncio.FIRST_EXCEPTION)
        for direction in ended:
            direction.result()
    finally:
        for direction in directions:
            direction.cancel()
        await asyncio.wait(directions)


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, passed: Meter) -> None:
    while data := await source.read(CHUNK):
        passed(len(data))
        sink.write(data)
        await sink.drain()
    if sink.can_write_eof():
        sink.write_eof()
