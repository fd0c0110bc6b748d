"""What a page can send that is not HTTP: peer connections and WebTransport, against canaries on loopback.

Not in a network namespace: without a real interface WebRTC does not even try, and silence would mean nothing.
"""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from playwright.async_api import async_playwright

from cynthia_pipeline.browser.egress import EgressProxy, admit_page, egress_flags
from cynthia_pipeline.browser.egress.policy import EgressPolicy
from cynthia_pipeline.errors import ErrorCode

from .conftest import CHROMIUM, PUBLIC, SANDBOX, Canaries, World, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

GATHER = """server => {
    window.candidates = []
    const peer = new RTCPeerConnection({iceServers: [
        {urls: [`stun:${server.udp}`]},
        {urls: [`turn:${server.udp}?transport=udp`, `turn:${server.tcp}?transport=tcp`],
         username: 'u', credential: 'p'},
    ]})
    peer.createDataChannel('x')
    const done = new Promise(done => {
        peer.onicecandidate = e => e.candidate ? candidates.push(e.candidate.candidate) : done(candidates)
    })
    peer.createOffer().then(offer => peer.setLocalDescription(offer))
    return server.wait ? done : 0
}"""


@pytest.fixture(scope="module")
def namespace() -> bool:
    """The machine's own network."""
    return False


async def test_peer_connections(world: World, attack: Callable[[Mapping[str, str]], None]) -> None:
    """STUN and TURN, UDP and TCP: nothing goes round the proxy, and no local address is told to the page."""
    canaries = world.canaries
    server = {"udp": f"127.0.0.1:{canaries.udp_port}", "tcp": f"127.0.0.1:{canaries.port}", "wait": True}
    async with opened(world) as (page, passage), asyncio.timeout(60):
        assert await page.evaluate(GATHER, server) == []
        refusal = passage.refusal_for("127.0.0.1", canaries.port)
        assert refusal is not None
        assert refusal.code is ErrorCode.ADDRESS_REFUSED


async def test_web_transport(world: World, attack: Callable[[Mapping[str, str]], None]) -> None:
    attack({"attacker.localhost": str(PUBLIC)})  # a secure context, which WebTransport asks for
    url = f"https://127.0.0.1:{world.canaries.udp_port}/"
    async with opened(world) as (page, _), asyncio.timeout(60):
        world.put("/", "x")
        await page.goto(f"http://attacker.localhost:{world.canaries.port}/")
        outcome = await page.evaluate("url => new WebTransport(url).ready.then(() => 'open', e => e.name)", url)
        assert outcome == "WebTransportError"


async def test_the_canaries_would_have_sung(canaries: Canaries) -> None:
    """The same page with the proxy alone, without the switches for WebRTC, does reach them."""
    canaries.hits.clear()
    server = {"udp": f"127.0.0.1:{canaries.udp_port}", "tcp": f"127.0.0.1:{canaries.port}", "wait": False}
    async with EgressProxy(EgressPolicy()) as proxy, async_playwright() as playwright:
        flags = [flag for flag in egress_flags(proxy.url) if "webrtc" not in flag]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*SANDBOX, *flags])
        with proxy.admit() as passage:
            page = await (await browser.new_context()).new_page()
            await admit_page(page, passage)
            await page.evaluate(GATHER, server)
            try:
                async with asyncio.timeout(20):
                    await canaries.sung.wait()
            except TimeoutError:
                pytest.skip("this machine has no network interface that WebRTC would use")
        await browser.close()
    assert any(hit.startswith("udp") for hit in canaries.hits)
    canaries.hits.clear()
