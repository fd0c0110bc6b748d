"""robots.txt, where it is honoured: read as RFC 9309 says, fetched through the guard, kept for a while."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.robots import LARGEST_BYTES, allows
from cynthia_pipeline.browser.egress import EgressPolicy, EgressProxy
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.browser.robots import RobotsGate
from cynthia_pipeline.errors import ErrorCode, PermanentError, RateLimitedError, TransientError, WorkError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.settings import Settings

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),  # the longest match, whatever stands first
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/x", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),  # of two that are as long, the one that allows
        ("User-agent: *\nDisallow: /*.php$", "/x.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x.php?y", True),
        ("User-agent: *\nDisallow: /*/c", "/a/b/c", False),
        ("User-agent: *\nDisallow: /ü", "/%C3%BC", False),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("User-agent: *\nDisallow: /a?x=", "/a?x=1", False),
        ("User-agent: *\nDisallow: /A", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: Cynthia\nAllow: /", "/a", True),  # its own group counts alone
        ("User-agent: CYNTHIA/1.0\nDisallow: /", "/a", False),
        ("User-agent: Cynthiana\nDisallow: /", "/a", True),
        ("User-agent: Googlebot\nUser-agent: cynthia\nDisallow: /", "/a", False),
        ("User-agent: Googlebot\nDisallow: /", "/a", True),
        ("user agent cynthia # us\n  DISALLOW : /a # not this", "/a", False),
        ("User-agent: cynthia\nDisallow: /a\n\nUser-agent: cynthia\nDisallow: /b", "/b", False),  # groups are joined
        ("Disallow: /", "/a", True),  # for nobody
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", "/a", False),
        ("<!doctype html><title>Not found</title>", "/a", True),
    ],
)
def test_rules_are_read_as_the_standard_says(rules: str, path: str, allowed: bool) -> None:
    assert allows(rules.encode(), f"https://site.example{path}") is allowed


def test_what_lies_beyond_the_limit_does_not_count() -> None:
    before = b"User-agent: *\nAllow: /\n".ljust(LARGEST_BYTES - 10, b"#")
    assert allows(before + b"\nDisallow: /a", "https://site.example/a")
    assert not allows(before[:-40] + b"\nDisallow: /a\n".ljust(50, b"#"), "https://site.example/a")


def test_names_and_rules_by_the_thousand_are_not_multiplied() -> None:
    """Each of 15,000 names would get a copy of each of 24,000 rules: more than any machine's memory."""
    names = "".join(f"User-agent:a{i}\n" for i in range(15_000))
    rules = "".join(f"Disallow:/{i}\n" for i in range(22_000))
    assert allows(f"{names}{rules}".encode(), "https://site.example/1")


@given(
    rules=st.text(st.sampled_from("user-agent:*cynthia disallow: allow:/$#%\n\r\t\x0b\x0c\x85\u2028é\ud800")),
    path=st.text(st.sampled_from("/a%*$?&=éc"), max_size=20),
)
def test_any_text_is_read(rules: str, path: str) -> None:
    assert allows(rules.encode(errors="surrogatepass"), f"https://site.example/{path}") in {True, False}


@dataclass
class Host:
    """A site whose robots.txt answers are set by path of the request."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        writer.write(f"HTTP/1.1 {self.answers.get(head.split(' ')[1], '404 Not Found')}".encode())
        writer.write_eof()
        await writer.drain()
        writer.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, rules: str, path: str = "/robots.txt") -> None:
        self.answers[path] = f"200 OK\r\nContent-Type: text/plain\r\n\r\n{rules}"


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def a_host() -> AsyncIterator[Host]:
    host = Host()
    async with await asyncio.start_server(host.serve, "127.0.0.1", 0) as server:
        host.port = server.sockets[0].getsockname()[1]
        yield host


@asynccontextmanager
async def a_gate(host: Host, clock: Clock) -> AsyncIterator[RobotsGate]:
    """A gate whose policy allows that one host, and no other inner address."""
    async with EgressProxy(EgressPolicy.allowing(["127.0.0.1"])) as proxy:
        yield RobotsGate(proxy, clock, "Cynthia/1 (+https://who.example)")


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def refusal(gate: RobotsGate, url: str) -> WorkError:
    with pytest.raises(WorkError) as caught:
        await gate.admit(url)
    return caught.value


async def test_a_page_that_is_forbidden_is_refused_for_good_in_words(clock: Clock) -> None:
    async with a_host() as host, a_gate(host, clock) as gate:
        host.says("User-agent: *\nDisallow: /private")
        await gate.admit(f"{host.url}/public")
        error = await refusal(gate, f"{host.url}/private/page")
        assert (type(error), error.code) == (PermanentError, ErrorCode.ROBOTS_REFUSED)
        for language in Language:
            text = sentence(error.code, language, error.facts)
            assert "127.0.0.1" in text
            assert "robots.txt" in text
        assert "User-Agent: Cynthia/1 (+https://who.example)" in host.heads[0]
        assert "Proxy-Authorization" not in host.heads[0]


async def test_it_is_asked_once_an_hour_however_many_want_to_know(clock: Clock) -> None:
    async with a_host() as host, a_gate(host, clock) as gate:
        host.says("User-agent: *\nDisallow: /old")
        await asyncio.gather(*(gate.admit(f"{host.url}/{i}") for i in range(20)))
        host.says("User-agent: *\nDisallow: /new")
        await gate.admit(f"{host.url}/new")
        assert len(host.heads) == 1
        clock.now += timedelta(hours=1)
        assert (await refusal(gate, f"{host.url}/new")).code is ErrorCode.ROBOTS_REFUSED
        assert len(host.heads) == 2


@pytest.mark.parametrize("status", ["400 Bad", "401 Login", "403 No", "404 None", "408 Late", "410 Gone", "204 Empty"])
async def test_a_site_that_has_none_allows_everything(clock: Clock, status: str) -> None:
    async with a_host() as host, a_gate(host, clock) as gate:
        host.answers["/robots.txt"] = f"{status}\r\n\r\n"
        await gate.admit(f"{host.url}/any")


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ("500 Broken\r\n\r\n", TransientError, ErrorCode.HTTP_SERVER_ERROR),
        ("503 Busy\r\nRetry-After: 90\r\n\r\n", RateLimitedError, ErrorCode.HTTP_SERVER_ERROR),
        ("429 Slow\r\nRetry-After: 90\r\n\r\n", RateLimitedError, ErrorCode.RATE_LIMITED),
        ("429 Slow\r\n\r\n", TransientError, ErrorCode.RATE_LIMITED),
        ("407 Who are you\r\n\r\n", TransientError, ErrorCode.HTTP_SERVER_ERROR),
        ("200 OK\r\nContent-Length: 100\r\n\r\nhalf", TransientError, ErrorCode.CONNECTION_FAILED),
        ("no http at all\r\n\r\n", TransientError, ErrorCode.CONNECTION_FAILED),
    ],
)
async def test_while_it_cannot_be_had_nothing_is_opened_and_it_is_asked_again(
    clock: Clock, answer: str, kind: type[WorkError], code: ErrorCode
) -> None:
    async with a_host() as host, a_gate(host, clock) as gate:
        host.answers["/robots.txt"] = answer
        error = await refusal(gate, f"{host.url}/any")
        assert (type(error), error.code) == (kind, code)
        if isinstance(error, RateLimitedError):
            assert error.retry_after_s == 90
        host.says("")
        await gate.admit(f"{host.url}/any")


async def test_redirects_are_followed_five_times_and_never_inward(clock: Clock) -> None:
    async with a_host() as host, a_gate(host, clock) as gate, a_host() as other:
        for hop in range(4):
            host.answers[f"/{hop}"] = f"302 Found\r\nLocation: /{hop + 1}\r\n\r\n"
        host.answers["/robots.txt"] = "301 Moved\r\nLocation: /0\r\n\r\n"
        host.says("User-agent: *\nDisallow: /", "/4")
        assert (await refusal(gate, f"{host.url}/any")).code is ErrorCode.ROBOTS_REFUSED
        other.answers["/robots.txt"] = "302 Found\r\nLocation: /robots.txt\r\n\r\n"
        await gate.admit(f"{other.url}/any")
        assert len(other.heads) == 6
    for inner in ("http://10.0.0.1/robots.txt", "https://169.254.169.254/robots.txt", "http://[::1]/x"):
        async with a_host() as host, a_gate(host, clock) as gate:
            host.answers["/robots.txt"] = f"302 Found\r\nLocation: {inner}\r\n\r\n"
            error = await refusal(gate, f"{host.url}/any")
            assert (type(error), error.code) == (PermanentError, ErrorCode.ADDRESS_REFUSED), inner


@pytest.mark.parametrize("to", ["file:///etc/passwd", "javascript:0", "http://[::1", "http://a:99999/", "//", ""])
async def test_a_redirect_out_of_the_web_leads_to_no_rules(clock: Clock, to: str) -> None:
    async with a_host() as host, a_gate(host, clock) as gate:
        host.answers["/robots.txt"] = f"302 Found\r\nLocation: {to}\r\n\r\n"
        await gate.admit(f"{host.url}/any")


async def test_over_tls_it_goes_through_the_guard_too(clock: Clock) -> None:
    certificate = Path(__file__).parents[1] / "browser" / "self_signed.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    host = Host()
    async with (
        await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=context) as server,
        a_gate(host, clock) as gate,
    ):
        host.port = server.sockets[0].getsockname()[1]
        error = await refusal(gate, f"https://127.0.0.1:{host.port}/any")
        assert (type(error), error.code) == (PermanentError, ErrorCode.TLS_FAILED)
        assert (await refusal(gate, f"https://10.0.0.1:{host.port}/any")).code is ErrorCode.ADDRESS_REFUSED


async def test_one_without_end_is_read_as_far_as_it_counts(clock: Clock) -> None:
    async with a_host() as host, a_gate(host, clock) as gate:
        host.says("User-agent: *\nDisallow: /a\n" + "#" * (3 * LARGEST_BYTES))
        assert (await refusal(gate, f"{host.url}/a")).code is ErrorCode.ROBOTS_REFUSED


async def test_an_audit_asks_where_it_is_set_and_for_the_page_that_it_is_led_to() -> None:
    async with a_host() as host:
        html = "200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html><title>A page</title><h1>A page</h1>"
        host.answers = {"/open": html, "/closed": html, "/led": "302 Found\r\nLocation: /closed\r\n\r\n"}
        host.says("User-agent: Cynthia\nDisallow: /closed")
        settings = Settings(allow_hosts=("127.0.0.1",))

        async def audit(settings: Settings, *paths: str) -> list[str | None]:
            titles: list[str | None] = []
            async with open_browser_engine(settings) as engine:
                for path in paths:
                    try:
                        result = await engine.audit(AuditRequest(TargetType.URL, host.url + path), _nobody_waits)
                        titles.append(result.report.details.title)
                    except PermanentError as error:
                        titles.append(error.code.value)
            return titles

        honouring = settings.model_copy(update={"honour_robots": True})
        assert await audit(honouring, "/open", "/closed", "/led") == ["A page", "robots_refused", "robots_refused"]
        assert sum("GET /robots.txt" in head for head in host.heads) == 1
        assert not any("GET /closed" in head for head in host.heads[:3])
        assert await audit(settings, "/closed") == ["A page"]


async def _nobody_waits(_percent: int) -> None:
    """Takes no interest in progress."""
