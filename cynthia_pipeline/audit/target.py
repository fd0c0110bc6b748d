"""What a user typed, read as a browser would read it, into the one address that is audited.

Parsing is the WHATWG URL standard's, by Ada (the parser of Node.js), because that is what Chromium follows:
decimal, octal, hex and short IPv4 forms, full-width digits, ideographic dots, backslashes and percent-encoded
hosts all become the host that the browser would really open. Whether that host may be opened is not decided
here but by the egress policy, which sees addresses.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from ada_url import URL, HostType
from tldextract import TLDExtract

from cynthia_pipeline.errors import ErrorCode, PermanentError

MAX_TEXT_CHARS: Final = 2048
"""Longest address that is read. Chromium displays no more than this; nothing real is longer."""

_DEFAULT_PORTS: Final = {"http:": 80, "https:": 443}
_MAX_NAME_CHARS: Final = 253  # RFC 1035, section 2.3.4, as text without the trailing dot
_LABEL: Final = re.compile(r"[a-z0-9_-]{1,63}")  # RFC 1035 labels; underscores occur in real names
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):(.*)", re.IGNORECASE)
_PORT_AND_REST: Final = re.compile(r"\d{1,5}(?:[/?#].*)?")
_UNRESERVED: Final = re.compile(r"%(2D|2E|5F|7E|3\d|[46][1-9A-F]|[57][0-9A])", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_ROUTE_FRAGMENT: Final = re.compile(r"#!?/")


@dataclass(frozen=True, slots=True)
class Target:
    """One address on the web.

    Attributes:
        url: the canonical address, absolute, http or https, without user name or password.
        host: in lower case, IDNA-encoded, without trailing dot; an IPv6 address without brackets.
        port: given or the scheme's own.
        registrable_host: what one owner registered (example.co.uk, someone.github.io), for limits per host;
            an IP address or a name without public suffix stands for itself.
        normalised: equal for two addresses that lead to the same page; for finding duplicates.
    """

    url: str
    host: str
    port: int
    registrable_host: str
    normalised: str


def parse_target(text: str) -> Target:
    """The address that `text` names. `https://` is added to what looks like a host and has no scheme.

    Raises:
        PermanentError: NOT_A_URL, SCHEME_REFUSED or CREDENTIALS_IN_URL.
    """
    address = text.strip()
    if not address or len(address) > MAX_TEXT_CHARS or any(map(_is_control, address)):
        raise PermanentError(ErrorCode.NOT_A_URL, detail="empty, too long or with control characters")
    has_scheme = _has_web_scheme(address)
    try:
        url = URL(address if has_scheme else "https://" + address.removeprefix("//"))
    except ValueError as error:
        raise PermanentError(ErrorCode.NOT_A_URL, detail="no browser can read it") from error
    if url.username or url.password:
        raise PermanentError(ErrorCode.CREDENTIALS_IN_URL)
    if url.host_type is HostType.DEFAULT:
        url.hostname = _checked_name(url.hostname, typed_as_url=has_scheme)
    host = url.hostname.strip("[]")
    if len(url.href) > MAX_TEXT_CHARS:
        raise PermanentError(ErrorCode.NOT_A_URL, detail="too long once encoded")
    return Target(
        url=url.href,
        host=host,
        port=int(url.port or _DEFAULT_PORTS[url.protocol]),
        registrable_host=host if url.host_type is not HostType.DEFAULT else _registrable(host),
        normalised=_normalised(url),
    )


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _has_web_scheme(address: str) -> bool:
    """Whether `address` says http or https itself; False where it begins with a host.

    Raises:
        PermanentError: SCHEME_REFUSED for another scheme, NOT_A_URL for a path.
    """
    found = _SCHEME.fullmatch(address)
    if found is None:
        if address.startswith(("/", "\\", "?", "#")) and not address.startswith("//"):
            raise PermanentError(ErrorCode.NOT_A_URL, detail="a path without a host")
        return False
    scheme, rest = found[1].lower(), found[2]
    if scheme in {"http", "https"}:
        return True
    if ("." in scheme or scheme == "localhost") and _PORT_AND_REST.fullmatch(rest):
        return False  # example.com:8080 reads as a scheme, and means a host
    raise PermanentError(ErrorCode.SCHEME_REFUSED, scheme=scheme)


def _checked_name(hostname: str, *, typed_as_url: bool) -> str:
    """`hostname` without its trailing dot.

    Raises:
        PermanentError: NOT_A_URL if it cannot be in the DNS, or is one bare word that names no host.
    """
    name = hostname.removesuffix(".")
    labels = name.split(".")
    possible = len(name) <= _MAX_NAME_CHARS and all(map(_LABEL.fullmatch, labels))
    if not possible or not (typed_as_url or len(labels) > 1 or name == "localhost"):
        raise PermanentError(ErrorCode.NOT_A_URL, detail="not a host name")
    return name


@cache
def _suffixes() -> TLDExtract:
    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def _registrable(host: str) -> str:
    return _suffixes()(host).top_domain_under_public_suffix or host


def _normalised(url: URL) -> str:
    """RFC 3986, section 6.2.2, on top of the canonical form; a fragment stays only where it is a route."""
    path_and_query = _UNRESERVED.sub(lambda escape: chr(int(escape[1], 16)), url.pathname + url.search)
    path_and_query = _ESCAPE.sub(lambda escape: escape[0].upper(), path_and_query)
    route = url.hash if _ROUTE_FRAGMENT.match(url.hash) else ""
    return f"{url.protocol}//{url.host}{path_and_query}{route}"
