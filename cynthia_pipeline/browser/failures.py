"""What went wrong when a page was opened, as a typed error. Pure.

The names of network errors are Chromium's own (net/base/net_error_list.h), without the "net::" before them.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from cynthia_pipeline.errors import ErrorCode, PermanentError, RateLimitedError, TransientError, WorkError

PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
"""The media types of a web page. Plain text, JSON, XML, images and PDF are shown by a browser, and are no pages."""

_NET_ERROR: Final = re.compile(r"net::(ERR_[A-Z0-9_]+)")
_DOWNLOAD: Final = "Download is starting"
_INVALID_URL: Final = "Cannot navigate to invalid URL"
_CRASH: Final = re.compile("(Page|Target) crashed")

_LOGIN_WANTED: Final = "401"  # the one status that Chromium hides behind an error of its own

_NO_CONTENT: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT}
_WORTH_ANOTHER_TRY: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}

_PERMANENT: Final = {
    "ERR_NAME_NOT_RESOLVED": ErrorCode.HOST_NOT_FOUND,
    "ERR_ICANN_NAME_COLLISION": ErrorCode.HOST_NOT_FOUND,
    "ERR_TOO_MANY_REDIRECTS": ErrorCode.REDIRECT_LOOP,
    "ERR_UNSAFE_REDIRECT": ErrorCode.SCHEME_REFUSED,
    "ERR_UNKNOWN_URL_SCHEME": ErrorCode.SCHEME_REFUSED,
    "ERR_DISALLOWED_URL_SCHEME": ErrorCode.SCHEME_REFUSED,
    "ERR_UNSAFE_PORT": ErrorCode.PORT_REFUSED,
    "ERR_ADDRESS_INVALID": ErrorCode.ADDRESS_REFUSED,
    "ERR_INVALID_URL": ErrorCode.NOT_A_URL,
    "ERR_INVALID_AUTH_CREDENTIALS": ErrorCode.HTTP_CLIENT_ERROR,
}
_TRANSIENT: Final = {
    "ERR_CONNECTION_REFUSED": ErrorCode.CONNECTION_REFUSED,
    "ERR_TIMED_OUT": ErrorCode.TIMED_OUT,
    "ERR_CONNECTION_TIMED_OUT": ErrorCode.TIMED_OUT,
    "ERR_INSUFFICIENT_RESOURCES": ErrorCode.BROWSER_FAILED,
    "ERR_OUT_OF_MEMORY": ErrorCode.BROWSER_FAILED,
    "ERR_PROXY_CONNECTION_FAILED": ErrorCode.BROWSER_FAILED,
}
_TLS: Final = re.compile(r"ERR_(CERT|CERTIFICATE|SSL|BAD_SSL|ECH)_")


@dataclass(frozen=True, slots=True)
class Opening:
    """How the attempt to open a page ended.

    Attributes:
        host: that was to be opened.
        failure: the browser's words, if it gave up.
        failed_url: what it was trying to open when it gave up.
        status: of the last answer, if there was one.
        content_type: of that answer, as the header gave it.
        retry_after_s: what that answer's Retry-After asks for, seconds.
        waited_s: how long was waited, seconds.
    """

    host: str
    failure: str | None = None
    failed_url: str | None = None
    status: int | None = None
    content_type: str | None = None
    retry_after_s: float | None = None
    waited_s: float = 0.0


def failure_of(opening: Opening) -> WorkError | None:
    """The error that `opening` amounts to; None if a page was opened."""
    refusal = _by_status(opening)
    if refusal is not None:
        return refusal
    if opening.failure is not None:
        return _by_words(opening, opening.failure)
    return not_a_page(opening.content_type)


def not_a_page(content_type: str | None) -> PermanentError | None:
    """NOT_A_PAGE for a media type that is none of a web page; None without one, as browsers then sniff HTML."""
    essence = (content_type or "").partition(";")[0].strip().lower()
    if not essence or essence in PAGE_TYPES:
        return None
    return PermanentError(ErrorCode.NOT_A_PAGE, content_type=essence)


def timed_out(seconds: float, detail: str) -> TransientError:
    """TIMED_OUT, with the time that was waited in whole seconds, at least one."""
    return TransientError(ErrorCode.TIMED_OUT, seconds=str(max(1, round(seconds))), detail=detail)


def _by_status(opening: Opening) -> WorkError | None:
    """What an HTTP status alone says (RFC 9110, section 15; 429: RFC 6585, section 4)."""
    status = opening.status
    if status is None:
        return None
    if status in _NO_CONTENT:
        return PermanentError(ErrorCode.EMPTY_PAGE, detail=f"status {status}")
    if status < HTTPStatus.BAD_REQUEST:
        return None
    facts = {"host": opening.host, "status": str(status)}
    code = _code_for(status)
    if opening.retry_after_s is not None and code is not ErrorCode.HTTP_CLIENT_ERROR:
        return RateLimitedError(code, retry_after_s=opening.retry_after_s, **facts)
    if code is not ErrorCode.HTTP_CLIENT_ERROR or status in _WORTH_ANOTHER_TRY:
        return TransientError(code, **facts)
    return PermanentError(code, **facts)


def _code_for(status: int) -> ErrorCode:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ErrorCode.HTTP_SERVER_ERROR
    return ErrorCode.RATE_LIMITED if status == HTTPStatus.TOO_MANY_REQUESTS else ErrorCode.HTTP_CLIENT_ERROR


def _by_words(opening: Opening, words: str) -> WorkError:
    """What the browser's own words say."""
    found = _NET_ERROR.search(words)
    if found is not None:
        return _by_net_error(opening, found[1])
    if _DOWNLOAD in words:
        return _download(opening)
    if _INVALID_URL in words:
        return PermanentError(ErrorCode.NOT_A_URL, detail=words)
    if _CRASH.search(words):
        return TransientError(ErrorCode.PAGE_CRASHED, detail=words)
    if "Timeout " in words:
        return timed_out(opening.waited_s, words)
    return TransientError(ErrorCode.BROWSER_FAILED, detail=words)


def _by_net_error(opening: Opening, name: str) -> WorkError:
    if name == "ERR_ABORTED":
        return _aborted(opening)
    if name in _PERMANENT:
        return PermanentError(_PERMANENT[name], host=opening.host, status=_LOGIN_WANTED, detail=name)
    if _TLS.match(name):
        return PermanentError(ErrorCode.TLS_FAILED, host=opening.host, detail=name)
    code = _TRANSIENT.get(name, ErrorCode.CONNECTION_FAILED)
    if code is ErrorCode.TIMED_OUT:
        return timed_out(opening.waited_s, name)
    return TransientError(code, host=opening.host, detail=name)


def _aborted(opening: Opening) -> WorkError:
    """The browser stopped of its own accord: an unknown scheme, or something it would save rather than show."""
    scheme = (opening.failed_url or "").partition(":")[0].lower()
    if scheme and scheme not in {"http", "https"}:
        return PermanentError(ErrorCode.SCHEME_REFUSED, scheme=scheme, detail="ERR_ABORTED")
    if opening.status is not None:
        return _download(opening)
    return TransientError(ErrorCode.CONNECTION_FAILED, host=opening.host, detail="ERR_ABORTED")


def _download(opening: Opening) -> PermanentError:
    essence = (opening.content_type or "").partition(";")[0].strip().lower()
    return PermanentError(ErrorCode.NOT_A_PAGE, content_type=essence or "application/octet-stream", detail="download")
