"""An inner network that must never be reached, and an attacker's site on the public internet."""

import asyncio
import ctypes
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from cynthia_pipeline.browser.egress import EgressPolicy, EgressProxy, Passage, admit_page, egress_flags
from cynthia_pipeline.browser.egress.route import Stream, dial_tcp
from cynthia_pipeline.browser.executable import find_chromium

IPAddress = IPv4Address | IPv6Address

PUBLIC: Final = IPv4Address("93.184.215.14")
"""What the attacker's own names resolve to. The dial hook leads there, and nowhere else, to the attacker's server."""

INNER: Final = (
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "169.254.1.1"),
    *("100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.2.1", "198.18.0.1", "240.0.0.1", "203.0.114.7"),
    *("::1", "fd00:ec2::254", "fc00::1", "2001:db8::1", "64:ff9b::a00:1", "2606:4700::7"),
)
"""Where canaries sing: every kind of inner address, and two public ones that are this machine's own."""

_NAMED: Final = os.environ.get("CYNTHIA_CHROMIUM")
CHROMIUM: Final = find_chromium(Path(_NAMED) if _NAMED else None)
"""The browser that is attacked. Another one may be named: a headless shell is not all that a whole Chrome is."""

SANDBOX: Final = ("--no-sandbox",) if os.geteuid() == 0 else ()

_CLONE_NEWNET: Final = 0x40000000


@dataclass
class Canaries:
    """Servers that count whoever comes near.

    Attributes:
        addresses: where they listen: all of INNER in a network namespace of its own, loopback alone elsewhere.
        port, tls_port: of the TCP canaries.
        udp_port: of the UDP ones.
        hits: who was reached: one entry for each connection or datagram.
        sung: set with the first hit.
    """

    addresses: Sequence[str]
    port: int
    tls_port: int
    udp_port: int
    hits: list[str] = field(default_factory=list)
    sung: asyncio.Event = field(default_factory=asyncio.Event)

    def hit(self, who: str) -> None:
        self.hits.append(who)
        self.sung.set()


@pytest.fixture(scope="module")
def namespace() -> Iterator[bool]:
    """A network namespace for this thread and all that it starts; False where the system has none for us."""
    here = Path("/proc/thread-self/ns/net")
    if not here.exists() or shutil.which("ip") is None:
        yield False
        return
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open(here, os.O_RDONLY)
    entered = libc.unshare(_CLONE_NEWNET) == 0
    try:
        if entered:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            for address in INNER:
                if not ip_address(address).is_loopback:
                    subprocess.run(
                        ["ip", "address", "add", address, "dev", "lo", "nodad"][: 6 + (":" in address)], check=True
                    )
        yield entered
    finally:
        if entered:
            libc.setns(before, _CLONE_NEWNET)
        os.close(before)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def canaries(namespace: bool) -> AsyncIterator[Canaries]:
    """The inner network, counting."""
    addresses = INNER if namespace else ("127.0.0.1",)
    found = Canaries(addresses, *((80, 443, 3478) if namespace else (0, 0, 0)))

    def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.hit(f"tcp {writer.get_extra_info('sockname')}")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nAccess-Control-Allow-Origin: *\r\n\r\ncanary")

    class Datagrams(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _addr: object) -> None:
            found.hit(f"udp {data[:40]!r}")

    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        for address in addresses:
            for name in ("port", "tls_port"):
                server = await stack.enter_async_context(
                    await asyncio.start_server(accept, address, getattr(found, name))
                )
                setattr(found, name, server.sockets[0].getsockname()[1])
            transport, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=(address, found.udp_port))
            found.udp_port = transport.get_extra_info("sockname")[1]
            stack.callback(transport.close)
        yield found


@dataclass
class Names:
    """The attacker's own name server: it answers what it likes, and notes who asks.

    Attributes:
        answers: by name, each a list of answers; the last one stays.
        asked: every name in the order of asking.
    """

    answers: dict[str, list[tuple[IPAddress, ...]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, name: str) -> Sequence[IPAddress]:
        self.asked.append(name)
        self._more.set()
        if name not in self.answers:
            return (PUBLIC,) if name.endswith("attacker.example") else ()
        answers = self.answers[name]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def wait_until(self, is_enough: Callable[[list[str]], bool]) -> None:
        """Returns once enough has been asked for."""
        async with asyncio.timeout(20):
            while not is_enough(self.asked):
                self._more.clear()
                await self._more.wait()


@dataclass
class Site:
    """The attacker's web server.

    Attributes:
        pages: head lines and body by path.
        requests: the paths that were asked for.
    """

    port: int
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ")[1].decode()
                self.requests.append(path)
                self._more.set()
                status, body = self.pages.get(path, ("200 OK\r\nContent-Type: text/plain", "ok"))
                content = body.encode()
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def wait_for(self, path: str) -> None:
        """Returns once `path` has been asked for."""
        async with asyncio.timeout(20):
            while path not in self.requests:
                self._more.clear()
                await self._more.wait()


@dataclass
class World:
    """A browser behind the guard, the attacker's site and names, and the canaries."""

    browser: Browser
    proxy: EgressProxy
    names: Names
    site: Site
    canaries: Canaries

    def at(self, path: str) -> str:
        return f"http://attacker.example{path}"

    def put(self, path: str, body: str, head: str = "200 OK\r\nContent-Type: text/html") -> str:
        """Publishes a page; returns its address."""
        self.site.pages[path] = (head, body)
        return self.at(path)


@asynccontextmanager
async def guarded_browser(policy: EgressPolicy, names: Names, site: Site, canaries: Canaries) -> AsyncIterator[World]:
    """A real Chromium whose only way out is a proxy with this policy."""

    async def dial(address: IPAddress, port: int) -> Stream:
        if address == PUBLIC:
            return await dial_tcp(IPv4Address("127.0.0.1"), site.port)
        return await dial_tcp(address, port)

    async with EgressProxy(policy, resolver=names, dial=dial) as proxy, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*SANDBOX, *egress_flags(proxy.url)])
        yield World(browser, proxy, names, site, canaries)
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(canaries: Canaries) -> AsyncIterator[Site]:
    """The attacker's site, beside the canaries and on a port of its own."""
    served = Site(0)
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as server:
        served.port = server.sockets[0].getsockname()[1]
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(canaries: Canaries, site: Site) -> AsyncIterator[World]:
    """The guard as it is by default, but that the canaries' ports are web ports: only addresses are to count."""
    policy = EgressPolicy(ports=frozenset({80, 443, canaries.port, canaries.tls_port, canaries.udp_port}))
    async with guarded_browser(policy, Names(), site, canaries) as made:
        yield made


@pytest.fixture
def attack(world: World) -> Iterator[Callable[[Mapping[str, str]], None]]:
    """Forgets what other tests asked and met."""
    world.names.asked.clear()
    world.names.answers.clear()
    world.site.requests.clear()
    world.site.pages.clear()
    world.canaries.hits.clear()
    yield lambda answers: world.names.answers.update(
        {name: [(ip_address(address),)] for name, address in answers.items()}
    )
    assert world.canaries.hits == []


@asynccontextmanager
async def opened(world: World, *, byte_limit: int | None = None) -> AsyncIterator[tuple[Page, Passage]]:
    """A fresh context with a passage of its own, as an audit has it."""
    with world.proxy.admit(byte_limit=byte_limit) as passage:
        context = await world.browser.new_context(service_workers="block", accept_downloads=False)
        try:
            page = await context.new_page()
            await admit_page(page, passage)
            yield page, passage
        finally:
            await context.close()
