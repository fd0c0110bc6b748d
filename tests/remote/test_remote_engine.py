"""The remote engine against a real server on loopback that answers as each test tells it to, byte by byte."""

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pytest

from cynthia_pipeline.audit.engine import AuditRequest, AuditResult, TargetType
from cynthia_pipeline.audit.report import Axis, Severity
from cynthia_pipeline.errors import (
    ErrorCode,
    PermanentError,
    RateLimitedError,
    TransientError,
    UsageError,
    WorkError,
)
from cynthia_pipeline.remote.client import LARGEST_ANSWER_BYTES, open_remote_engine
from cynthia_pipeline.settings import Settings, load_settings

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECRET = "tok-4f9a7c21d8"  # noqa: S105 - made up for the tests
PAGE = AuditRequest(TargetType.URL, "https://example.com/")


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Behaviour: TypeAlias = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class StubApi:
    """An Audit API on loopback: set `behaviour`, read `received`."""

    behaviour: Behaviour
    port: int = 0
    received: list[Received] = field(default_factory=list)
    writers: set[asyncio.StreamWriter] = field(default_factory=set)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        self.hung_up.clear()
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while not writer.is_closing():
                    request = await _read_request(reader)
                    self.received.append(request)
                    await self.behaviour(request, writer)
        finally:
            writer.close()
            self.writers.discard(writer)
            if not self.writers:
                self.hung_up.set()


async def _read_request(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method=method, path=path, headers=headers, body=body)


def answers(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answers every request with this; an underscore in a header's name stands for a hyphen."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return behave


def answers_json(content: object) -> Behaviour:
    return answers(200, json.dumps(content).encode(), Content_Type="application/json")


def sends_and_hangs_up(raw: bytes) -> Behaviour:
    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    return behave


def report_content(**changes: object) -> dict[str, Any]:
    """A report as the contract gives it, with these top-level keys changed."""
    issue = {
        "id": "acc-contrast-1",
        "axis": "ACC",
        "severity": "critical",
        "title": "Text too faint",
        "description": "The button's text has a contrast of 2.1:1.",
        "reason": "WCAG 2.2 asks for 4.5:1.",
        "impact": "Many visitors cannot read it.",
        "elementPath": "#buy",
        "fix": {
            "type": "token_change",
            "description": "Darken the text.",
            "measurements": {"contrast": "2.1:1", "values": {"required": "4.5:1"}},
            "before": "#aaa",
            "after": "#555",
        },
    }
    return {
        "product": "Cynthia",
        "version": "3",
        "overall_score": 71,
        "udec_scores": {axis.value: 71 for axis in Axis},
        "issues_found_total": 1,
        "teaser_issues": [issue],
        "full_issues": [issue],
        "fix_packs": [],
    } | changes


@pytest.fixture
async def stub_api() -> AsyncIterator[StubApi]:
    stub = StubApi(behaviour=answers_json(report_content()))
    server = await asyncio.start_server(stub.serve, "127.0.0.1", 0)
    stub.port = server.sockets[0].getsockname()[1]
    yield stub
    server.close()
    for writer in list(stub.writers):
        writer.transport.abort()
    await server.wait_closed()


def settings_for(port: int, **more: str) -> Settings:
    return load_settings(
        {"CYNTHIA_AUDIT_ENGINE": "remote", "CYNTHIA_AUDIT_API_URL": f"http://127.0.0.1:{port}/audits"} | more
    )


async def audit(
    stub: StubApi, request: AuditRequest = PAGE, progress: list[int] | None = None, **more: str
) -> AuditResult:
    told: list[int] = [] if progress is None else progress

    async def note(percent: int) -> None:
        told.append(percent)

    async with open_remote_engine(settings_for(stub.port, **more), clock=lambda: NOW) as engine:
        return await engine.audit(request, note)


# What is asked


async def test_posts_the_target_as_the_contract_has_it(stub_api: StubApi) -> None:
    context = {"source": "build-my-site", "inputType": "url", "originalInput": "example.com"}
    constraints = {"stack": "react"}
    await audit(stub_api, AuditRequest(TargetType.URL, "https://e.com/ñ", context=context, constraints=constraints))
    [request] = stub_api.received
    assert (request.method, request.path) == ("POST", "/audits")
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {
        "target": {"type": "url", "value": "https://e.com/ñ"},
        "context": context,
        "constraints": constraints,
    }


async def test_a_drafted_page_is_sent_as_its_source(stub_api: StubApi) -> None:
    await audit(stub_api, AuditRequest(TargetType.FRAME, "a bakery in Vigo", html="<!doctype html><h1>Pan</h1>"))
    [request] = stub_api.received
    assert json.loads(request.body)["target"] == {"type": "frame", "value": "<!doctype html><h1>Pan</h1>"}


async def test_the_token_goes_along_as_a_bearer(stub_api: StubApi) -> None:
    await audit(stub_api, CYNTHIA_AUDIT_API_TOKEN=SECRET)
    await audit(stub_api)
    assert [request.headers.get("authorization") for request in stub_api.received] == [f"Bearer {SECRET}", None]


# What comes back


async def test_the_report_comes_back_whole_and_progress_is_told(stub_api: StubApi) -> None:
    progress: list[int] = []
    result = await audit(stub_api, progress=progress)
    assert result.report.overall_score == 71
    assert result.report.issues_by_severity()[Severity.CRITICAL] == 1
    assert result.report.full_issues[0].fix.measurements.contrast == "2.1:1"
    assert result.report.full_issues[0].element_path == "#buy"
    assert result.evidence == ()
    assert progress == [5, 95]


async def test_what_a_newer_service_adds_is_left_out(stub_api: StubApi) -> None:
    stub_api.behaviour = answers_json(report_content(mood="sunny"))
    assert (await audit(stub_api)).report.overall_score == 71


async def test_a_hundred_calls_are_in_flight_at_once_over_pooled_connections(stub_api: StubApi) -> None:
    everyone_is_here = asyncio.Event()
    answer = answers_json(report_content())

    async def wait_for_all(request: Received, writer: asyncio.StreamWriter) -> None:
        if len(stub_api.received) >= 100:
            everyone_is_here.set()
        await everyone_is_here.wait()
        await answer(request, writer)

    async def ignore(_: int) -> None:
        pass

    stub_api.behaviour = wait_for_all
    async with open_remote_engine(settings_for(stub_api.port)) as engine:
        first = await asyncio.gather(*(engine.audit(PAGE, ignore) for _ in range(100)))
        again = await asyncio.gather(*(engine.audit(PAGE, ignore) for _ in range(100)))
        assert len(first) + len(again) == len(stub_api.received) == 200
        assert len(stub_api.writers) <= 100
    await stub_api.hung_up.wait()


async def test_a_cancelled_call_leaves_the_engine_of_use(stub_api: StubApi) -> None:
    arrived = asyncio.Event()

    async def stay_silent(_: Received, __: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.Event().wait()

    async def ignore(_: int) -> None:
        pass

    async with open_remote_engine(settings_for(stub_api.port)) as engine:
        usual, stub_api.behaviour = stub_api.behaviour, stay_silent
        call = asyncio.ensure_future(engine.audit(PAGE, ignore))
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        stub_api.behaviour = usual
        assert (await engine.audit(PAGE, ignore)).report.overall_score == 71


# What goes wrong


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (400, PermanentError, ErrorCode.REMOTE_REFUSED),
        (401, PermanentError, ErrorCode.REMOTE_REFUSED),
        (404, PermanentError, ErrorCode.REMOTE_REFUSED),
        (422, PermanentError, ErrorCode.REMOTE_REFUSED),
        (408, TransientError, ErrorCode.REMOTE_UNREACHABLE),
        (429, TransientError, ErrorCode.REMOTE_BUSY),
        (500, TransientError, ErrorCode.REMOTE_UNREACHABLE),
        (502, TransientError, ErrorCode.REMOTE_UNREACHABLE),
        (503, TransientError, ErrorCode.REMOTE_BUSY),
        (599, TransientError, ErrorCode.REMOTE_UNREACHABLE),
    ],
)
async def test_a_refusal_says_whether_to_try_again(
    stub_api: StubApi, status: int, error: type[WorkError], code: ErrorCode
) -> None:
    stub_api.behaviour = answers(status, b"the service's\x00own\nwords")
    with pytest.raises(WorkError) as raised:
        await audit(stub_api)
    assert type(raised.value) is error
    assert raised.value.code is code
    assert raised.value.detail == f"HTTP {status}: the service's\N{REPLACEMENT CHARACTER}own words"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "wait_s"), [("7", 7), ("Sun, 01 Mar 2026 12:00:42 GMT", 42), ("999999999", 3600), ("-3 s", None)]
)
async def test_a_busy_service_says_when_to_come_back(
    stub_api: StubApi, status: int, header: str, wait_s: float | None
) -> None:
    stub_api.behaviour = answers(status, Retry_After=header)
    with pytest.raises(TransientError) as raised:
        await audit(stub_api)
    assert isinstance(raised.value, RateLimitedError) is (wait_s is not None)
    assert getattr(raised.value, "retry_after_s", None) == wait_s


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(stub_api: StubApi, status: int) -> None:
    stub_api.behaviour = answers(status, Location=f"http://127.0.0.1:{stub_api.port}/elsewhere")
    with pytest.raises(TransientError, match="/elsewhere: redirects are not followed"):
        await audit(stub_api)
    assert [request.path for request in stub_api.received] == ["/audits"]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", r"answer: Invalid JSON: EOF"),
        (b"<html>Welcome</html>", r"answer: Invalid JSON"),
        (b'{"overall_score": 71', r"answer: Invalid JSON: EOF"),
        (b"\xff\xfe\x00", r"answer: Invalid JSON"),
        (b"[]", r"answer: Input should be an object"),
        (b"null", r"answer: Input should be an object"),
        (b"[" * 100_000, r"answer: Invalid JSON: recursion limit"),
    ],
)
async def test_what_is_no_json_object_is_a_bad_answer(stub_api: StubApi, body: bytes, detail: str) -> None:
    stub_api.behaviour = answers(200, body)
    with pytest.raises(TransientError, match=detail) as raised:
        await audit(stub_api)
    assert raised.value.code is ErrorCode.REMOTE_BAD_ANSWER


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
async def test_a_number_that_json_cannot_hold_is_a_bad_answer(stub_api: StubApi, number: str) -> None:
    content = json.dumps(report_content()).replace('"4.5:1"', number)
    stub_api.behaviour = answers(200, content.encode())
    with pytest.raises(TransientError, match=r"full_issues\.0\.fix\.measurements\.values\.required"):
        await audit(stub_api)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"overall_score": 101}, "overall_score: "),
        (
            {"udec_scores": {axis.value: 71 for axis in Axis if axis not in {Axis.CTX, Axis.EMO}}},
            "udec_scores: no CTX, EMO",
        ),
        ({"udec_scores": {axis.value: 71 for axis in Axis} | {"ACC": -1}}, "udec_scores.ACC: "),
        ({"full_issues": [{"id": "only"}]}, "full_issues.0.axis: Field required; .* and [0-9]+ more"),
        ({"issues_found_total": None}, "issues_found_total: "),
        ({"patch_plan": {"reversible": True}}, "patch_plan.changelog: Field required"),
    ],
)
async def test_what_does_not_fit_the_contract_is_named_by_its_path(
    stub_api: StubApi, changes: dict[str, object], detail: str
) -> None:
    stub_api.behaviour = answers_json(report_content(**changes))
    with pytest.raises(TransientError, match=detail) as raised:
        await audit(stub_api)
    assert raised.value.code is ErrorCode.REMOTE_BAD_ANSWER


async def test_an_endless_answer_is_cut_off(stub_api: StubApi) -> None:
    megabyte = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    sent = 0

    async def never_end(_: Received, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(megabyte)
            await writer.drain()
            sent += 0x100000

    stub_api.behaviour = never_end
    with pytest.raises(TransientError, match="larger than") as raised:
        await audit(stub_api)
    await stub_api.hung_up.wait()
    assert raised.value.code is ErrorCode.REMOTE_BAD_ANSWER
    assert sent < 4 * LARGEST_ANSWER_BYTES


async def test_an_endless_refusal_is_cut_off(stub_api: StubApi) -> None:
    async def never_end(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
            await writer.drain()

    stub_api.behaviour = never_end
    with pytest.raises(TransientError, match=r"HTTP 500: x+…") as raised:
        await audit(stub_api)
    assert len(raised.value.detail) < 1000


async def test_a_service_that_never_answers_is_given_up_on(stub_api: StubApi) -> None:
    async def stay_silent(_: Received, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    stub_api.behaviour = stay_silent
    with pytest.raises(TransientError) as raised:
        await audit(stub_api, CYNTHIA_AUDIT_TIMEOUT_S="0.1")
    assert raised.value.code is ErrorCode.REMOTE_UNREACHABLE


async def test_a_service_that_drips_is_bounded_as_a_whole(stub_api: StubApi) -> None:
    async def drip(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    stub_api.behaviour = drip
    with pytest.raises(TransientError, match=r"no whole answer within 0\.2 s"):
        await audit(stub_api, CYNTHIA_AUDIT_TIMEOUT_S="0.2")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"220 mail.example.com ESMTP\r\n",
    ],
)
async def test_a_connection_that_breaks_off_is_transient(stub_api: StubApi, raw: bytes) -> None:
    stub_api.behaviour = sends_and_hangs_up(raw)
    with pytest.raises(TransientError) as raised:
        await audit(stub_api)
    assert raised.value.code is ErrorCode.REMOTE_UNREACHABLE
    assert "Error: " in raised.value.detail


async def test_nobody_listening_is_transient(stub_api: StubApi) -> None:
    unused = await asyncio.start_server(stub_api.serve, "127.0.0.1", 0)
    port = unused.sockets[0].getsockname()[1]
    unused.close()
    await unused.wait_closed()
    stub_api.port = port
    with pytest.raises(TransientError) as raised:
        await audit(stub_api)
    assert raised.value.code is ErrorCode.REMOTE_UNREACHABLE


# What must not get out


@pytest.mark.parametrize(
    "behaviour",
    [
        answers(401, f"token {SECRET} is not valid".encode(), WWW_Authenticate=f'Bearer error="{SECRET}"'),
        answers(500, SECRET.encode() * 400),
        answers(429, SECRET.encode(), Retry_After=SECRET),
        answers(302, Location=f"http://127.0.0.1/login?token={SECRET}"),
        answers(200, SECRET.encode()),
        answers_json(report_content(udec_scores={f"Bearer {SECRET}": 4})),
        answers_json(report_content(overall_score=f"Bearer {SECRET}")),
        sends_and_hangs_up(b""),
        sends_and_hangs_up(f"HTTP/1.1 {SECRET}\r\n\r\n".encode()),
    ],
)
async def test_the_token_is_in_no_error_and_no_log(
    stub_api: StubApi, behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stub_api.behaviour = behaviour
    with pytest.raises(WorkError) as raised:
        await audit(stub_api, CYNTHIA_AUDIT_API_TOKEN=SECRET)
    told = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    frames = [str(frame.locals) for frame in told.stack if frame.filename != __file__]
    texts = [repr(raised.value), str(raised.value), raised.value.detail, caplog.text, *frames]
    assert frames
    assert not [text for text in texts if SECRET in text]
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None or raised.value.__suppress_context__
    assert stub_api.received[0].headers["authorization"].endswith(SECRET)


async def test_the_token_is_not_in_a_report_that_echoes_it(stub_api: StubApi) -> None:
    stub_api.behaviour = answers_json(report_content(version=f"3 for {SECRET}"))
    result = await audit(stub_api, CYNTHIA_AUDIT_API_TOKEN=SECRET)
    assert result.report.version == "3 for [token]"


async def test_the_token_is_not_in_the_engines_own_repr(stub_api: StubApi) -> None:
    async with open_remote_engine(settings_for(stub_api.port, CYNTHIA_AUDIT_API_TOKEN=SECRET)) as engine:
        assert SECRET not in repr(engine) + repr(vars(engine))


@pytest.mark.parametrize("token", [f"{SECRET}\n", f"{SECRET} two", f"{SECRET}ñ", f"{SECRET}\x00"])
def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(UsageError, match="CYNTHIA_AUDIT_API_TOKEN") as raised:
        open_remote_engine(settings_for(1, CYNTHIA_AUDIT_API_TOKEN=token))
    assert SECRET not in str(raised.value)


def test_a_password_in_the_address_is_refused_without_showing_it() -> None:
    with pytest.raises(UsageError, match="CYNTHIA_AUDIT_API_URL") as raised:
        open_remote_engine(settings_for(1, CYNTHIA_AUDIT_API_URL=f"https://me:{SECRET}@audit.example/"))
    assert SECRET not in str(raised.value)


def test_the_engine_needs_an_address() -> None:
    with pytest.raises(UsageError, match="CYNTHIA_AUDIT_API_URL"):
        open_remote_engine(load_settings({}))
