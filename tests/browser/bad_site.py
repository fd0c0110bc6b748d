"""A web server that really does each bad thing that a page can do to its visitor."""

import base64
import contextlib
import gzip
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A quiet page</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>A quiet page</h1><p>With one paragraph of text.</p></main></body></html>"""

Handler = Callable[["Visitor"], None]
_PAGES: dict[str, Handler] = {}


def serves(path: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _PAGES[path] = handler
        return handler

    return register


class Visitor(BaseHTTPRequestHandler):
    """One connection from a browser."""

    protocol_version = "HTTP/1.1"
    closing: ClassVar[Event]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        handler = _PAGES.get(path)
        with contextlib.suppress(OSError):  # the browser has every right to leave
            if handler is not None:
                handler(self)
            else:
                self.answer(404, b"nothing here", {"Content-Type": "text/plain"})

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page(self, html: str) -> None:
        self.answer(200, html.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def begin(self, content_type: str = "text/html") -> None:
        """Headers of an answer that ends with the connection."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Connection", "close")
        self.end_headers()

    def hold(self) -> None:
        """Keeps the connection open and says nothing more, until the server ends."""
        self.close_connection = True
        self.wfile.flush()
        self.closing.wait()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is the base class's
        """Says nothing: the tests look at what the browser makes of it."""


@contextmanager
def bad_site(certificate: Path | None = None) -> Iterator[str]:
    """Serves on a free port of loopback; gives the address without a path."""
    closing = Event()
    handler = type("BoundVisitor", (Visitor,), {"closing": closing})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is the point
        scheme = "https"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}"
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def refused_address() -> str:
    """An address on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}/"


@serves("/good")
def _good(visitor: Visitor) -> None:
    visitor.page(GOOD)


for _status in (400, 401, 403, 404, 408, 410, 500, 502, 503):

    @serves(f"/status/{_status}")
    def _status_page(visitor: Visitor, status: int = _status) -> None:
        visitor.answer(status, GOOD.encode(), {"Content-Type": "text/html"})

    @serves(f"/bare/{_status}")
    def _bare_status(visitor: Visitor, status: int = _status) -> None:
        visitor.answer(status)


@serves("/busy/429")
def _too_many(visitor: Visitor) -> None:
    visitor.answer(429, b"slow down", {"Content-Type": "text/plain", "Retry-After": "17"})


@serves("/busy/503")
def _unavailable(visitor: Visitor) -> None:
    visitor.answer(503, b"", {"Retry-After": "60"})


@serves("/status/429")
def _too_many_without_time(visitor: Visitor) -> None:
    visitor.answer(429, GOOD.encode(), {"Content-Type": "text/html"})


@serves("/redirect/loop")
def _redirect_loop(visitor: Visitor) -> None:
    visitor.answer(302, b"", {"Location": "/redirect/loop"})


@serves("/redirect/good")
def _redirect_good(visitor: Visitor) -> None:
    visitor.answer(301, b"", {"Location": "/good"})


@serves("/redirect/file")
def _redirect_file(visitor: Visitor) -> None:
    visitor.answer(302, b"", {"Location": "file:///etc/hostname"})


@serves("/redirect/ftp")
def _redirect_ftp(visitor: Visitor) -> None:
    visitor.answer(302, b"", {"Location": "ftp://127.0.0.1/"})


@serves("/redirect/script")
def _redirect_by_script(visitor: Visitor) -> None:
    visitor.page("<p>One moment</p><script>location.replace('/good')</script>")


@serves("/redirect/script-to-404")
def _redirect_by_script_to_404(visitor: Visitor) -> None:
    visitor.page("<p>One moment</p><script>location.replace('/status/404')</script>")


@serves("/empty")
def _empty(visitor: Visitor) -> None:
    visitor.page("")


@serves("/empty/markup")
def _empty_markup(visitor: Visitor) -> None:
    visitor.page("<!doctype html><title>Nothing</title><div id=root></div><script>void 0</script>")


@serves("/empty/but-refreshes")
def _empty_but_refreshes(visitor: Visitor) -> None:
    visitor.page("<!doctype html><title>A quiet page</title><meta http-equiv=refresh content='900; url=/good'>")


@serves("/empty/204")
def _no_content(visitor: Visitor) -> None:
    visitor.send_response(204)
    visitor.end_headers()


@serves("/file/pdf")
def _pdf(visitor: Visitor) -> None:
    visitor.answer(200, b"%PDF-1.4\n%%EOF", {"Content-Type": "application/pdf"})


@serves("/file/png")
def _png(visitor: Visitor) -> None:
    visitor.answer(200, b"\x89PNG\r\n\x1a\n", {"Content-Type": "image/png"})


@serves("/file/json")
def _json(visitor: Visitor) -> None:
    visitor.answer(200, b"{}", {"Content-Type": "application/json"})


@serves("/file/zip")
def _zip(visitor: Visitor) -> None:
    visitor.answer(200, b"PK\x03\x04", {"Content-Type": "application/zip"})


@serves("/file/attachment")
def _attachment(visitor: Visitor) -> None:
    headers = {"Content-Type": "text/html", "Content-Disposition": "attachment; filename=page.html"}
    visitor.answer(200, GOOD.encode(), headers)


@serves("/broken/reset")
def _reset(visitor: Visitor) -> None:
    visitor.close_connection = True
    visitor.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    visitor.connection.close()


@serves("/broken/no-answer")
def _no_answer(visitor: Visitor) -> None:
    visitor.close_connection = True


@serves("/broken/half")
def _half(visitor: Visitor) -> None:
    visitor.close_connection = True
    visitor.send_response(200)
    visitor.send_header("Content-Type", "text/html")
    visitor.send_header("Content-Length", "100000")
    visitor.end_headers()
    visitor.wfile.write(b"<h1>The first half" + b" " * 2000)


@serves("/endless/silence")
def _silence(visitor: Visitor) -> None:
    visitor.hold()


@serves("/endless/headers-only")
def _headers_only(visitor: Visitor) -> None:
    visitor.begin()
    visitor.hold()


@serves("/endless/document")
def _endless_document(visitor: Visitor) -> None:
    visitor.begin()
    visitor.wfile.write(GOOD.encode())
    while not visitor.closing.wait(0.05):
        visitor.wfile.write(b"<p>and one more</p>\n")


@serves("/endless/resource")
def _endless_resource(visitor: Visitor) -> None:
    visitor.page(GOOD.replace("</main>", "<img src='/endless/headers-only' alt='never'></main>"))


@serves("/endless/requests")
def _endless_requests(visitor: Visitor) -> None:
    visitor.page(
        GOOD + "<script>(async () => { for (;;) { await fetch('/good?' + Math.random());"
        " await new Promise((go) => setTimeout(go, 20)) } })()</script>"
    )


@serves("/large/document")
def _large_document(visitor: Visitor) -> None:
    visitor.begin()
    visitor.wfile.write(b"<!doctype html><title>Large</title>")
    chunk = b"<p>" + b"fifty megabytes " * 4096
    for _ in range(50 * 1024 * 1024 // len(chunk)):
        visitor.wfile.write(chunk)


@serves("/large/announced")
def _large_and_says_so(visitor: Visitor) -> None:
    visitor.close_connection = True
    visitor.send_response(200)
    visitor.send_header("Content-Type", "text/html")
    visitor.send_header("Content-Length", str(50 * 1024 * 1024))
    visitor.end_headers()
    visitor.wfile.write(GOOD.encode())
    visitor.hold()


@serves("/large/resource")
def _large_resource(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>fetch('/large/file').then((answer) => answer.arrayBuffer())</script>")


@serves("/large/file")
def _large_file(visitor: Visitor) -> None:
    visitor.begin("application/octet-stream")
    for _ in range(50 * 16):
        visitor.wfile.write(b"\x89" * 65536)


def _table(rows: int) -> str:
    row = "<tr>" + "<td>1</td>" * 24 + "</tr>"
    return GOOD.replace("</main>", f"<table>{row * rows}</table></main>")


@serves("/many/nodes")
def _many_nodes(visitor: Visitor) -> None:
    visitor.page(_table(40))


@serves("/many/more-nodes")
def _many_more_nodes(visitor: Visitor) -> None:
    visitor.page(_table(1000))


@serves("/scripts/busy")
def _busy(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>while (true) {}</script>")


@serves("/scripts/busy-later")
def _busy_later(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>setInterval(() => { while (true) {} }, 1)</script>")


@serves("/scripts/busy-for-ever")
def _busy_for_ever(visitor: Visitor) -> None:
    """No timer to forget: each message sends the next, and listening to it never ends."""
    visitor.page(
        GOOD + "<script>const { port1, port2 } = new MessageChannel();"
        "port1.onmessage = () => { port2.postMessage(0); port2.postMessage(0); while (true) {} };"
        "port2.postMessage(0)</script>"
    )


@serves("/scripts/dialogs")
def _dialogs(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>for (;;) { alert('again'); confirm('and again'); prompt('and again') }</script>")


@serves("/scripts/one-dialog")
def _one_dialog(visitor: Visitor) -> None:
    visitor.page("<script>alert('hello'); if (confirm('sure?') || prompt('name?')) throw 1</script>" + GOOD)


@serves("/scripts/windows")
def _windows(visitor: Visitor) -> None:
    # Not for ever: a page that never comes to rest is cut short on a machine that is busy enough.
    opening = "let rounds = 4; setInterval(() => { if (rounds-- > 0) for (let i = 0; i < 50; i++) open('/good') }, 10)"
    visitor.page(f"{GOOD}<script>{opening}</script>")


@serves("/scripts/memory")
def _memory(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()))</script>")


@serves("/scripts/print")
def _print(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>print(); history.pushState({}, '', '/elsewhere'); location.hash = 'x'</script>")


@serves("/scripts/leave")
def _leave(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>onbeforeunload = (event) => { event.preventDefault(); return 'stay' }</script>")


@serves("/scripts/history")
def _history(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>for (let i = 0; i < 40; i++) history.pushState({}, '', '/step/' + i)</script>")


@serves("/navigation/script")
def _navigation_by_script(visitor: Visitor) -> None:
    visitor.page("<p>Next</p><script>location.href = '/navigation/script?' + Math.random()</script>")


@serves("/navigation/refresh")
def _navigation_by_refresh(visitor: Visitor) -> None:
    visitor.page("<meta http-equiv=refresh content='0;url=/navigation/refresh'><p>Next</p>")


@serves("/navigation/load")
def _navigation_after_load(visitor: Visitor) -> None:
    visitor.page("<p>Next</p><script>onload = () => setTimeout(() => location.reload(), 50)</script>")


@serves("/policy/strict")
def _strict_policy(visitor: Visitor) -> None:
    headers = {"Content-Type": "text/html", "Content-Security-Policy": "default-src 'none'"}
    visitor.answer(200, GOOD.encode(), headers)


@serves("/many/requests")
def _many_requests(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>for (let i = 0; i < 1200; i++) new Image().src = '/file/png?' + i</script>")


@serves("/many/requests-of-a-worker")
def _many_requests_of_a_worker(visitor: Visitor) -> None:
    """Of a worker's requests, those after its own script, a session of the page hears nothing."""
    asks = "for (let i = 0; i < 1200; i++) fetch(location.origin + '/file/png?' + i).catch(() => {})"
    if urlsplit(visitor.path).query == "script":
        visitor.answer(200, asks.encode(), {"Content-Type": "text/javascript"})
    else:
        visitor.page(GOOD + "<script>new Worker('/many/requests-of-a-worker?script')</script>")


@serves("/many/requests-in-a-frame")
def _many_requests_in_a_frame(visitor: Visitor) -> None:
    visitor.page(GOOD.replace("</main>", "<iframe src='/many/requests' title='asks much'></iframe></main>"))


@serves("/many/frames")
def _many_frames(visitor: Visitor) -> None:
    """100 frames, each within the one before."""
    depth = int(urlsplit(visitor.path).query or 0)
    inner = f"<iframe src='/many/frames?{depth + 1}' title='deeper'></iframe>" if depth < 100 else ""
    visitor.page(GOOD.replace("</main>", f"{inner}</main>"))


@serves("/many/grown-nodes")
def _many_grown_nodes(visitor: Visitor) -> None:
    visitor.page(
        GOOD + "<template><i></i></template><script>const bit = document.createDocumentFragment();"
        "for (let i = 0; i < 1000; i++) bit.append(document.createElement('i'));"
        "for (let i = 0; i < 100; i++) document.body.append(bit.cloneNode(true))</script>"
    )


@serves("/large/bomb")
def _bomb(visitor: Visitor) -> None:
    """50 KB on the wire, 50 MB once unpacked."""
    packed = gzip.compress(GOOD.encode() + b"<!--" + bytes(50_000_000), compresslevel=6)
    visitor.answer(200, packed, {"Content-Type": "text/html", "Content-Encoding": "gzip"})


@serves("/large/bomb-brotli")
def _brotli_bomb(visitor: Visitor) -> None:
    """107 bytes on the wire: the same 50 MB, packed once by the reference encoder."""
    headers = {"Content-Type": "text/html", "Content-Encoding": "br"}
    visitor.answer(200, base64.b64decode(_BROTLI_BOMB), headers)


_BROTLI_BOMB = (
    "y///PxgWodIbIAYNDzjkgPVbCyTEKHErGjQEDU00abTnFSRRdsb7P8D//z/4JwDisAhA9/6P//9/8E8AxGEBgO79H////+CfAIjDAgDd+z/+"
    "///BPwEQhwUAuvd/yQqvh38CIA4LAM7Q9QA="
)


@serves("/large/bomb-zstd")
def _zstd_bomb(visitor: Visitor) -> None:
    """1.6 KB on the wire: a frame whose blocks say one byte 131,072 times each (RFC 8878, section 3.1.1.2.2)."""

    def block(kind: int, size: int, content: bytes, *, last: bool = False) -> bytes:
        return (size << 3 | kind << 1 | last).to_bytes(3, "little") + content

    begin = GOOD.encode() + b"<!--"
    frame = b"\x28\xb5\x2f\xfd\x00\x58" + block(0, len(begin), begin) + block(1, 131_072, b"\0") * 381
    visitor.answer(200, frame + block(0, 0, b"", last=True), {"Content-Type": "text/html", "Content-Encoding": "zstd"})


@serves("/many/10000-requests")
def _very_many_requests(visitor: Visitor) -> None:
    visitor.page(GOOD + "<script>for (let i = 0; i < 10000; i++) fetch('/file/png?' + i)</script>")


@serves("/scripts/buffers")
def _buffers(visitor: Visitor) -> None:
    """Memory that no limit on the script heap counts."""
    visitor.page(GOOD + "<script>const all = []; setInterval(() => all.push(new Uint8Array(2e7).fill(1)), 20)</script>")


@serves("/scripts/workers")
def _workers(visitor: Visitor) -> None:
    """Each worker starts two more."""
    visitor.page(
        GOOD
        + "<script>const code = 'const more = () => new Worker(location.href); more(); more(); setInterval(more, 50)';"
        "new Worker(URL.createObjectURL(new Blob([code])))</script>"
    )
