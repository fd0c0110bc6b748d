"""Names to addresses, by the system's own resolver, on threads of its own."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Final, TypeAlias

import psutil

from cynthia_pipeline.browser.egress.addresses import IPAddress

Resolver: TypeAlias = Callable[[str], Awaitable[Sequence[IPAddress]]]
"""Gives the addresses of a name in the order to try them, none if it does not exist.

Raises:
    OSError: the resolver itself is not available at the moment.
"""

_LOOKUPS_AT_ONCE: Final = 16
_NEVER_IN_DNS: Final = frozenset({"invalid", "onion"})  # RFC 6761, section 6.4; RFC 7686
_NO_SUCH_NAME: Final = frozenset(
    code for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY") if (code := getattr(socket, name, None))
)


class SystemResolver:
    """Asks getaddrinfo, so /etc/hosts and the search list count as they do for everything on this machine.

    It has its own threads: slow names of a hostile page must not hold up the work that shares asyncio's.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, thread_name_prefix="egress-dns")

    async def __call__(self, name: str) -> Sequence[IPAddress]:
        if name.rpartition(".")[2].lower() in _NEVER_IN_DNS:
            return ()
        return await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, name)

    def close(self) -> None:
        """Lets go of the threads; a lookup that still runs ends by the resolver's own time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(name: str) -> Sequence[IPAddress]:
    try:
        found = socket.getaddrinfo(name.encode("ascii"), None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _NO_SUCH_NAME:
            return ()
        raise
    return tuple(dict.fromkeys(ip_address(address[0]) for *_, address in found))


def machine_addresses() -> frozenset[IPAddress]:
    """Every address that an interface of this machine has at the moment."""
    return frozenset(
        ip_address(entry.address)
        for entries in psutil.net_if_addrs().values()
        for entry in entries
        if entry.family in {socket.AF_INET, socket.AF_INET6}
    )
