"""One connection from the browser, from its first byte to its last: who it is, whom it asks for, and the answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import h11

from cynthia_pipeline.browser.egress.forward import UpstreamError, forward
from cynthia_pipeline.browser.egress.headers import BadRequestError, Destination, Headers, destination, header
from cynthia_pipeline.browser.egress.passage import Passage
from cynthia_pipeline.browser.egress.peer import Peer
from cynthia_pipeline.browser.egress.refusals import Refusal, RefusedError
from cynthia_pipeline.browser.egress.route import Router, Stream
from cynthia_pipeline.browser.egress.tunnel import relay
from cynthia_pipeline.errors import ErrorCode

ADMISSION_HOST: Final = "egress.invalid"
"""A name that can belong to nobody (RFC 6761, section 6.4): the proxy itself answers for it."""

_DISCARD_BYTES: Final = 1024 * 1024  # of a refused request's body, so that the browser gets to read the answer
_NO_HEADERS: Final[Headers] = []
_CHALLENGE: Final[Headers] = [(b"Proxy-Authenticate", b'Basic realm="egress"')]
# RFC 9209. One answer for everything the policy refuses or the DNS does not know: a page that can read it (its
# own name may point anywhere) must not learn which names and addresses exist inside.
_PROHIBITED: Final[Headers] = [(b"Proxy-Status", b"egress; error=http_request_denied")]
_UNREACHABLE: Final[Headers] = [(b"Proxy-Status", b"egress; error=destination_unavailable")]
_NOT_REACHED: Final = frozenset({ErrorCode.CONNECTION_REFUSED, ErrorCode.CONNECTION_FAILED})

FindPassage: TypeAlias = Callable[[str], Passage | None]
"""Gives the passage that a Proxy-Authorization value opens."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a silent connection is kept, seconds.

    Attributes:
        head_s: until the first request's head is there.
        idle_s: without a byte either way, between requests as within one.
    """

    head_s: float = 15.0
    idle_s: float = 60.0


DEFAULT_PATIENCE: Final = Patience()


class BrowserConnection:
    """Serves one accepted connection; `serve` returns when it is over, and leaves nothing open."""

    def __init__(self, stream: Stream, router: Router, find_passage: FindPassage, patience: Patience) -> None:
        self._router = router
        self._find_passage = find_passage
        self._patience = patience
        self._clock = asyncio.get_running_loop().time
        self._deadline = asyncio.timeout(patience.head_s)
        self._touch_again_at = 0.0
        self._passage: Passage | None = None
        self._browser = Peer(stream, h11.SERVER, received=self._touch, sent=self._touch)
        self._server: Peer | None = None
        self._server_is: tuple[str, int] | None = None

    async def serve(self) -> None:
        """Answers requests until one side has had enough, or nothing was heard for too long."""
        writer = self._browser.stream.writer
        try:
            async with self._deadline:
                while await self._answer_next():
                    self._browser.http.start_next_cycle()
                writer.close()
                await writer.wait_closed()
        except (OSError, h11.ProtocolError, RefusedError):
            pass  # one side is gone, silent or not speaking HTTP, in mid-answer: there is nobody to tell
        finally:
            self._drop_server()
            writer.transport.abort()

    async def _answer_next(self) -> bool:
        """Answers one request; returns whether another may follow."""
        try:
            request = await self._browser.next_event()
            if not isinstance(request, h11.Request):
                return False
            if await self._answer(request, destination(request)):
                return False
        except h11.RemoteProtocolError as error:
            await self._say(error.error_status_hint)
            return False
        except BadRequestError:
            await self._say(400)
        except RefusedError as refused:
            await self._refuse(refused.refusal)
        return await self._has_heard_all()

    async def _answer(self, request: h11.Request, to: Destination) -> bool:
        """Answers `request`; returns whether the connection has served its purpose, as a tunnel."""
        passage = self._find_passage(header(request, b"proxy-authorization"))
        if passage is None or self._passage not in {None, passage}:
            await self._say(407, _CHALLENGE)
            return False
        self._enter(passage)
        if to.host == ADMISSION_HOST:
            await self._say(200)
            return False
        if passage.is_spent:
            raise RefusedError(Refusal(to.host, to.port, ErrorCode.PAGE_TOO_LARGE))
        if request.method == b"CONNECT":
            return await self._tunnel(to)
        return await self._forward(request, to)

    async def _tunnel(self, to: Destination) -> bool:
        server = await self._open(to)
        await self._browser.next_event()  # a CONNECT has no body, and h11 says so
        await self._browser.send(h11.Response(status_code=200, headers=[], reason=b"Connection established"))
        return await self._relay(server)

    async def _forward(self, request: h11.Request, to: Destination) -> bool:
        is_kept = self._is_open_to(to)
        server = await self._open(to)
        try:
            switched = await forward(request, to, self._browser, server)
        except UpstreamError as error:
            if is_kept:  # closed while idle; a browser asks again when a kept connection ends without a word
                raise ConnectionResetError("the kept connection had ended") from error
            raise RefusedError(Refusal(to.host, to.port, ErrorCode.CONNECTION_FAILED, detail=str(error))) from error
        if switched:
            return await self._relay(server)
        if server.http.our_state is server.http.their_state is h11.DONE:
            server.http.start_next_cycle()
        else:
            self._drop_server()
        return False

    async def _relay(self, server: Peer) -> bool:
        for source, sink, meter in (
            (self._browser, server, self._count_sent),
            (server, self._browser, self._touch),  # what h11 read was counted as it arrived
        ):
            early, _ = source.http.trailing_data
            meter(len(early))
            sink.stream.writer.write(early)
        await relay(self._browser.stream, server.stream, self._count_received, self._count_sent)
        return True

    async def _open(self, to: Destination) -> Peer:
        """The kept connection if it leads there, or a new one."""
        if self._server is not None and self._is_open_to(to):
            return self._server
        self._drop_server()
        stream = await self._router.open(to.host, to.port)
        self._server = Peer(stream, h11.CLIENT, received=self._count_received, sent=self._count_sent)
        self._server_is = to.host, to.port
        if self._passage is not None:
            self._passage.forget(to.host, to.port)
        return self._server

    def _is_open_to(self, to: Destination) -> bool:
        return (
            self._server is not None
            and self._server_is == (to.host, to.port)
            and not self._server.stream.reader.at_eof()
        )

    def _drop_server(self) -> None:
        if self._server is not None:
            self._server.stream.writer.transport.abort()
            self._server = None

    def _enter(self, passage: Passage) -> None:
        task = asyncio.current_task()
        if self._passage is None and task is not None:
            self._passage = passage
            passage.join(task)
        self._touch(0)

    async def _refuse(self, refusal: Refusal) -> None:
        if self._passage is not None:
            self._passage.record(refusal)
        if refusal.code in _NOT_REACHED:
            await self._say(502, _UNREACHABLE)
        else:
            await self._say(403, _PROHIBITED)

    async def _say(self, status: int, headers: Headers = _NO_HEADERS) -> None:
        """An answer of the proxy's own, if the browser is still waiting for one."""
        if self._browser.http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            raise ConnectionAbortedError("an answer had begun")
        length = (b"Content-Length", b"0")
        await self._browser.send(h11.Response(status_code=status, headers=[*headers, length]))
        await self._browser.send(h11.EndOfMessage())

    async def _has_heard_all(self) -> bool:
        """Reads what is left of the request; whether the connection can then be used again."""
        http, left = self._browser.http, _DISCARD_BYTES
        while http.their_state is h11.SEND_BODY and left > 0 and not http.they_are_waiting_for_100_continue:
            event = await self._browser.next_event()
            left -= len(event.data) if isinstance(event, h11.Data) else 0
        return http.our_state is http.their_state is h11.DONE

    def _count_received(self, count: int) -> None:
        self._touch(count)
        if self._passage is None or self._server_is is None:
            return
        self._passage.bytes_received += count
        if self._passage.is_spent:
            raise RefusedError(Refusal(*self._server_is, ErrorCode.PAGE_TOO_LARGE))

    def _count_sent(self, count: int) -> None:
        self._touch(count)
        if self._passage is not None:
            self._passage.bytes_sent += count

    def _touch(self, _count: int) -> None:
        """Puts the deadline off, once a second at most; a stranger's bytes do not count."""
        now = self._clock()
        if self._passage is None or now < self._touch_again_at or self._deadline.expired():
            return
        self._touch_again_at = now + 1.0
        self._deadline.reschedule(now + self._patience.idle_s)
