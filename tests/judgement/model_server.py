"""A server on loopback that speaks a language model's protocol and answers as each test tells it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Model:
    """A server of the protocol: set `answer`, read `asked`."""

    answer: Handler
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.keys.append(request.headers.get("Authorization", ""))
        self.asked.append(await request.json())
        return await self.answer(request)


def says(content: object, status: int = 200) -> Handler:
    """Answers with a completion of this content; text as it is, all else as JSON."""

    async def answer(_: web.Request) -> web.StreamResponse:
        text = content if isinstance(content, str) else json.dumps(content)
        message = {"role": "assistant", "content": text}
        return web.json_response({"id": "1", "choices": [{"index": 0, "message": message}]}, status=status)

    return answer


async def never(request: web.Request) -> web.StreamResponse:
    """Says nothing for as long as anybody listens."""
    await asyncio.Event().wait()
    return await says("late")(request)


async def endless(request: web.Request) -> web.StreamResponse:
    """A body without an end."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b'{"choices": ' + b" " * 65_536)


async def broken_off(request: web.Request) -> web.StreamResponse:
    """Announces more than it sends."""
    response = web.StreamResponse(headers={"Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"choices"')
    if request.transport is not None:
        request.transport.close()
    return response


async def sends_on(_: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect("http://127.0.0.1:9/v1/chat/completions")


@asynccontextmanager
async def serving(answer: Handler) -> AsyncIterator[Model]:
    model = Model(answer)
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = runner.addresses[0]
    model.url = f"http://127.0.0.1:{address[1]}/v1"
    try:
        yield model
    finally:
        await runner.cleanup()
