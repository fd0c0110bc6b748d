"""Everything that can go wrong with one piece of work, as types that say whether to try again.

    CynthiaError
    ├── UsageError                the caller asked for something that cannot be; the message names the mend
    └── WorkError                 one audit or fix pack could not be done
        ├── TransientError        may succeed later: retried with backoff
        │   └── RateLimitedError  the other side said when to come back
        └── PermanentError        will fail again the same way: never retried, at no level

A WorkError carries a code for machines, and through messages.py a sentence for the user who waits. What an
operator needs beyond that (the browser's own words, a traceback) goes into `detail` and never to the user.
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Why one piece of work could not be done. Stored in Postgres: members are added, never renamed."""

    NOT_A_URL = "not_a_url"
    SCHEME_REFUSED = "scheme_refused"
    CREDENTIALS_IN_URL = "credentials_in_url"
    ADDRESS_REFUSED = "address_refused"
    PORT_REFUSED = "port_refused"
    HOST_NOT_FOUND = "host_not_found"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_FAILED = "connection_failed"
    TLS_FAILED = "tls_failed"
    HTTP_CLIENT_ERROR = "http_client_error"
    HTTP_SERVER_ERROR = "http_server_error"
    RATE_LIMITED = "rate_limited"
    ROBOTS_REFUSED = "robots_refused"
    REDIRECT_LOOP = "redirect_loop"
    ENDLESS_NAVIGATION = "endless_navigation"
    NOT_A_PAGE = "not_a_page"
    EMPTY_PAGE = "empty_page"
    PAGE_TOO_LARGE = "page_too_large"
    TOO_MANY_REQUESTS = "too_many_requests"
    TOO_MANY_NODES = "too_many_nodes"
    PAGE_CRASHED = "page_crashed"
    TIMED_OUT = "timed_out"
    BROWSER_FAILED = "browser_failed"
    REMOTE_UNREACHABLE = "remote_unreachable"
    REMOTE_BUSY = "remote_busy"
    REMOTE_REFUSED = "remote_refused"
    REMOTE_BAD_ANSWER = "remote_bad_answer"
    EMPTY_IDEA = "empty_idea"
    BAD_INPUT = "bad_input"
    AUDIT_NOT_FOUND = "audit_not_found"
    NOT_YOUR_AUDIT = "not_your_audit"
    AUDIT_NOT_COMPLETED = "audit_not_completed"
    NOTHING_TO_FIX = "nothing_to_fix"
    NO_CREDITS = "no_credits"
    PAGE_CHANGED = "page_changed"
    CANCELLED = "cancelled"
    LEASE_EXPIRED = "lease_expired"
    INTERNAL = "internal"


class CynthiaError(Exception):
    """The root of this project's own errors."""


class UsageError(CynthiaError):
    """The caller asked for something that cannot be; the message says what and names the mend."""


class WorkError(CynthiaError):
    """One audit or fix pack could not be done.

    The sentence a user reads is made from the code and the facts when it is written down, in the language
    of whoever waits: see messages.py.

    Attributes:
        code: for machines, filters and counts.
        facts: what the sentence names, by placeholder: {"host": "example.org"}.
        detail: for operators; may hold the browser's or the server's own words.
    """

    def __init__(self, code: ErrorCode, *, detail: str = "", **facts: str) -> None:
        super().__init__(f"{code}: {detail or facts}")
        self.code = code
        self.facts = facts
        self.detail = detail


class TransientError(WorkError):
    """May succeed later; retried with backoff until the attempts are used up."""


class RateLimitedError(TransientError):
    """The other side said when to come back.

    Attributes:
        retry_after_s: seconds to wait before the next attempt, as the other side gave them.
    """

    def __init__(self, code: ErrorCode, *, retry_after_s: float, detail: str = "", **facts: str) -> None:
        super().__init__(code, detail=detail, **facts)
        self.retry_after_s = retry_after_s


class PermanentError(WorkError):
    """Will fail again the same way; never retried."""
