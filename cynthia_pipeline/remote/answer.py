"""What an answer of the Audit API means: a report, or an error that says whether to ask again. No I/O."""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from pydantic import ValidationError

from cynthia_pipeline.audit.report import Axis, Report
from cynthia_pipeline.errors import ErrorCode, PermanentError, RateLimitedError, TransientError, WorkError
from cynthia_pipeline.retry_after import retry_after_s
from cynthia_pipeline.text import clip, one_line

_LONGEST_EXCERPT = 300
_MOST_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP.

    Attributes:
        status: the HTTP status.
        retry_after, location: the headers of these names; empty where absent.
        body: whole where the status is a success, else its beginning.
    """

    status: int
    retry_after: str = ""
    location: str = ""
    body: str = field(default="", repr=False)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def refusal(answer: Answer, now: datetime) -> WorkError | None:
    """The error that an answer other than success stands for.

    Args:
        answer: what came back.
        now: the present moment, aware; a Retry-After that is a date counts from it.

    Returns:
        None for 2xx. RateLimitedError for 429 and 503 that say when to come back; TransientError for 429 that
        does not, the service's own failures (5xx), its timeout (408) and a redirect, which is never followed;
        PermanentError for every other 4xx.
    """
    if answer.is_success:
        return None
    status = answer.status
    detail = f"HTTP {status}: {_excerpt(answer.body)}"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        wait_s = retry_after_s(answer.retry_after, now)
        if wait_s is None:
            return TransientError(ErrorCode.REMOTE_BUSY, detail=detail)
        return RateLimitedError(ErrorCode.REMOTE_BUSY, retry_after_s=wait_s, detail=detail)
    if status >= 500 or status == HTTPStatus.REQUEST_TIMEOUT:
        return TransientError(ErrorCode.REMOTE_UNREACHABLE, detail=detail)
    if status >= 400:
        return PermanentError(ErrorCode.REMOTE_REFUSED, detail=detail)
    return TransientError(
        ErrorCode.REMOTE_BAD_ANSWER,
        detail=f"HTTP {status} to {_excerpt(answer.location)}: redirects are not followed",
    )


def read_report(body: str) -> Report:
    """The report that a successful answer holds.

    Raises:
        TransientError: the answer is not the contract's report; `detail` names the path of what does not fit.
    """
    try:
        report = Report.model_validate_json(body)
    except ValidationError as error:
        # The cause is left out on purpose: it carries the answer's own values into every traceback.
        raise TransientError(ErrorCode.REMOTE_BAD_ANSWER, detail=_describe(error)) from None
    missing = [axis.value for axis in Axis if axis not in report.udec_scores]
    if missing:
        raise TransientError(ErrorCode.REMOTE_BAD_ANSWER, detail=f"udec_scores: no {', '.join(missing)}")
    return report


def _describe(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{_path(problem['loc'])}: {problem['msg']}" for problem in problems[:_MOST_PROBLEMS]]
    untold = len(problems) - len(told)
    return "; ".join([*told, f"and {untold} more"] if untold else told)


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "answer"


def _excerpt(words: str) -> str:
    return clip(one_line(words), _LONGEST_EXCERPT)
