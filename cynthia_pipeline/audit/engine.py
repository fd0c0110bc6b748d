"""What an audit engine is: something that turns a target into a report and its evidence.

Two exist: the browser of this project (browser/) and the remote Audit API (remote/). A drain opens one engine,
keeps it warm and asks it for many audits at once.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from cynthia_pipeline.audit.report import Draft, Report
from cynthia_pipeline.messages import Language


class TargetType(StrEnum):
    """What is audited, as the web app stores it."""

    URL = "url"
    SCREENSHOT = "screenshot"
    FRAME = "frame"
    COMPONENT = "component"


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """One target to audit.

    Attributes:
        target_type: URL for a page on the web, FRAME for a drafted page.
        target_value: the address; for a frame, the idea's words.
        language: of the report's texts.
        html: the page's source, for a target that has no address.
        draft: marks a page that was drafted from an idea.
        context, constraints: handed on to a remote engine as the web app stored them.
    """

    target_type: TargetType
    target_value: str
    language: Language = Language.ENGLISH
    html: str | None = None
    draft: Draft | None = None
    context: dict[str, Any] | None = None
    constraints: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A picture that shows what a report says.

    Attributes:
        name: an issue's id for the crop of its element; "page-desktop" and "page-mobile" for whole views.
        media_type: image/webp, image/jpeg or image/png.
        width, height: in CSS px.
    """

    name: str
    media_type: str
    width: int
    height: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AuditResult:
    """A report with the pictures that belong to it."""

    report: Report
    evidence: tuple[Evidence, ...] = ()


ProgressReporter: TypeAlias = Callable[[int], Awaitable[None]]
"""Told how far an audit is, 0 to 100, never backwards."""


class AuditEngine(Protocol):
    """An open engine. `audit` may be called many times at once."""

    async def audit(self, request: AuditRequest, progress: ProgressReporter) -> AuditResult:
        """Audits one target.

        Returns:
            The whole report and its evidence.

        Raises:
            WorkError: the target could not be audited; the type says whether to try again.
        """
        ...


EngineFactory: TypeAlias = Callable[[], AbstractAsyncContextManager[AuditEngine]]
"""Opens an engine for the length of a drain, and closes everything it started."""
