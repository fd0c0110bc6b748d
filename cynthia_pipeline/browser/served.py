"""The text files of a page: kept as they arrive, or served in place of what the network has."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from playwright.async_api import Error, Page, Request, Response, Route

from cynthia_pipeline.fix_packs.probing import Source

_KEPT_HEADERS: Final[tuple[str, ...]] = (
    "content-security-policy",
    "content-language",
    "referrer-policy",
    "permissions-policy",
    "x-frame-options",
)
"""What of an answer's headers changes how a page behaves, and so is served with its replacement."""

_READ_S: Final = 5.0
"""How long a file that has begun to arrive is waited for, seconds."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_KINDS: Final = {"document": "text/html", "stylesheet": "text/css"}


class SourceKeeper:
    """Keeps the main document and the stylesheets of one page as they arrive."""

    def __init__(self) -> None:
        self._answers: list[Response] = []

    def listen(self, page: Page) -> None:
        """Starts to listen; before the page is opened."""
        page.on("response", self._note)

    async def sources(self) -> dict[str, Source]:
        """Everything that came and can still be read, by address."""
        read = await asyncio.gather(*(_read(answer) for answer in self._answers))
        return {source.url: source for source in read if source is not None}

    def _note(self, response: Response) -> None:
        request = response.request
        if request.resource_type not in _KINDS or not response.ok:
            return
        if request.resource_type == "document" and not _is_top(request):
            return
        self._answers.append(response)


def _is_top(request: Request) -> bool:
    try:
        return request.frame.parent_frame is None
    except Error:  # a request of a page that has not come to be
        return True


async def _read(response: Response) -> Source | None:
    try:
        async with asyncio.timeout(_READ_S):
            body = await response.body()
    except (Error, TimeoutError):  # the browser has let go of it, or it never ends
        return None
    headers = response.headers
    kept: dict[str, str] = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
    media_type = _KINDS[response.request.resource_type]
    return Source(response.url, media_type, decoded(body, headers.get("content-type", "")), kept)


def decoded(body: bytes, content_type: str) -> str:
    """A text file's characters: by its mark, its header or what it says itself, else UTF-8, else windows-1252."""
    if body.startswith(b"\xef\xbb\xbf"):
        return body.decode("utf-8-sig", "replace")
    declared = _CHARSET.search(content_type) or _CHARSET.search(body[:1024].decode("latin-1"))
    for encoding in (declared[1] if declared else "utf-8", "utf-8"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("windows-1252", "replace")


async def serve_instead(page: Page, replaced: Mapping[str, Source]) -> None:
    """Serves `replaced` by address, on a page that is not opened yet; everything else goes its usual way."""

    async def answer(route: Route) -> None:
        source = replaced[route.request.url]
        headers = {
            **source.headers,
            "content-type": f"{source.media_type}; charset=utf-8",
            "access-control-allow-origin": "*",
        }
        await route.fulfill(status=200, headers=headers, body=source.text)

    if replaced:
        await page.route(lambda url: url in replaced, answer)
