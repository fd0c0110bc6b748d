"""The remote engine: asks the Audit API over HTTP and takes its report.

The HTTP client is aiohttp for its cost: with 100 calls in flight, one took 0.5 ms of CPU time, the report's
validation included, where httpx, whose pool looks at every connection for every call, took 8 to 22 ms.
"""

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
from pydantic import SecretStr

from cynthia_pipeline.audit.engine import AuditEngine, AuditRequest, AuditResult, ProgressReporter
from cynthia_pipeline.clock import Clock, system_clock
from cynthia_pipeline.errors import ErrorCode, TransientError, UsageError
from cynthia_pipeline.remote.answer import Answer, read_report, refusal
from cynthia_pipeline.settings import Settings

MOST_CONNECTIONS = 100
"""Open at once; a further call waits for one to come free, within its own time limit."""

LARGEST_ANSWER_BYTES = 8 * 1024 * 1024
"""A report of 1,000 issues takes about 1 MB."""

SENT, ANSWERED = 5, 95
"""Progress in per cent: the service tells nothing in between, and the report has yet to be stored."""

_LARGEST_REFUSAL_BYTES = 2048
_KEEPALIVE_S = 4.0  # Below Node's default of 5: a connection is given up before the service closes it on us.
_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


class RemoteEngine:
    """Audits by asking the Audit API. Made by `open_remote_engine`."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        address: str,
        *,
        token: SecretStr | None,
        timeout_s: float,
        clock: Clock,
    ) -> None:
        self._session = session
        self._address = address
        self._token = token
        self._timeout_s = timeout_s
        self._clock = clock

    async def audit(self, request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        """Asks the Audit API once for the report of one target. A redirect is not followed.

        Returns:
            The service's report, without evidence: the API sends no pictures.

        Raises:
            TransientError: the service was not reached, was too slow, failed, or sent something else than a report.
            RateLimitedError: the service said when to come back.
            PermanentError: the service refused this target.
        """
        await progress(SENT)
        answer = await self._ask(question(request))
        error = refusal(answer, self._clock())
        if error is not None:
            raise error
        report = read_report(answer.body)
        await progress(ANSWERED)
        return AuditResult(report=report)

    async def _ask(self, body: dict[str, Any]) -> Answer:
        # The error is raised outside the handlers on purpose: as its context, aiohttp's own would carry the request.
        try:
            async with self._session.post(self._address, json=body, allow_redirects=False) as response:
                return await self._read(response)
        except TimeoutError:
            detail = f"no whole answer within {self._timeout_s:g} s"
        except aiohttp.ClientError as error:
            detail = self._redacted(f"{type(error).__name__}: {error}")
        raise TransientError(ErrorCode.REMOTE_UNREACHABLE, detail=detail)

    async def _read(self, response: aiohttp.ClientResponse) -> Answer:
        limit = LARGEST_ANSWER_BYTES if response.ok else _LARGEST_REFUSAL_BYTES
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > limit:
                break
        if response.ok and len(body) > limit:
            raise TransientError(ErrorCode.REMOTE_BAD_ANSWER, detail=f"the answer is larger than {limit:,} bytes")
        return Answer(
            status=response.status,
            retry_after=self._redacted(response.headers.get("Retry-After", "")),
            location=self._redacted(response.headers.get("Location", "")),
            # Bytes that are no UTF-8 turn into escapes that JSON does not know.
            body=self._redacted(body.decode(errors="backslashreplace")),
        )

    def _redacted(self, words: str) -> str:
        """Without the token: a service that echoes the request must not carry it into errors or reports."""
        return words if self._token is None else words.replace(self._token.get_secret_value(), "[token]")


def question(request: AuditRequest) -> dict[str, Any]:
    """The body that the Audit API is posted: a target without an address is sent as its source."""
    value = request.target_value if request.html is None else request.html
    return {
        "target": {"type": request.target_type.value, "value": value},
        "context": request.context,
        "constraints": request.constraints,
    }


def open_remote_engine(settings: Settings, clock: Clock = system_clock) -> AbstractAsyncContextManager[AuditEngine]:
    """Opens the remote engine for the length of a drain; its connections are closed at the end.

    The service is reached directly: proxies that the environment names are not used.

    Raises:
        UsageError: the address is missing or carries a password, or the token cannot stand in a header.
    """
    if settings.audit_api_url is None:
        raise UsageError("the remote engine needs CYNTHIA_AUDIT_API_URL")
    if settings.audit_api_url.username or settings.audit_api_url.password:
        raise UsageError("CYNTHIA_AUDIT_API_URL must not carry a password: use CYNTHIA_AUDIT_API_TOKEN")
    token = settings.audit_api_token
    if token is not None and not _HEADER_SAFE.fullmatch(token.get_secret_value()):
        raise UsageError("CYNTHIA_AUDIT_API_TOKEN must be visible ASCII characters, without spaces or line breaks")
    return _opened(str(settings.audit_api_url), token, settings.audit_timeout_s, clock)


@asynccontextmanager
async def _opened(address: str, token: SecretStr | None, timeout_s: float, clock: Clock) -> AsyncIterator[AuditEngine]:
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=_KEEPALIVE_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=_headers(token),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=timeout_s),
    ) as session:
        yield RemoteEngine(session, address, token=token, timeout_s=timeout_s, clock=clock)


def _headers(token: SecretStr | None) -> dict[str, str]:
    # Identity: the cap on an answer's size counts what is held in memory, not what it was packed into.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    return headers if token is None else headers | {"Authorization": f"Bearer {token.get_secret_value()}"}
