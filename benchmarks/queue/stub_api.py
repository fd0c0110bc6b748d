"""A stub Audit API: answers each POST with the same report, after the seconds that the path gives.

    POST /audits/<seconds>   the report, that much later
    GET /arrivals            {target: the moment its request arrived, Unix time}; and forgets them

Written on asyncio's protocols, without a framework, so that it is not what a measurement measures.
"""

import asyncio
import json
import time
from itertools import cycle, islice

from cynthia_pipeline.audit.report import Axis, Severity

ISSUES = 12


def sample_report() -> bytes:
    """A report of a plausible size (about 9 KB)."""
    issues = [
        {
            "id": f"{axis.lower()}-{number}",
            "axis": axis.value,
            "severity": severity.value,
            "title": "Text on the main button is too faint",
            "description": "The text of the button has a contrast of 2.9:1 against its background.",
            "reason": "WCAG 2.2, criterion 1.4.3, asks for 4.5:1 for text of this size.",
            "impact": "Visitors with low vision, or in sunlight, cannot read what the button does.",
            "elementPath": "main > section.hero > a.button",
            "fix": {
                "type": "token_change",
                "description": "Darken the text to #595959.",
                "measurements": {"contrast": "2.9:1", "values": {"required": "4.5:1", "fontSize": "16px"}},
                "before": "color: #949494",
                "after": "color: #595959",
            },
        }
        for number, (axis, severity) in enumerate(islice(zip(cycle(Axis), cycle(Severity), strict=False), ISSUES))
    ]
    return json.dumps(
        {
            "product": "Cynthia",
            "version": "stub",
            "overall_score": 68,
            "udec_scores": {axis.value: 60 + number for number, axis in enumerate(Axis)},
            "issues_found_total": len(issues),
            "teaser_issues": issues[:5],
            "full_issues": issues,
            "fix_packs": [],
        }
    ).encode()


def _answer(body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + str(len(body)).encode()
        + b"\r\n\r\n" + body
    )  # fmt: skip


REPORT_ANSWER = _answer(sample_report())


class _Connection(asyncio.Protocol):
    def __init__(self, arrivals: dict[str, float]) -> None:
        self._arrivals = arrivals
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows for the type checker
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._received[:end])
            whole = end + 4 + _content_length(head)
            if len(self._received) < whole:
                return
            body = bytes(self._received[end + 4 : whole])
            del self._received[:whole]
            self._serve(head.split(b" ", 2)[1].decode(), body)

    def _serve(self, path: str, body: bytes) -> None:
        if path == "/arrivals":
            self._send(_answer(json.dumps(self._arrivals).encode()))
            self._arrivals.clear()
            return
        self._arrivals[json.loads(body)["target"]["value"]] = time.time()
        seconds = float(path.rpartition("/")[2])
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._send, REPORT_ANSWER)
        else:
            self._send(REPORT_ANSWER)

    def _send(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def serve() -> None:
    """Serves on a free port of loopback, prints the port, and goes on until it is ended."""
    arrivals: dict[str, float] = {}
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(arrivals), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
