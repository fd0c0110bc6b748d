"""The web server and its client, in a process of their own."""

import asyncio
import time
from multiprocessing.connection import Connection

BULK_MB = 64
REQUESTS = 300
BODY = b"x" * 20_000


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    chunk = b"x" * 1_000_000
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            size, piece = (BULK_MB, chunk) if b"/bulk" in head else (1, BODY)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (size * len(piece)))
            for _ in range(size):
                writer.write(piece)
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _ask(stream: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes, length: int) -> None:
    reader, writer = stream
    writer.write(request)
    await reader.readuntil(b"\r\n\r\n")
    while length > 0:
        length -= len(await reader.read(min(length, 1 << 20)))


async def _client(pipe: Connection) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    pipe.send(port)
    while order := await asyncio.to_thread(pipe.recv):
        way, path, proxy_port, authorization = order
        host, auth = f"127.0.0.1:{port}", f"Proxy-Authorization: {authorization}\r\n"
        target = f"http://{host}{path}" if way == "http" else path
        request = f"GET {target} HTTP/1.1\r\nHost: {host}\r\n{auth if way == 'http' else ''}\r\n".encode()
        bulk = path == "/bulk"
        length = BULK_MB * 1_000_000 if bulk else len(BODY)
        started = time.perf_counter()
        stream = await asyncio.open_connection("127.0.0.1", port if way == "direct" else proxy_port, limit=1 << 20)
        if way == "tunnel":
            await _ask(stream, f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n{auth}\r\n".encode(), 0)
        for _ in range(1 if bulk else REQUESTS):
            await _ask(stream, request, length)
        pipe.send(time.perf_counter() - started)
        stream[1].close()


def run_client(pipe: Connection) -> None:
    asyncio.run(_client(pipe))
