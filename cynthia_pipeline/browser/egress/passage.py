"""What one audit may use of the proxy: a credential, a meter, and the record of what it was refused."""

import asyncio
import base64
import secrets
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from cynthia_pipeline.browser.egress.policy import canonical_host
from cynthia_pipeline.browser.egress.refusals import Refusal

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MAX_REFUSALS: Final = 1000  # a page can ask for any number of hosts; the record must not grow with it


@dataclass(eq=False, slots=True)
class Passage:
    """One audit's way out. Made by `EgressProxy.admit`; closing it ends all of its connections.

    Attributes:
        username, password: the proxy credential, new for each passage.
        byte_limit: most bytes that may arrive, None for any number.
        bytes_received: bytes that arrived from outside, as on the wire (compressed, with TLS and headers).
        bytes_sent: bytes that went out.
    """

    byte_limit: int | None = None
    username: str = field(default_factory=lambda: secrets.token_hex(8))
    password: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    bytes_received: int = 0
    bytes_sent: int = 0
    _refusals: dict[tuple[str, int], Refusal] = field(default_factory=dict)
    _exchanges: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def is_spent(self) -> bool:
        """Whether the byte limit is reached: nothing more is let through."""
        return self.byte_limit is not None and self.bytes_received >= self.byte_limit

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Everything that was not reached, in the order of first asking."""
        return tuple(self._refusals.values())

    def refusal_for(self, host: str, port: int | None = None) -> Refusal | None:
        """Why `host` was not reached (on `port`, if given), the latest reason; None if it was."""
        wanted = canonical_host(host)
        return next(
            (
                refusal
                for (name, number), refusal in reversed(self._refusals.items())
                if name == wanted and port in {None, number}
            ),
            None,
        )

    def refusal_of(self, url: str) -> Refusal | None:
        """Why this http or https address was not reached; None if it was."""
        address = urlsplit(url)
        port = address.port or _DEFAULT_PORTS.get(address.scheme)
        return self.refusal_for(address.hostname or "", port)

    def record(self, refusal: Refusal) -> None:
        """Notes a refusal; the latest for each host and port counts."""
        key = canonical_host(refusal.host), refusal.port
        if key in self._refusals or len(self._refusals) < _MAX_REFUSALS:
            self._refusals[key] = refusal

    def forget(self, host: str, port: int) -> None:
        """A host that is reached after all is no longer refused."""
        self._refusals.pop((canonical_host(host), port), None)

    @property
    def authorization(self) -> str:
        """The Proxy-Authorization value that opens this passage."""
        return "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode()

    def join(self, exchange: "asyncio.Task[None]") -> None:
        """Binds a connection to this passage until one of them ends."""
        self._exchanges.add(exchange)
        exchange.add_done_callback(self._exchanges.discard)

    def close(self) -> None:
        """Ends every connection of this passage."""
        for exchange in self._exchanges:
            exchange.cancel()
