"""The filtering forward proxy: the browser's only way out."""

import asyncio
import contextlib
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

from cynthia_pipeline.browser.egress.connection import DEFAULT_PATIENCE, BrowserConnection, Patience
from cynthia_pipeline.browser.egress.passage import Passage
from cynthia_pipeline.browser.egress.policy import EgressPolicy
from cynthia_pipeline.browser.egress.resolver import Resolver, SystemResolver
from cynthia_pipeline.browser.egress.route import CHUNK, Dial, Router, Stream, dial_tcp

_LISTEN_ON: Final = "127.0.0.1"
_CONNECTIONS: Final = 2048
"""Most connections served at once; Chromium opens 32 for each context and proxy, and 255 WebSockets."""


class EgressProxy:
    """An HTTP forward proxy on loopback that dials what the policy allows, and nothing else.

    Use it as an async context manager. Nobody is served without the credential of a passage, so neither other
    programs on this machine nor the browser's own background requests get out.
    """

    def __init__(
        self,
        policy: EgressPolicy,
        *,
        resolver: Resolver | None = None,
        dial: Dial = dial_tcp,
        resolve_s: float = 10.0,
        connect_s: float = 10.0,
        patience: Patience = DEFAULT_PATIENCE,
    ) -> None:
        """Prepares the proxy; it listens from `async with` on.

        Args:
            policy: who may be dialled.
            resolver: asked once for each connection to a name; the system's own by default.
            dial: opens the connection to an address that was judged.
            resolve_s: longest lookup, seconds.
            connect_s: longest wait for one address, seconds.
            patience: how long silence is borne.
        """
        self._system_resolver = SystemResolver()  # starts its threads when it is first asked
        self._router = Router(policy, resolver or self._system_resolver, dial, resolve_s, connect_s)
        self._patience = patience
        self._passages: dict[str, Passage] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where the proxy listens, as Chromium's --proxy-server and Playwright's proxy `server` take it."""
        return f"http://{_LISTEN_ON}:{self._router.listening_port}"

    @contextlib.contextmanager
    def admit(self, *, byte_limit: int | None = None) -> Iterator[Passage]:
        """A passage for one audit; leaving the block ends every connection that was opened with it.

        Args:
            byte_limit: most bytes that may arrive in all, None for any number.
        """
        passage = Passage(byte_limit)
        self._passages[passage.authorization] = passage
        try:
            yield passage
        finally:
            del self._passages[passage.authorization]
            passage.close()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, _LISTEN_ON, 0, limit=CHUNK)
        self._router.listening_port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        if self._connections:
            await asyncio.wait(self._connections)
        self._system_resolver.close()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= _CONNECTIONS:
            writer.transport.abort()
            return
        writer.transport.set_write_buffer_limits(high=CHUNK)
        connection = BrowserConnection(Stream(reader, writer), self._router, self._passages.get, self._patience)
        task = asyncio.get_running_loop().create_task(connection.serve())
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
