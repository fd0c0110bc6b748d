"""From a host and port to an open connection: resolve once, judge every address, dial those very addresses."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from cynthia_pipeline.browser.egress.addresses import IPAddress, NotPublic
from cynthia_pipeline.browser.egress.policy import Allowed, EgressPolicy, Refused, literal_address
from cynthia_pipeline.browser.egress.refusals import Refusal, RefusedError
from cynthia_pipeline.browser.egress.resolver import Resolver, machine_addresses
from cynthia_pipeline.errors import ErrorCode

CHUNK: Final = 256 * 1024
"""Most bytes taken from a socket at once, as asyncio itself reads them; also the high-water mark of each buffer."""

_OWN_ADDRESSES_S: Final = 30.0  # how long the list of this machine's addresses may be stale


class Stream(NamedTuple):
    """Both directions of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


Dial: TypeAlias = Callable[[IPAddress, int], Awaitable[Stream]]
"""Opens a TCP connection to an address that was judged; raises OSError."""


async def dial_tcp(address: IPAddress, port: int) -> Stream:
    """Connects to exactly this address: it is a number, so nothing is resolved again."""
    reader, writer = await asyncio.open_connection(str(address), port, limit=CHUNK)
    writer.transport.set_write_buffer_limits(high=CHUNK)
    return Stream(reader, writer)


@dataclass(slots=True)
class Router:
    """Opens connections that the policy allows.

    Attributes:
        resolver, dial: how names become addresses, and addresses connections.
        resolve_s, connect_s: longest lookup, and longest attempt at one address, seconds.
        listening_port: where the proxy itself listens: never dialled, or requests would go round in a circle.
    """

    policy: EgressPolicy
    resolver: Resolver
    dial: Dial
    resolve_s: float
    connect_s: float
    listening_port: int = 0
    _own: frozenset[IPAddress] = frozenset()
    _own_until: float = 0.0

    async def open(self, host: str, port: int) -> Stream:
        """A connection to `host`.

        Raises:
            RefusedError: the policy forbids it, the name does not exist, or nobody answers.
        """
        addresses = await self._resolve(host, port)
        own = self._own_addresses()
        verdict = self.policy.decide(host, port, addresses, own)
        if isinstance(verdict, Allowed) and port == self.listening_port and own.intersection(addresses):
            verdict = Refused(ErrorCode.ADDRESS_REFUSED, NotPublic.OWN)
        if isinstance(verdict, Refused):
            raise RefusedError(Refusal(host, port, verdict.code, verdict.why))
        return await self._dial_first(host, port, verdict.addresses)

    async def _resolve(self, host: str, port: int) -> tuple[IPAddress, ...]:
        literal = literal_address(host)
        if literal is not None:
            return (literal,)
        try:
            async with asyncio.timeout(self.resolve_s):
                return tuple(await self.resolver(host))
        except OSError as error:  # TimeoutError is one
            detail = f"resolver: {str(error) or 'timed out'}"
            raise RefusedError(Refusal(host, port, ErrorCode.HOST_NOT_FOUND, passing=True, detail=detail)) from error

    async def _dial_first(self, host: str, port: int, addresses: tuple[IPAddress, ...]) -> Stream:
        code, detail = ErrorCode.CONNECTION_FAILED, ""
        for address in addresses:
            try:
                async with asyncio.timeout(self.connect_s):
                    return await self.dial(address, port)
            except ConnectionRefusedError as error:
                code, detail = ErrorCode.CONNECTION_REFUSED, str(error)
            except OSError as error:
                detail = detail or str(error) or f"no answer within {self.connect_s:g} s"
        raise RefusedError(Refusal(host, port, code, detail=detail))

    def _own_addresses(self) -> frozenset[IPAddress]:
        now = asyncio.get_running_loop().time()
        if now >= self._own_until:
            self._own, self._own_until = machine_addresses(), now + _OWN_ADDRESSES_S
        return self._own
