"""The proxy as a program on the wire: what it forwards, what it refuses, and what it survives."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cynthia_pipeline.browser.egress import EgressPolicy, EgressProxy, Passage
from cynthia_pipeline.browser.egress.addresses import IPAddress
from cynthia_pipeline.browser.egress.connection import DEFAULT_PATIENCE, Patience
from cynthia_pipeline.browser.egress.resolver import Resolver
from cynthia_pipeline.errors import ErrorCode, PermanentError, TransientError

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(handle: Handler) -> AsyncIterator[int]:
    """A web server of the test's own; gives its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


class Client:
    """A connection to the proxy, spoken by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passage: Passage | None) -> None:
        self.reader = reader
        self.writer = writer
        self.authorization = f"Proxy-Authorization: {passage.authorization}\r\n" if passage else ""

    def send(self, first_line: str, headers: str = "", body: bytes = b"") -> None:
        self.writer.write(f"{first_line}\r\n{self.authorization}{headers}\r\n".encode() + body)

    async def head(self) -> str:
        async with asyncio.timeout(10):
            return (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")

    async def body(self, head: str) -> bytes:
        """The body that `head` announces."""
        lower = head.lower()
        async with asyncio.timeout(10):
            if "transfer-encoding: chunked" in lower:
                whole = b""
                while size := int(await self.reader.readline(), 16):
                    whole += await self.reader.readexactly(size)
                    await self.reader.readline()
                await self.reader.readline()
                return whole
            length = int(lower.partition("content-length: ")[2].partition("\r\n")[0])
            return await self.reader.readexactly(length)

    async def rest(self) -> bytes:
        async with asyncio.timeout(10):
            return await self.reader.read()


@asynccontextmanager
async def connected(proxy: EgressProxy, passage: Passage | None) -> AsyncIterator[Client]:
    host, _, port = proxy.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield Client(reader, writer, passage)
    finally:
        writer.close()


LOCAL = EgressPolicy.allowing(["127.0.0.1"])


@asynccontextmanager
async def proxied(
    policy: EgressPolicy = LOCAL, *, resolver: Resolver | None = None, patience: Patience = DEFAULT_PATIENCE
) -> AsyncIterator[tuple[EgressProxy, Passage, Client]]:
    async with EgressProxy(policy, resolver=resolver, patience=patience) as proxy:
        with proxy.admit() as passage:
            async with connected(proxy, passage) as client:
                yield proxy, passage, client


async def echo_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers each request with its own head."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(head), head))


async def test_what_the_server_gets_to_read() -> None:
    async with server(echo_head) as port, proxied() as (_, _, client):
        client.send(
            f"GET http://127.0.0.1:{port}/a%2fb?q=1 HTTP/1.1",
            "Host: other.example\r\nProxy-Connection: keep-alive\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
            "Keep-Alive: timeout=5\r\nTE: trailers\r\nAccept: x/y\r\nCookie: a=1\r\n",
        )
        head = await client.head()
        seen = (await client.body(head)).decode()
        assert seen == f"GET /a%2fb?q=1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: x/y\r\nCookie: a=1\r\n\r\n"
        assert head.startswith("HTTP/1.1 200 OK\r\n")


async def test_connections_are_kept_on_both_sides() -> None:
    opened = []

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(1)
        await echo_head(reader, writer)

    async with server(count) as port, proxied() as (_, _, client):
        for number in range(5):
            client.send(f"GET http://127.0.0.1:{port}/{number} HTTP/1.1", "Host: x\r\n")
            assert f"GET /{number} ".encode() in await client.body(await client.head())
    assert len(opened) == 1


async def test_a_kept_connection_changes_hosts_only_by_dialling_anew() -> None:
    async with server(echo_head) as one, server(echo_head) as other, proxied() as (_, _, client):
        for port in (one, other, one):
            client.send(f"GET http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\n")
            assert f"Host: 127.0.0.1:{port}\r\n".encode() in await client.body(await client.head())
        client.send("GET http://10.0.0.1/ HTTP/1.1", "Host: x\r\n")
        assert (await client.head()).startswith("HTTP/1.1 403")


async def test_bodies_chunked_both_ways() -> None:
    async def echo_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"transfer-encoding: chunked" in head.lower()
        body = await reader.readuntil(b"0\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        await writer.drain()

    async with server(echo_body) as port, proxied() as (_, _, client):
        client.send(
            f"POST http://127.0.0.1:{port}/ HTTP/1.1",
            "Host: x\r\nTransfer-Encoding: chunked\r\n",
            b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
        )
        assert await client.body(await client.head()) == b"hello world"


async def test_a_body_that_ends_with_the_connection() -> None:
    async def until_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 500_000)
        await writer.drain()

    async with server(until_close) as port, proxied() as (_, passage, client):
        client.send(f"GET http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\n")
        assert await client.body(await client.head()) == b"x" * 500_000
        assert passage.bytes_received == 500_019


async def test_http_1_0_client() -> None:
    async with server(echo_head) as port, proxied() as (_, _, client):
        client.send(f"GET http://127.0.0.1:{port}/ HTTP/1.0")
        whole = await client.rest()
        assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"GET / HTTP/1.1\r\n" in whole


async def test_expect_100_continue_is_the_servers_to_answer() -> None:
    async def ask_for_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert b"expect: 100-continue" in (await reader.readuntil(b"\r\n\r\n")).lower()
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(4)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body)
        await writer.drain()

    async with server(ask_for_body) as port, proxied() as (_, _, client):
        client.send(
            f"POST http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n"
        )
        assert (await client.head()).startswith("HTTP/1.1 100 ")
        client.writer.write(b"body")
        assert await client.body(await client.head()) == b"body"


async def test_an_answer_before_the_body_is_read() -> None:
    async def too_large(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        await writer.drain()

    async with server(too_large) as port, proxied() as (_, _, client):
        client.send(f"POST http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\nContent-Length: 9999999\r\n", b"some")
        head = await client.head()
        assert head.startswith("HTTP/1.1 413")
        assert await client.body(head) == b"no"


async def test_upgrade_to_a_websocket() -> None:
    async def upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert b"upgrade: websocket" in head
        assert b"connection: upgrade" in head
        writer.write(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello")
        while data := await reader.read(100):
            writer.write(data.upper())

    async with server(upgrade) as port, proxied() as (_, _, client):
        client.send(
            f"GET http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        )
        head = await client.head()
        assert head.startswith("HTTP/1.1 101")
        assert "upgrade: websocket" in head.lower()
        assert await client.reader.readexactly(5) == b"hello"
        client.writer.write(b"frames")
        assert await client.reader.readexactly(6) == b"FRAMES"


async def test_a_tunnel_and_its_halves() -> None:
    """The browser says all, then hears all: neither end cuts the other short."""

    async def answer_at_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = await reader.read()
        writer.write(b"heard %d" % len(said))
        await writer.drain()

    async with server(answer_at_the_end) as port, proxied() as (_, passage, client):
        client.send(f"CONNECT 127.0.0.1:{port} HTTP/1.1", f"Host: 127.0.0.1:{port}\r\n")
        assert (await client.head()).startswith("HTTP/1.1 200")
        client.writer.write(b"x" * 3_000_000)
        client.writer.write_eof()
        assert await client.rest() == b"heard 3000000"
        assert (passage.bytes_sent, passage.bytes_received) == (3_000_000, 13)


async def test_a_slow_reader_holds_the_server_back() -> None:
    """Nothing is piled up in the proxy: what the browser does not read, the server cannot send."""
    stuck = asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"%x\r\n%s\r\n" % (65536, b"x" * 65536)
        while True:
            writer.write(chunk)
            try:
                await asyncio.wait_for(writer.drain(), 1)
            except TimeoutError:
                stuck.set()
                return

    async with server(endless) as port, proxied() as (_, passage, client):
        client.send(f"GET http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\n")
        await asyncio.wait_for(stuck.wait(), 20)
        assert passage.bytes_received < 64 * 1024 * 1024


async def test_the_server_learns_that_the_browser_left() -> None:
    gone = asyncio.Event()

    async def wait_for_end(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await reader.read()
        finally:
            gone.set()

    async with server(wait_for_end) as port, proxied() as (_, _, client):
        client.send(f"GET http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\n")
        await client.writer.drain()
        client.writer.close()
        await asyncio.wait_for(gone.wait(), 10)


async def test_closing_a_passage_ends_its_connections() -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with server(silent) as port, EgressProxy(LOCAL) as proxy:
        with proxy.admit() as passage:
            client_context = connected(proxy, passage)
            client = await client_context.__aenter__()
            client.send(f"CONNECT 127.0.0.1:{port} HTTP/1.1")
            await client.head()
        assert await client.rest() == b""
        await client_context.__aexit__(None, None, None)


async def test_silence_ends_a_connection() -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with server(silent) as port, proxied(patience=Patience(head_s=0.2, idle_s=0.2)) as (proxy, passage, client):
        client.send(f"CONNECT 127.0.0.1:{port} HTTP/1.1")
        await client.head()
        assert await client.rest() == b""
        async with connected(proxy, passage) as mute:
            assert await mute.rest() == b""


@pytest.mark.parametrize(
    "given_header",
    [
        "",
        "Proxy-Authorization: Basic !!\r\n",
        "Proxy-Authorization: Basic " + base64.b64encode(b"a:b").decode() + "\r\n",
    ],
)
async def test_nobody_without_a_credential(given_header: str) -> None:
    async with server(echo_head) as port, EgressProxy(LOCAL) as proxy, connected(proxy, None) as client:
        for line in (f"GET http://127.0.0.1:{port}/ HTTP/1.1", f"CONNECT 127.0.0.1:{port} HTTP/1.1"):
            client.send(line, f"Host: x\r\n{given_header}")
            head = await client.head()
            assert head.startswith("HTTP/1.1 407")
            assert "proxy-authenticate: basic" in head.lower()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nNo colon\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://user@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://a:99999/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://a:0/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://a%00b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT http://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT a:b HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_malformed_requests_get_400(request_bytes: bytes) -> None:
    async with proxied() as (_, _, client):
        client.writer.write(request_bytes)
        assert (await client.head()).split(" ")[1] in {"400", "505"}


async def test_a_head_without_end_is_cut_off() -> None:
    async with proxied() as (_, _, client):
        client.writer.write(b"GET http://a/ HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 400_000)
        assert (await client.head()).startswith("HTTP/1.1 431")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.binary(max_size=60) | st.sampled_from([b"GET http://a/ HTTP/1.1\r\n", b"\r\n", b": ", b"\x00"]), max_size=8
    )
)
def test_no_bytes_bring_it_down(pieces: list[bytes]) -> None:
    async def attempt() -> None:
        async with proxied(EgressPolicy()) as (proxy, passage, client):
            client.writer.write(b"".join(pieces))
            client.writer.write_eof()
            await client.rest()
            async with connected(proxy, passage) as other:
                other.send("GET http://10.0.0.1/ HTTP/1.1", "Host: 10.0.0.1\r\n")
                assert (await other.head()).startswith("HTTP/1.1 403")

    asyncio.run(attempt())


async def test_every_refusal_is_typed_recorded_and_tells_the_page_nothing() -> None:
    async def resolver(name: str) -> tuple[IPAddress, ...]:
        if name == "slow.example":
            raise OSError("no resolver")
        answers = {"inner.example": "10.0.0.1", "meta.example": "169.254.169.254", "public.example": "8.8.8.8"}
        return (ip_address(answers[name]),) if name in answers else ()

    async with proxied(EgressPolicy(), resolver=resolver) as (_, passage, client):
        heads = []
        for target in ("inner.example", "meta.example", "gone.example", "slow.example", "public.example:22", "[::1]"):
            client.send(f"GET http://{target}/ HTTP/1.1", "Host: x\r\n")
            heads.append((await client.head()).partition("\r\nDate")[0])
            client.send(f"CONNECT {target if ':22' in target else target + ':443'} HTTP/1.1", "Host: x\r\n")
            heads.append(await client.head())
        assert set(heads) == {heads[0]}
        assert heads[0].startswith("HTTP/1.1 403")
        codes = {refusal.host: refusal.code for refusal in passage.refusals}
        assert codes == {
            "inner.example": ErrorCode.ADDRESS_REFUSED,
            "meta.example": ErrorCode.ADDRESS_REFUSED,
            "gone.example": ErrorCode.HOST_NOT_FOUND,
            "slow.example": ErrorCode.HOST_NOT_FOUND,
            "public.example": ErrorCode.PORT_REFUSED,
            "::1": ErrorCode.ADDRESS_REFUSED,
        }
        kinds = {refusal.host: type(refusal.error()) for refusal in passage.refusals}
        assert kinds.pop("slow.example") is TransientError
        assert set(kinds.values()) == {PermanentError}


async def test_nobody_listens() -> None:
    async with server(echo_head) as port:
        pass
    async with proxied() as (_, passage, client):
        client.send(f"GET http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\n")
        assert (await client.head()).startswith("HTTP/1.1 502")
        refusal = passage.refusal_for("127.0.0.1", port)
        assert refusal is not None
        assert refusal.code is ErrorCode.CONNECTION_REFUSED
        assert isinstance(refusal.error(), TransientError)


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])
async def test_a_server_that_speaks_no_http(answer: bytes) -> None:
    async def broken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with server(broken) as port, proxied() as (_, passage, client):
        client.send(f"GET http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\n")
        assert (await client.head()).startswith("HTTP/1.1 502")
        refusal = passage.refusal_for("127.0.0.1")
        assert refusal is not None
        assert refusal.code is ErrorCode.CONNECTION_FAILED


async def test_a_body_cut_short_arrives_cut_short() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()

    async with server(cut) as port, proxied() as (_, _, client):
        client.send(f"GET http://127.0.0.1:{port}/ HTTP/1.1", "Host: x\r\n")
        assert "content-length: 100" in (await client.head()).lower()
        assert await client.rest() == b"half"


async def test_the_proxy_does_not_dial_itself() -> None:
    async with proxied() as (proxy, passage, client):
        client.send(f"GET {proxy.url}/ HTTP/1.1", "Host: x\r\n")
        assert (await client.head()).startswith("HTTP/1.1 403")
        assert passage.refusals[0].code is ErrorCode.ADDRESS_REFUSED


async def test_two_passages_know_nothing_of_each_other() -> None:
    async with EgressProxy(EgressPolicy()) as proxy:
        with proxy.admit() as one, proxy.admit() as other:
            async with connected(proxy, one) as client:
                client.send("GET http://10.0.0.1/ HTTP/1.1", "Host: x\r\n")
                await client.head()
                client.authorization = f"Proxy-Authorization: {other.authorization}\r\n"
                client.send("GET http://10.0.0.2/ HTTP/1.1", "Host: x\r\n")
                assert (await client.head()).startswith("HTTP/1.1 407")
            assert [refusal.host for refusal in one.refusals] == ["10.0.0.1"]
            assert other.refusals == ()
