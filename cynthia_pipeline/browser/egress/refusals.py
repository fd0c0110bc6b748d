"""Why a connection was not made, as the proxy records it and as the audit reports it."""

from dataclasses import dataclass
from typing import Final

from cynthia_pipeline.browser.egress.addresses import NotPublic
from cynthia_pipeline.errors import ErrorCode, PermanentError, TransientError, WorkError

_MAY_PASS: Final = frozenset({ErrorCode.CONNECTION_REFUSED, ErrorCode.CONNECTION_FAILED})


@dataclass(frozen=True, slots=True)
class Refusal:
    """One host and port that were not reached.

    Attributes:
        host, port: as the browser asked for them.
        code: ADDRESS_REFUSED, PORT_REFUSED, HOST_NOT_FOUND, CONNECTION_REFUSED, CONNECTION_FAILED or
            PAGE_TOO_LARGE (the passage's bytes were used up).
        why: what the refused address is; for operators, never for the page or the user.
        passing: the same request may succeed later (the resolver was not available, say).
        detail: for operators.
    """

    host: str
    port: int
    code: ErrorCode
    why: NotPublic | None = None
    passing: bool = False
    detail: str = ""

    def error(self) -> WorkError:
        """The error that an audit ends with when its own page was refused."""
        kind = TransientError if self.passing or self.code in _MAY_PASS else PermanentError
        detail = self.detail or (self.why.value if self.why else "")
        return kind(self.code, detail=detail, host=self.host, port=str(self.port))


class RefusedError(Exception):
    """Carries a refusal from where it is decided to where it is answered."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal
