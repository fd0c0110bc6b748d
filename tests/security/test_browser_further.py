"""Ways out that few pages use: what a browser fetches for payments, identity, advertising, reports and bundles.

Many need a secure origin, which a name under localhost is to a browser; the attacker's name server has it on the
internet. Which of them a browser knows, and tries without a click, differs: those that it did try must have been
refused, and none may reach a canary.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import pytest
from playwright.async_api import Error

from cynthia_pipeline.browser.egress import EgressPolicy
from cynthia_pipeline.errors import ErrorCode

from .conftest import PUBLIC, Canaries, Names, Site, World, guarded_browser, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

Attack = Callable[[Mapping[str, str]], None]

WAYS = {
    "payment": "new PaymentRequest([{{supportedMethods: '{tls}pay'}}], {{total: {{label: 'x', amount:"
    " {{currency: 'EUR', value: '1'}}}}}}).show()",
    "identity": "navigator.credentials.get({{identity: {{providers: [{{configURL: '{tls}config.json', clientId: 'x'}}"
    "]}}}})",
    "interest-group": "navigator.joinAdInterestGroup({{owner: '{tlsorigin}', name: 'x', updateURL: '{tls}u'}}, 1000)",
    "auction": "navigator.runAdAuction({{seller: '{tlsorigin}', decisionLogicURL: '{tls}d'}})",
    "attribution": "fetch('{url}', {{mode: 'no-cors', attributionReporting: {{eventSourceEligible: true,"
    " triggerEligible: true}}}})",
    "shared-worker": "new SharedWorker(URL.createObjectURL(new Blob([`fetch('{url}')`])))",
    "service-worker": "navigator.serviceWorker.register('/sw.js')",
    "background-fetch": "navigator.serviceWorker.ready.then((r) => r.backgroundFetch.fetch('x', ['{url}']))",
    "push": "navigator.serviceWorker.ready.then((r) => r.pushManager.subscribe({{userVisibleOnly: true}}))",
    "socket-stream": "new WebSocketStream('ws://{host}:{port}/').opened",
    "direct-tcp": "new TCPSocket('{host}', {port}).opened",
    "direct-udp": "new UDPSocket({{remoteAddress: '{host}', remotePort: {udp}}}).opened",
    "fetch-later": "fetchLater('{url}', {{activateAfter: 0}})",
    "fenced": "document.body.append(Object.assign(document.createElement('fencedframe'), {{config: new"
    " FencedFrameConfig('{url}')}}))",
    "portal": "document.body.append(Object.assign(document.createElement('portal'), {{src: '{url}'}}))",
    "font-face": "new FontFace('x', 'url({url})').load()",
    "worklet": "CSS.paintWorklet.addModule('{url}')",
    "audio-worklet": "new AudioContext().audioWorklet.addModule('{url}')",
    "media": "Object.assign(new Audio(), {{src: '{url}'}}).play()",
    "private-network": "fetch('{url}', {{targetAddressSpace: 'private', mode: 'no-cors'}})",
    "loopback-network": "fetch('{url}', {{targetAddressSpace: 'loopback', mode: 'no-cors'}})",
    "clipboard": "navigator.clipboard.write([new ClipboardItem({{'text/html': `<img src='{url}'>`}})])",
    "print": "print()",
    "file-chooser": "Object.assign(document.createElement('input'), {{type: 'file'}}).click()",
}

MARKUP = {
    "icon": '<link rel="icon" href="{url}"><link rel="apple-touch-icon" href="{url}">',
    "manifest": '<link rel="manifest" href="{url}">',
    "dictionary": '<link rel="compression-dictionary" href="{url}">',
    "bundle": '<script type="webbundle">{{"source": "{url}", "resources": ["{url}x"]}}</script><img src="{url}x">',
    "attributionsrc": '<img attributionsrc="{url}" src="/x">',
    "pdf": '<embed type="application/pdf" src="/x.pdf">',
    "import-map": '<script type="importmap">{{"imports": {{"x": "{url}"}}}}</script>'
    '<script type="module">import "x"</script>',
    "xslt": '<iframe src="/styled.xml"></iframe>',
}

REPORTED = (
    'Report-To: {{"group": "x", "max_age": 9999, "endpoints": [{{"url": "{tls}report"}}]}}\r\n'
    'Reporting-Endpoints: x="{tls}report"\r\n'
    'NEL: {{"report_to": "x", "max_age": 9999, "success_fraction": 1.0}}\r\n'
    "Content-Security-Policy-Report-Only: img-src 'none'; report-to x\r\n"
    'Alt-Svc: h3="{host}:{udp}"; ma=9999, h2="{host}:{tlsport}"\r\n'
    "Link: <{url}early>; rel=preload; as=script"
    'Clear-Site-Data: "cache"'
)


NAVIGATIONS = {
    "protocol-handler": "navigator.registerProtocolHandler('web+x', '/?%s'); location.href = 'web+x:{host}'",
    "ftp": "open('ftp://{host}/')",
    "external": "location.href = 'mailto:a@{host}'",
    "blob-top": "location.href = URL.createObjectURL(new Blob([`<img src='{url}'>`], {{type: 'text/html'}}))",
    "data-top": "location.href = 'data:text/html,<img src={url}>'",
    "download": "Object.assign(document.createElement('a'), {{href: '{url}', download: 'x'}}).click()",
}

LEADS_INWARD = {"blob-top", "download"}


def filled(template: str, name: str, world: World) -> str:
    host, canaries = f"{name}.inner.example", world.canaries
    tls = f"https://{host}:{canaries.tls_port}"
    return template.format(
        url=f"http://{host}:{canaries.port}/",
        tls=f"{tls}/",
        tlsorigin=tls,
        host=host,
        port=canaries.port,
        tlsport=canaries.tls_port,
        udp=canaries.udp_port,
    )


ALWAYS_TRIED = {
    *("attribution", "audio-worklet", "bundle", "dictionary", "font-face", "media", "shared-worker", "socket-stream"),
    "worklet",
}

SECURE = "attacker.localhost"


async def test_what_few_pages_ask_for(world: World, attack: Attack) -> None:
    names = [*WAYS, *MARKUP, "reported"]
    inner = {f"{name}.inner.example": str(world.canaries.addresses[0]) for name in names}
    attack({**inner, SECURE: str(PUBLIC)})
    kind = "200 OK\r\nContent-Type: "
    sheet = filled('<?xml version="1.0"?><?xml-stylesheet href="{url}" type="text/xsl"?><x/>', "xslt", world)
    world.put("/styled.xml", sheet, kind + "text/xml")
    world.put("/sw.js", filled("fetch('{url}')", "service-worker", world), kind + "text/javascript")
    world.put("/x.pdf", "%PDF-1.7 /URI (http://10.0.0.1/)", kind + "application/pdf")
    scripts = "".join(
        f"(async () => {{ {filled(script, name, world)} }})().catch(() => 0);" for name, script in WAYS.items()
    )
    body = "".join(filled(markup, name, world) for name, markup in MARKUP.items())
    html = f"<!doctype html><body>{body}<script>{scripts} setTimeout(() => fetch('/end'), 1000)</script>"
    world.put("/", html, f"{kind}text/html\r\n{filled(REPORTED, 'reported', world)}")
    async with opened(world) as (page, passage):
        await page.goto(f"http://{SECURE}/")
        assert await page.evaluate("isSecureContext")
        await page.mouse.click(5, 5)  # some wait for a user
        await world.site.wait_for("/end")
        tried = {f"{name}.inner.example" for name in ALWAYS_TRIED}
        try:
            await world.names.wait_until(lambda asked: tried <= set(asked))
        except TimeoutError:
            pytest.fail(f"never tried: {tried - set(world.names.asked)}, of {set(world.names.asked)}")
        refused = {refusal.host: refusal.code for refusal in passage.refusals}
    assert set(refused) == set(world.names.asked) - {SECURE}
    # A login provider is first looked for at the top of its domain, which is nowhere.
    assert {host for host, code in refused.items() if code is not ErrorCode.ADDRESS_REFUSED} <= {"inner.example"}


@pytest.mark.parametrize("name", NAVIGATIONS)
async def test_where_few_pages_lead(world: World, attack: Attack, name: str) -> None:
    host = f"{name}.inner.example"
    attack({host: str(world.canaries.addresses[0]), SECURE: str(PUBLIC)})
    script = filled(NAVIGATIONS[name], name, world)
    html = f"<!doctype html><script>(async () => {{ {script} }})().catch(() => 0).then(() => fetch('/end'))</script>"
    world.put("/", html)
    async with opened(world) as (page, passage):
        await page.goto(f"http://{SECURE}/", wait_until="commit")
        if name in LEADS_INWARD:
            await world.names.wait_until(lambda asked: host in asked)
            refusal = passage.refusal_for(host)
            assert refusal is not None
            assert refusal.code is ErrorCode.ADDRESS_REFUSED
        else:
            await world.site.wait_for("/end")
            assert world.names.asked.count(host) == 0


async def test_a_site_that_asks_for_the_proxys_password_gets_nothing(world: World, attack: Attack) -> None:
    """Its own 407 looks like the proxy's, so the browser might show it the credential, or forget that for good."""
    attack({})
    world.put("/", "no", '407 Who\r\nProxy-Authenticate: Basic realm="egress"\r\nContent-Type: text/html')
    world.put("/after", "<title>after</title>")
    async with opened(world) as (page, passage):
        with suppress(Error):
            await page.goto(world.at("/"))
        await page.goto(world.at("/after"))
        assert await page.title() == "after"
        assert passage.password not in "".join(world.site.requests)


async def test_what_a_certificate_names_is_fetched_through_the_guard(canaries: Canaries, site: Site) -> None:
    """Its issuer's own certificate, that is; a browser asks neither OCSP nor revocation lists for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("names_its_issuer.pem"))
    names = Names({f"{name}.inner.example": [(ip_address("127.0.0.1"),)] for name in ("aia", "ocsp", "crl")})
    async with await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=context) as server:
        over_tls = Site(server.sockets[0].getsockname()[1])
        async with (
            guarded_browser(EgressPolicy(), names, over_tls, canaries) as world,
            opened(world) as (page, passage),
        ):
            with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
                await page.goto("https://attacker.example/")
            await names.wait_until(lambda asked: "aia.inner.example" in asked)
            assert {refusal.code for refusal in passage.refusals} == {ErrorCode.ADDRESS_REFUSED}
