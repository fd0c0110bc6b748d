"""From how an opening ended to the typed error: the whole table, without a browser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.browser.failures import Opening, failure_of, not_a_page, timed_out
from cynthia_pipeline.errors import ErrorCode, PermanentError, RateLimitedError, TransientError, WorkError

P, T, R = PermanentError, TransientError, RateLimitedError


def _goto(name: str) -> str:
    return f'Page.goto: net::{name} at https://example.org/\nCall log:\n  - navigating to "https://example.org/"'


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("ERR_NAME_NOT_RESOLVED", P, ErrorCode.HOST_NOT_FOUND),
        ("ERR_CONNECTION_REFUSED", T, ErrorCode.CONNECTION_REFUSED),
        ("ERR_CONNECTION_RESET", T, ErrorCode.CONNECTION_FAILED),
        ("ERR_CONNECTION_CLOSED", T, ErrorCode.CONNECTION_FAILED),
        ("ERR_EMPTY_RESPONSE", T, ErrorCode.CONNECTION_FAILED),
        ("ERR_CONTENT_LENGTH_MISMATCH", T, ErrorCode.CONNECTION_FAILED),
        ("ERR_INCOMPLETE_CHUNKED_ENCODING", T, ErrorCode.CONNECTION_FAILED),
        ("ERR_HTTP2_PROTOCOL_ERROR", T, ErrorCode.CONNECTION_FAILED),
        ("ERR_TUNNEL_CONNECTION_FAILED", T, ErrorCode.CONNECTION_FAILED),
        ("ERR_INTERNET_DISCONNECTED", T, ErrorCode.CONNECTION_FAILED),
        ("ERR_CONNECTION_TIMED_OUT", T, ErrorCode.TIMED_OUT),
        ("ERR_TIMED_OUT", T, ErrorCode.TIMED_OUT),
        ("ERR_CERT_AUTHORITY_INVALID", P, ErrorCode.TLS_FAILED),
        ("ERR_CERT_COMMON_NAME_INVALID", P, ErrorCode.TLS_FAILED),
        ("ERR_CERT_DATE_INVALID", P, ErrorCode.TLS_FAILED),
        ("ERR_SSL_PROTOCOL_ERROR", P, ErrorCode.TLS_FAILED),
        ("ERR_SSL_VERSION_OR_CIPHER_MISMATCH", P, ErrorCode.TLS_FAILED),
        ("ERR_BAD_SSL_CLIENT_AUTH_CERT", P, ErrorCode.TLS_FAILED),
        ("ERR_TOO_MANY_REDIRECTS", P, ErrorCode.REDIRECT_LOOP),
        ("ERR_UNSAFE_REDIRECT", P, ErrorCode.SCHEME_REFUSED),
        ("ERR_UNKNOWN_URL_SCHEME", P, ErrorCode.SCHEME_REFUSED),
        ("ERR_UNSAFE_PORT", P, ErrorCode.PORT_REFUSED),
        ("ERR_INVALID_URL", P, ErrorCode.NOT_A_URL),
        ("ERR_INVALID_AUTH_CREDENTIALS", P, ErrorCode.HTTP_CLIENT_ERROR),
        ("ERR_INSUFFICIENT_RESOURCES", T, ErrorCode.BROWSER_FAILED),
        ("ERR_PROXY_CONNECTION_FAILED", T, ErrorCode.BROWSER_FAILED),
        ("ERR_NOBODY_HAS_HEARD_OF_THIS_ONE", T, ErrorCode.CONNECTION_FAILED),
    ],
)
def test_each_network_error_has_its_type(name: str, kind: type[WorkError], code: ErrorCode) -> None:
    error = failure_of(Opening("example.org", failure=_goto(name), waited_s=15))
    assert error is not None
    assert (type(error), error.code) == (kind, code)


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ("Page.goto: Timeout 15000ms exceeded.", T, ErrorCode.TIMED_OUT),
        ("Page.goto: Page crashed", T, ErrorCode.PAGE_CRASHED),
        ("Page.goto: Target crashed", T, ErrorCode.PAGE_CRASHED),
        ("Page.goto: Target page, context or browser has been closed", T, ErrorCode.BROWSER_FAILED),
        ("Protocol error (Page.navigate): Cannot navigate to invalid URL", P, ErrorCode.NOT_A_URL),
        ("Page.goto: Download is starting", P, ErrorCode.NOT_A_PAGE),
    ],
)
def test_each_of_the_drivers_own_words_has_its_type(words: str, kind: type[WorkError], code: ErrorCode) -> None:
    error = failure_of(Opening("example.org", failure=words, waited_s=15))
    assert error is not None
    assert (type(error), error.code) == (kind, code)


@pytest.mark.parametrize(
    ("status", "retry_after_s", "kind", "code"),
    [
        (204, None, P, ErrorCode.EMPTY_PAGE),
        (205, None, P, ErrorCode.EMPTY_PAGE),
        (400, None, P, ErrorCode.HTTP_CLIENT_ERROR),
        (404, 30.0, P, ErrorCode.HTTP_CLIENT_ERROR),
        (408, None, T, ErrorCode.HTTP_CLIENT_ERROR),
        (425, None, T, ErrorCode.HTTP_CLIENT_ERROR),
        (429, None, T, ErrorCode.RATE_LIMITED),
        (429, 30.0, R, ErrorCode.RATE_LIMITED),
        (500, None, T, ErrorCode.HTTP_SERVER_ERROR),
        (503, None, T, ErrorCode.HTTP_SERVER_ERROR),
        (503, 30.0, R, ErrorCode.HTTP_SERVER_ERROR),
    ],
)
def test_each_status_has_its_type(
    status: int, retry_after_s: float | None, kind: type[WorkError], code: ErrorCode
) -> None:
    error = failure_of(Opening("example.org", status=status, retry_after_s=retry_after_s))
    assert error is not None
    assert (type(error), error.code) == (kind, code)
    if isinstance(error, RateLimitedError):
        assert error.retry_after_s == retry_after_s


@given(st.integers(200, 599), st.one_of(st.none(), st.floats(0, 3600)))
def test_a_status_is_an_error_from_400_on_and_a_wait_is_kept_only_where_trying_again_helps(
    status: int, retry_after_s: float | None
) -> None:
    error = failure_of(Opening("example.org", status=status, content_type="text/html", retry_after_s=retry_after_s))
    if status in {204, 205}:
        assert isinstance(error, PermanentError)
    else:
        assert (error is not None) == (status >= 400)
    if status >= 500:
        assert isinstance(error, TransientError)
    if isinstance(error, PermanentError):
        assert not isinstance(error, TransientError)


@pytest.mark.parametrize("status", [404, 500])
def test_an_answers_status_says_more_than_the_browser_that_gave_up_on_it(status: int) -> None:
    error = failure_of(Opening("example.org", failure=_goto("ERR_HTTP_RESPONSE_CODE_FAILURE"), status=status))
    assert error is not None
    assert error.facts["status"] == str(status)


@pytest.mark.parametrize(
    "content_type", [None, "", "text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml", " text/html "]
)
def test_html_in_any_spelling_is_a_page(content_type: str | None) -> None:
    assert not_a_page(content_type) is None


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "text/plain;charset=utf-8", "image/svg+xml"])
def test_anything_else_is_a_file_and_is_named(content_type: str) -> None:
    error = not_a_page(content_type)
    assert error is not None
    assert error.facts == {"content_type": content_type.partition(";")[0]}


def test_an_aborted_navigation_to_another_scheme_is_refused() -> None:
    error = failure_of(Opening("example.org", failure=_goto("ERR_ABORTED"), failed_url="ftp://example.org/"))
    assert error is not None
    assert error.code is ErrorCode.SCHEME_REFUSED
    assert error.facts["scheme"] == "ftp"


@given(st.floats(0, 1e6))
def test_a_timeout_is_told_in_whole_seconds_and_never_as_none(seconds: float) -> None:
    assert int(timed_out(seconds, "").facts["seconds"]) >= 1
