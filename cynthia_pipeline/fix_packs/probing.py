"""What fixers and the verification see of a page: its artifacts, its sources, and what the browser says of both.

`Prober` is implemented by the browser room. Everything else here is plain data.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeAlias

from cynthia_pipeline.audit.artifacts import EVERY_PART, PageArtifacts, Part, Screenshot, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.rules.model import Rule
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.parts import joined
from cynthia_pipeline.messages import Language


@dataclass(frozen=True, slots=True)
class Source:
    """One text file of the page, as it was received.

    Attributes:
        media_type: "text/html" or "text/css".
        headers: those of its answer that change how a page behaves.
    """

    url: str
    media_type: str
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accessible:
    """What the browser tells assistive technology of an element.

    Attributes:
        ignored: left out of the accessibility tree.
    """

    role: str
    name: str
    ignored: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """One CSS declaration that applies to an element, or to an ancestor that it inherits from.

    Attributes:
        name: as written: a longhand, a shorthand or a custom property.
        selector: of its rule; empty for a style attribute.
        depth: 0 for the element itself, 1 for its parent, and so on.
        source: address of the file that holds it; None where that is unknown, and for style attributes.
        start, end: its place in that file, from its name to the end of its value.
        conditions: the media and container queries that its rule stands in.
    """

    name: str
    value: str
    important: bool
    selector: str
    depth: int
    source: str | None
    start: int = 0
    end: int = 0
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class ViewProbe:
    """One viewport of a probed page.

    Attributes:
        accessible: by element index; what the browser has no answer for is missing.
        declarations: by element index, weakest first; only of the elements that were asked for.
        text: all visible text of the body, as a reader would copy it.
    """

    artifacts: ViewportArtifacts
    accessible: Mapping[int, Accessible]
    declarations: Mapping[int, tuple[Declaration, ...]]
    text: str
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class Probe:
    """A page in both viewports.

    Attributes:
        page_url: where the document came from, after redirects.
        parts: what was measured beyond what every rule may use.
    """

    page_url: str
    artifacts: PageArtifacts
    desktop: ViewProbe
    mobile: ViewProbe
    parts: frozenset[Part] = EVERY_PART

    def view(self, viewport: Viewport) -> ViewProbe:
        """One viewport."""
        return self.mobile if viewport is Viewport.MOBILE else self.desktop

    def pictured(self, shots: Mapping[Viewport, Screenshot]) -> "Probe":
        """This with other pictures."""

        def showing(view: ViewProbe) -> ViewProbe:
            return replace(view, artifacts=replace(view.artifacts, screenshot=shots[view.artifacts.viewport]))

        return replace(
            self, desktop=showing(self.desktop), mobile=showing(self.mobile), parts=self.parts | {Part.PICTURE}
        )

    def with_parts(self, other: "Probe", parts: frozenset[Part]) -> "Probe | None":
        """This with `parts` of `other`; None if the two have not the same elements, by which parts are told."""
        desktop = joined(self.desktop.artifacts, other.desktop.artifacts, parts)
        mobile = joined(self.mobile.artifacts, other.mobile.artifacts, parts)
        if desktop is None or mobile is None:
            return None
        return replace(
            self,
            artifacts=replace(self.artifacts, desktop=desktop, mobile=mobile),
            desktop=replace(self.desktop, artifacts=desktop),
            mobile=replace(self.mobile, artifacts=mobile),
            parts=self.parts | parts,
        )


AskedElements: TypeAlias = Callable[[ViewportArtifacts], Iterable[int]]
"""Indices of the elements whose declarations are wanted."""


def none_asked(_: ViewportArtifacts) -> Iterable[int]:
    """No element's declarations are wanted."""
    return ()


@dataclass(frozen=True, slots=True)
class PageUnderTest:
    """Which page is probed.

    Attributes:
        html: the page's source, for a page without an address.
        replaced: text by address, served in place of what is there; an address that the site does not have is added.
    """

    url: str
    language: Language
    html: str | None = None
    replaced: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One attribute of one element: its new value, or None where it goes.

    Attributes:
        path: a selector that leads to the element.
        tag: of the element, as a proof that it does.
    """

    path: str
    tag: str
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class LiveChanges:
    """What is changed of a page that is open.

    Attributes:
        css: a stylesheet that is added behind all others.
        sheets: edits of style sheets by the address of the file that holds them: their own, or the document's.
    """

    css: str = ""
    sheets: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    attributes: tuple[AttributeChange, ...] = ()


def axe_rules_of(rule: Rule) -> frozenset[str]:
    """The rules of axe, by its own names, that a rule goes by, where it needs axe at all."""
    name = rule.id.removeprefix("axe-")
    return frozenset(rule.absorbs) if name == rule.id else frozenset((name,))


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of a page is measured.

    Attributes:
        axe_rules: of axe's rules only these; unset, all of them.
    """

    parts: frozenset[Part] = EVERY_PART
    axe_rules: frozenset[str] | None = None

    def covers(self, rule: Rule) -> bool:
        """Whether a rule can be asked."""
        is_run = self.axe_rules is None or Part.AXE not in rule.needs or axe_rules_of(rule) <= self.axe_rules
        return is_run and rule.needs <= self.parts


WHOLE: Final = Scope()
"""All that an audit measures."""


class OpenedPage(Protocol):
    """A page that was probed and is still open."""

    @property
    def probe(self) -> Probe:
        """What was measured of it when it was opened."""
        ...

    async def changed(self, changes: LiveChanges, scope: "Scope") -> Probe | None:
        """Measures it with these changes and no others; None once it cannot be any more."""
        ...

    async def pictured(self, probe: Probe) -> Probe | None:
        """`probe`, which is what was measured last, with its pictures; None as `changed`."""
        ...

    async def completed(self, parts: frozenset[Part]) -> Probe | None:
        """What was measured of it when it was opened, and these parts, which were not; None as `changed`."""
        ...


class AwaitingPage(Protocol):
    """A page that is being opened, or is open and still, and that nothing was measured of yet."""

    async def measured(self, scope: Scope = WHOLE) -> Probe:
        """Measures it in both viewports; to be asked for once.

        Raises:
            WorkError: it could not be opened or measured, as an audit.
        """
        ...


class Prober(Protocol):
    """Opens pages in a real browser. May be called many times at once."""

    def opened(
        self, page: PageUnderTest, asked: AskedElements = none_asked, scope: Scope = WHOLE
    ) -> AbstractAsyncContextManager[OpenedPage]:
        """Measures the page, and keeps it open in both viewports until the context is left.

        Raises:
            WorkError: on entering: it could not be opened or measured, as an audit.
        """
        ...

    def awaiting(self, page: PageUnderTest) -> AbstractAsyncContextManager[AwaitingPage]:
        """Begins to open the page in both viewports; it is closed when the context is left, measured or not."""
        ...
