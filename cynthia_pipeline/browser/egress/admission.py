"""Shows the proxy the credential of a passage, once for each browser context.

Playwright's own `proxy={"username": …}` would do it too, by pausing every single request in the driver and
switching the browser's cache off: 40 % more CPU for a page of 60 requests. Chromium remembers a proxy's credential
for the life of a context, so it is enough to be asked once.
"""

from contextlib import suppress
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from cynthia_pipeline.browser.egress.connection import ADMISSION_HOST
from cynthia_pipeline.browser.egress.passage import Passage

_ADDRESS = f"http://{ADMISSION_HOST}/"


async def admit_page(page: Page, passage: Passage) -> None:
    """Opens the passage for the whole context of `page`, a fresh one on about:blank.

    Without it nothing is let out. The page's scripts never see the credential.

    Raises:
        playwright.async_api.Error: the browser is gone, or does not use this proxy.
    """
    session = await page.context.new_cdp_session(page)
    answers = _Answers(session, passage)
    session.on("Fetch.requestPaused", answers.go_on)
    session.on("Fetch.authRequired", answers.identify)
    await session.send("Fetch.enable", {"handleAuthRequests": True, "patterns": [{"urlPattern": _ADDRESS}]})
    await page.evaluate("address => fetch(address, {mode: 'no-cors'})", _ADDRESS)
    await session.detach()


class _Answers:
    """What the browser is told when it pauses the one request that shows the credential."""

    def __init__(self, session: CDPSession, passage: Passage) -> None:
        self._session = session
        self._passage = passage

    async def go_on(self, paused: dict[str, Any]) -> None:
        await self._tell("Fetch.continueRequest", {"requestId": paused["requestId"]})

    async def identify(self, challenge: dict[str, Any]) -> None:
        answer = {
            "response": "ProvideCredentials",
            "username": self._passage.username,
            "password": self._passage.password,
        }
        await self._tell(
            "Fetch.continueWithAuth", {"requestId": challenge["requestId"], "authChallengeResponse": answer}
        )

    async def _tell(self, method: str, parameters: dict[str, Any]) -> None:
        # Playwright raises a listener's error from whatever call comes next on the same connection, which is another
        # audit's. The page that closed meanwhile has nothing more to be told; a refused credential shows in the fetch.
        with suppress(Error):
            await self._session.send(method, parameters)
