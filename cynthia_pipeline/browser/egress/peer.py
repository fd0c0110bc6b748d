"""One side of a forwarded exchange: a byte stream, and the HTTP/1.1 state machine (h11) that reads and writes it."""

from collections.abc import Callable
from typing import Final, TypeAlias

import h11

from cynthia_pipeline.browser.egress.route import CHUNK, Stream

MAX_HEAD_BYTES: Final = 256 * 1024
"""Longest message head; Chromium's own limit for response headers."""

Meter: TypeAlias = Callable[[int], None]
"""Told of each run of bytes that passed."""


class Peer:
    """A browser (we are its server) or a web server (we are its client).

    Attributes:
        stream: the connection beneath.
        http: where the exchange stands.
    """

    def __init__(self, stream: Stream, our_role: type[h11.CLIENT | h11.SERVER], received: Meter, sent: Meter) -> None:
        self.stream = stream
        self.http = h11.Connection(our_role, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._received = received
        self._sent = sent

    async def next_event(self) -> h11.Event | None:
        """What the other side says next; None where it said all that HTTP lets it say for now.

        Raises:
            h11.RemoteProtocolError: it is not HTTP/1.1, or broke off in the middle.
            OSError: the connection broke.
        """
        while not isinstance(event := self.http.next_event(), h11.Event):
            if event is h11.PAUSED:
                return None
            data = await self.stream.reader.read(CHUNK)
            self._received(len(data))
            self.http.receive_data(data)
        return event

    async def wait_for_more(self) -> None:
        """Waits until the other side says something beyond the message that it has ended; h11 keeps it.

        Raises:
            ConnectionResetError: it left instead.
        """
        data = await self.stream.reader.read(CHUNK)
        self.http.receive_data(data)
        if not data:
            raise ConnectionResetError("the other side left before its answer")

    async def send(self, event: h11.Event) -> None:
        """Says this to the other side, and waits while it does not keep up.

        Raises:
            h11.LocalProtocolError: it may not be said now.
            OSError: the connection broke.
        """
        pieces = self.http.send_with_data_passthrough(event)
        if pieces:
            self._sent(sum(map(len, pieces)))
            self.stream.writer.writelines(pieces)
            await self.stream.writer.drain()
