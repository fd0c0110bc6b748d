"""Which headers go on to the next hop, and how a proxied request reads for a server. Pure.

RFC 9110, section 7.6.1 and RFC 9112, section 3.2. No Via is added: a page is to be served as it would be to any
visitor.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

import h11

Headers: TypeAlias = list[tuple[bytes, bytes]]
Message: TypeAlias = h11.Request | h11.InformationalResponse | h11.Response

SWITCHING_PROTOCOLS: Final = 101

_HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"upgrade",
    }
)
_AUTHORITY: Final = re.compile(rb"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,254})(?::(?P<port>\d{0,5}))?")
_ABSOLUTE: Final = re.compile(rb"http://(?P<authority>[^/?#]*)(?P<rest>[^#]*)", re.IGNORECASE)


class BadRequestError(ValueError):
    """The request does not say, in a form that a proxy can take, whom it is for."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom a request is for, and what the server there is asked."""

    host: str
    port: int
    path: bytes


def destination(request: h11.Request) -> Destination:
    """Whom `request` is for: CONNECT with host and port, or any other method with an absolute http:// address.

    Raises:
        BadRequestError: neither.
    """
    if request.method == b"CONNECT":
        host, port = _split(request.target, default_port=None)
        return Destination(host, port, b"")
    absolute = _ABSOLUTE.fullmatch(request.target)
    if absolute is None:
        raise BadRequestError("the target is not an absolute http address")
    host, port = _split(absolute["authority"], default_port=80)
    rest = absolute["rest"]
    if not rest.startswith(b"/"):
        rest = b"*" if request.method == b"OPTIONS" and not rest else b"/" + rest
    return Destination(host, port, rest)


def _split(authority: bytes, *, default_port: int | None) -> tuple[str, int]:
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        raise BadRequestError("the host is not one")
    port = int(found["port"]) if found["port"] else default_port
    if port is None or not 0 < port < 65536:
        raise BadRequestError("the port is not one")
    return found["host"].decode("ascii").strip("[]"), port


def onward_request(request: h11.Request, to: Destination) -> h11.Request:
    """`request` as the server is to read it: origin form, its own Host, no word that was meant for the proxy."""
    host = f"[{to.host}]" if ":" in to.host else to.host
    authority = host if to.port == 80 else f"{host}:{to.port}"
    headers = [(b"Host", authority.encode("ascii"))]
    headers += [pair for pair in _end_to_end(request) if pair[0].lower() != b"host"]
    headers += _upgrade(request)
    return h11.Request(method=request.method, target=to.path, headers=headers)


def onward_response(
    response: h11.Response | h11.InformationalResponse,
) -> h11.Response | h11.InformationalResponse:
    """`response` as the browser is to read it.

    A server's own 407 would pass for this proxy's, and the browser would forget the credential that it holds: 407 is a
    proxy's word (RFC 9110, section 15.5.8), so from a server it is a broken answer.
    """
    headers = _end_to_end(response)
    if response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return h11.Response(status_code=HTTPStatus.BAD_GATEWAY, headers=headers)
    if response.status_code == SWITCHING_PROTOCOLS:
        headers += _upgrade(response)
    kind = h11.Response if isinstance(response, h11.Response) else h11.InformationalResponse
    return kind(status_code=response.status_code, reason=response.reason, headers=headers)


def header(message: Message, name: bytes) -> str:
    """The first value of a header, empty without one."""
    return next((value.decode("latin-1") for key, value in message.headers if key == name), "")


def _end_to_end(message: Message) -> Headers:
    named = {
        name.strip().lower() for key, value in message.headers if key == b"connection" for name in value.split(b",")
    }
    # The body's framing is said anew by h11, out of these two, so neither may be named away.
    dropped = _HOP_BY_HOP | named - {b"content-length", b"transfer-encoding", b"host"}
    return [pair for pair in message.headers.raw_items() if pair[0].lower() not in dropped]


def _upgrade(message: Message) -> Headers:
    protocol = header(message, b"upgrade")
    return [(b"Connection", b"Upgrade"), (b"Upgrade", protocol.encode("latin-1"))] if protocol else []
