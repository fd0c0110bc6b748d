"""One plain HTTP exchange between the browser and a server: the request on, the answer back, nothing held."""

import asyncio

import h11

from cynthia_pipeline.browser.egress.headers import (
    SWITCHING_PROTOCOLS,
    Destination,
    onward_request,
    onward_response,
)
from cynthia_pipeline.browser.egress.peer import Peer


class UpstreamError(Exception):
    """The server broke off or does not speak HTTP, before any of its answer went to the browser."""


async def forward(request: h11.Request, to: Destination, browser: Peer, server: Peer) -> bool:
    """Carries one exchange.

    Returns:
        Whether both sides agreed to leave HTTP (a WebSocket): what follows are bytes.

    Raises:
        UpstreamError: the browser has been told nothing yet.
        h11.ProtocolError, OSError: one side broke off in the middle; both connections are to be closed.
    """
    try:
        await server.send(onward_request(request, to))
    except (h11.ProtocolError, OSError) as error:
        raise UpstreamError(str(error)) from error
    # At the same time: a server may answer before it has read everything, or wait to be asked for the body.
    answer = asyncio.create_task(_carry_answer(server, browser))
    body = asyncio.create_task(_carry_body(browser, server))
    try:
        await asyncio.wait({answer, body}, return_when=asyncio.FIRST_COMPLETED)
        if body.done() and not answer.done():
            await body  # raises what the browser did; ends when it is heard from again, which h11 keeps
        return await answer
    finally:
        for half in (answer, body):
            half.cancel()
        await asyncio.wait({answer, body})


async def _carry_body(browser: Peer, server: Peer) -> None:
    """Returns when the body is through, or the server takes no more of it; raises if the browser leaves."""
    event = await browser.next_event()
    while isinstance(event, h11.Data | h11.EndOfMessage):
        try:
            await server.send(event)
        except OSError:
            return  # it may have answered already, and that is what counts
        if isinstance(event, h11.EndOfMessage):
            break
        event = await browser.next_event()
    await browser.wait_for_more()


async def _carry_answer(server: Peer, browser: Peer) -> bool:
    began = False
    while True:
        try:
            event = await server.next_event()
        except (h11.RemoteProtocolError, OSError) as error:
            if began:
                raise
            raise UpstreamError(str(error)) from error
        match event:
            case h11.Response() | h11.InformationalResponse():
                began = True
                await browser.send(onward_response(event))
                if event.status_code == SWITCHING_PROTOCOLS:
                    return True
            case h11.Data():
                await browser.send(event)
            case h11.EndOfMessage():
                await browser.send(event)
                return False
            case _:
                raise UpstreamError("closed without an answer")
