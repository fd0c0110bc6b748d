"""What a maker of fix packs is: something that turns a finished audit into a patch that was proven on the page.

A drain opens one maker, keeps it warm and asks it for many packs at once. What is charged, written and retried is
the drain's matter; a maker knows nothing of users or credits.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from cynthia_pipeline.audit.engine import ProgressReporter
from cynthia_pipeline.audit.report import Axis, FixType, Report, Score
from cynthia_pipeline.messages import Language


class FixPackType(StrEnum):
    """What a pack mends, as the web app stores it."""

    TOKEN = "token"  # noqa: S105 - a design token
    LAYOUT = "layout"
    COMPONENT = "component"
    MOTION = "motion"
    CONTENT = "content"

    @property
    def fix_type(self) -> FixType:
        """The fixes of a report's issues that a pack of this type makes."""
        return FixType(f"{self.value}_change")


@dataclass(frozen=True, slots=True)
class PageAddress:
    """A page on the web, at the address that was audited."""

    url: str


@dataclass(frozen=True, slots=True)
class DraftedPage:
    """A page that has no address: this project's draft of an idea, as it was audited."""

    html: str = field(repr=False)


Target: TypeAlias = PageAddress | DraftedPage


@dataclass(frozen=True, slots=True)
class PackOrder:
    """One pack to make.

    Attributes:
        language: of the pack's own texts.
        report: of the audit whose findings are to be fixed.
        created_at: when that audit was begun: what the page may have changed since.
    """

    audit_id: UUID
    type: FixPackType
    target: Target
    language: Language
    report: Report
    created_at: datetime


class _PackPart(BaseModel):
    """Frozen, camelCase in JSON, as the web app stores the parts of a pack."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, alias_generator=to_camel, validate_by_name=True
    )


class Diff(_PackPart):
    """One exact change: `before` occurs once in the file, and replacing it by `after` is the whole change."""

    file: str
    before: str
    after: str
    lines_changed: Annotated[int, Field(ge=0)]
    description: str | None = None


class PatchPreview(_PackPart):
    """All changes of a pack. Each diff is exact in the file as the diffs before it left it."""

    diffs: tuple[Diff, ...]


class FixState(StrEnum):
    """Whether a fix can be taken as it is."""

    SOUND = "sound"
    DRAFT = "draft"


class _Mended(_PackPart):
    """What is mended of an issue.

    Attributes:
        state: a draft wants a reader's eye.
        worded_by: the language model that a draft's words come from; None where they are the page's own.
        engines: which engines found it gone, by name.
    """

    issue: str
    state: FixState
    engines: tuple[str, ...]
    description: str | None = None
    worded_by: str | None = None


class FixedIssue(_Mended):
    """An issue that is gone from the patched page."""


class PartlyFixedIssue(_Mended):
    """An issue of which some elements are mended.

    Attributes:
        mended: how many elements.
        elements: how many it had.
        reason: why the others are not.
    """

    mended: int
    elements: int
    reason: str


class UnfixedIssue(_PackPart):
    """An issue that the pack leaves, or whose fix did not pass and was dropped, and why."""

    issue: str
    reason: str


class Verification(_PackPart):
    """How a pack was proven.

    Attributes:
        before, after: the scores by axis; None where an axis could not be judged.
        overall_before, overall_after: the overall scores.
        fixed: what is gone.
        partly: what is gone of some elements.
        left: what the pack did not attempt or could not mend.
        dropped: fixes that were tried and did not pass.
        method: how it was verified, one sentence each, for a reader.
        engines: names and versions of what measured.
        unified_diff, reverse_diff: the whole pack as one patch, and what undoes it.
        details: what else the maker measured (times, pixels that differ, sources).
    """

    before: dict[Axis, Score | None]
    after: dict[Axis, Score | None]
    overall_before: Score | None
    overall_after: Score | None
    fixed: tuple[FixedIssue, ...]
    partly: tuple[PartlyFixedIssue, ...] = ()
    left: tuple[UnfixedIssue, ...] = ()
    dropped: tuple[UnfixedIssue, ...] = ()
    method: tuple[str, ...] = ()
    engines: Mapping[str, str] = {}
    unified_diff: str = ""
    reverse_diff: str = ""
    details: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A picture of the page without or with the pack.

    Attributes:
        name: "before-desktop", "after-desktop", "before-mobile", "after-mobile".
        media_type: image/webp, image/jpeg or image/png.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MadePack:
    """A pack that passed its verification.

    Attributes:
        files_affected: the files that the diffs change, each once.
        issues_fixed: ids of the audit's issues that are gone altogether; none where the pack mends a part of each.
    """

    title: str
    description: str
    patch_preview: PatchPreview
    files_affected: tuple[str, ...]
    issues_fixed: tuple[str, ...]
    verification: Verification
    screenshots: tuple[Screenshot, ...] = ()


class PackMaker(Protocol):
    """An open maker. `make` may be called many times at once."""

    async def make(self, order: PackOrder, progress: ProgressReporter) -> MadePack:
        """Makes one pack.

        Returns:
            A pack that mends at least one element, verified.

        Raises:
            WorkError: there is none to be had. PermanentError with NOTHING_TO_FIX (no fix of this type is possible, or
                none passed) or PAGE_CHANGED (the page is no longer the audited one) or what an audit may fail
                with; TransientError where another attempt may succeed.
        """
        ...


PackMakerFactory: TypeAlias = Callable[[], AbstractAsyncContextManager[PackMaker]]
"""Opens a maker for the length of a drain, and closes everything it started."""
