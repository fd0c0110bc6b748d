"""What is measured of one page, as plain data: the only thing that rules see.

The browser room fills these in; nothing here knows of a browser. A page is not to be trusted: `parse_view` is
the boundary where its strings are capped, its numbers made finite and its indices checked.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from PIL import Image

from cynthia_pipeline.audit.accessibility import AccessibilityFacts, parse_accessibility
from cynthia_pipeline.audit.changes import Changes
from cynthia_pipeline.audit.content import Content, parse_content
from cynthia_pipeline.audit.cuts import Cut
from cynthia_pipeline.audit.enlarged import Enlarged
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.keyboard import Keyboard
from cynthia_pipeline.audit.layout import Layout, parse_layout
from cynthia_pipeline.audit.motion import Motion, parse_motion
from cynthia_pipeline.audit.pictures import opened, upper
from cynthia_pipeline.audit.untrusted import number, text
from cynthia_pipeline.audit.vitals import Vitals, parse_vitals

StyleMap: TypeAlias = Mapping[str, str]
"""Computed CSS values by property name, as the browser serialises them."""


class Viewport(StrEnum):
    """The views that a page is measured in."""

    DESKTOP = "desktop"
    MOBILE = "mobile"

    @property
    def width(self) -> int:
        """CSS px."""
        return 390 if self is Viewport.MOBILE else 1280

    @property
    def height(self) -> int:
        """CSS px."""
        return 844 if self is Viewport.MOBILE else 800


class Part(StrEnum):
    """What is measured of a view beyond its elements, styles, layout and timings, which every rule may use."""

    AXE = "axe"
    NAMES = "names"
    """Names, languages, links and tables: ViewportArtifacts.accessibility."""
    PICTURE = "picture"
    PIXELS = "pixels"
    """Contrast on the picture, where axe could not tell."""
    SECOND_LOOK = "second_look"
    """With less motion wished for, and scrolled through."""
    ENLARGED = "enlarged"
    """At 200 % zoom, with wider text spacing, and 320 px wide."""
    KEYBOARD = "keyboard"
    CHANGES = "changes"
    """Text that changes by itself, which may take some seconds to be sure of."""


EVERY_PART = frozenset(Part)


class Flag(StrEnum):
    """What the in-page script found true of an element; the bit order is the script's."""

    VISIBLE = "visible"
    HIDDEN_FROM_AT = "hidden_from_at"
    DISABLED = "disabled"
    FOCUSABLE = "focusable"
    IN_SHADOW = "in_shadow"
    CLIPPED = "clipped"


_FLAG_BITS = tuple(Flag)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the page.

    Attributes:
        index: place in document order, and its key in ViewArtifacts.elements.
        parent: index of the parent element (the host, for the children of a shadow root).
        nth: place among its siblings of the same tag, from 1.
        flags: VISIBLE means rendered with a size, not transparent and not clipped away.
        style: computed values; empty for what is not visible.
        text: the text directly inside, without that of its children, white space collapsed, capped.
        text_length: length of that text before the cap, characters.
        attributes: those that rules ask for.
        label: index of the <label> that also activates it.
    """

    index: int
    parent: int | None
    tag: str
    id: str
    nth: int
    flags: frozenset[Flag]
    rect: Rect
    style: StyleMap
    text: str
    text_length: int
    attributes: Mapping[str, str]
    label: int | None = None

    @property
    def visible(self) -> bool:
        return Flag.VISIBLE in self.flags

    @property
    def font_size(self) -> float:
        """CSS px; 0 where unknown."""
        return px(self.style.get("font-size", ""))


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of running text, measured by its line boxes.

    Attributes:
        element: index of the block.
        characters: of the whole text, white space collapsed.
        lines: number of line boxes.
        longest_line: characters in the longest line, by its width and the text's mean advance.
        pitch: distance from one baseline to the next, CSS px; 0 with a single line.
    """

    element: int
    characters: int
    lines: int
    longest_line: float
    pitch: float


@dataclass(frozen=True, slots=True)
class AxeNode:
    """One element that an axe rule complained of.

    Attributes:
        element: index where the element is among the measured ones of the top document.
        target: axe's selector of one that is not, frames and shadow roots joined by " >>> "; "" of one that is.
        checks: ids of the failing checks.
        data: the checks' data, merged.
        message: axe's own words, English.
    """

    element: int | None
    target: str
    impact: str | None
    checks: tuple[str, ...]
    data: Mapping[str, Any]
    message: str


@dataclass(frozen=True, slots=True)
class AxeResult:
    """What one axe rule concluded about the view."""

    rule: str
    tags: tuple[str, ...]
    violations: tuple[AxeNode, ...] = ()
    incomplete: tuple[AxeNode, ...] = ()
    passed: bool = False


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """The document as a whole.

    Attributes:
        scroll_width, scroll_height: size of the content, CSS px.
        client_width: width that the layout got, CSS px.
        element_count, measured_count: elements that could be measured, and those that were: the cap's effect.
        meta: contents of <meta name> and <meta property>, by lower-case name.
    """

    title: str
    language: str
    scroll_width: float
    scroll_height: float
    client_width: float
    element_count: int
    measured_count: int
    meta: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a page's picture, as wide as the page.

    Attributes:
        top: its first row in the whole picture, px.
        content: the file.
    """

    top: int
    height: int
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Screenshot:
    """A picture of the page from its top left corner; one picture px is one CSS px.

    Attributes:
        strips: from top to bottom, without gaps: a tall picture as a whole takes more memory than all else.
    """

    media_type: str
    width: int
    height: int
    strips: tuple[Strip, ...]

    @cached_property
    def first(self) -> Image.Image:
        """The uppermost strip, decoded: it is looked at more than once."""
        return opened(self.strips[0])

    @property
    def content(self) -> bytes:
        """The file of a picture that was taken in one piece.

        Raises:
            ValueError: it was taken in strips.
        """
        (whole,) = self.strips
        return whole.content


@dataclass(frozen=True, slots=True)
class PixelContrast:
    """Colours of a text and of what lies behind it, "#rrggbb", where in the picture they differ most."""

    text: str
    behind: str


@dataclass(frozen=True)
class ViewportArtifacts:
    """Everything measured in one viewport."""

    viewport: Viewport
    document: DocumentFacts
    elements: tuple[Element, ...]
    blocks: tuple[TextBlock, ...]
    axe: Mapping[str, AxeResult]
    axe_version: str
    placeholders: Mapping[int, str]
    timings: Mapping[str, float]
    screenshot: Screenshot | None = None
    layout: Layout = field(default_factory=Layout)
    motion: Motion = field(default_factory=Motion)
    vitals: Vitals = field(default_factory=Vitals)
    cut_short: tuple[Cut, ...] = ()
    accessibility: AccessibilityFacts = field(default_factory=AccessibilityFacts)
    keyboard: Keyboard = field(default_factory=Keyboard)
    changes: Changes = field(default_factory=Changes)
    enlarged: Enlarged = field(default_factory=Enlarged)
    content: Content = field(default_factory=Content)
    pixels: Mapping[int, PixelContrast] = field(default_factory=dict)
    likeness: str = ""
    """A digest of the elements and of which are seen, the same in two views that differ in layout only; or ""."""

    @cached_property
    def first_screen(self) -> Image.Image | None:
        """What the picture shows of the page before anything is scrolled; None without a picture."""
        if self.screenshot is None:
            return None
        return upper(self.screenshot, self.viewport.height, self.screenshot.first)

    @cached_property
    def visible(self) -> tuple[Element, ...]:
        """The visible elements, in document order."""
        return tuple(element for element in self.elements if element.visible)

    @cached_property
    def texts(self) -> tuple[Element, ...]:
        """The visible elements with text directly inside that a sighted reader gets."""
        return tuple(element for element in self.visible if element.text_length)

    @cached_property
    def children(self) -> Mapping[int, tuple[Element, ...]]:
        """The visible children of each element that has any, in document order."""
        found: dict[int, list[Element]] = {}
        for element in self.visible:
            if element.parent is not None:
                found.setdefault(element.parent, []).append(element)
        return {parent: tuple(elements) for parent, elements in found.items()}

    @cached_property
    def moving(self) -> frozenset[int]:
        """Elements that an animation moves, and all that they hold: where they are is a matter of the moment."""
        roots = {animation.element for animation in self.motion.animations}
        found: set[int] = set()
        for element in self.elements:
            if element.index in roots or element.parent in found:
                found.add(element.index)
        return frozenset(found)

    @cached_property
    def _id_counts(self) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for element in self.elements:
            if element.id:
                counts[element.id] = counts.get(element.id, 0) + 1
        return counts

    def name_of(self, element: Element) -> str:
        """What a link, a button or a heading says; of others their own text."""
        return self.content.names.get(element.index, element.text)

    def ancestors(self, element: Element) -> list[Element]:
        """From the parent to the root."""
        found: list[Element] = []
        index = element.parent
        while index is not None:
            found.append(self.elements[index])
            index = self.elements[index].parent
        return found

    def descendants(self, element: Element) -> Iterator[Element]:
        """All that `element` holds. Document order keeps a subtree together: it ends where a parent comes before it."""
        for index in range(element.index + 1, len(self.elements)):
            child = self.elements[index]
            if child.parent is None or child.parent < element.index:
                return
            yield child

    def path(self, element: Element) -> str:
        """A CSS selector that leads to `element`: from the nearest unique id, else from the root.

        A " >>> " stands where the path enters a shadow root.
        """
        unknown: list[Element] = []
        current: Element | None = element
        while current is not None and current.index not in self._paths:
            unknown.append(current)
            current = self.elements[current.parent] if current.parent is not None else None
        for step in reversed(unknown):
            self._paths[step.index] = self._path_from_parent(step)
        return self._paths[element.index]

    @cached_property
    def _paths(self) -> dict[int, str]:
        """The paths that were asked for, and those on the way."""
        return {}

    def _path_from_parent(self, element: Element) -> str:
        """The path of an element whose parent's path is known."""
        if element.id and self._id_counts[element.id] == 1 and Flag.IN_SHADOW not in element.flags:
            return f"#{css_identifier(element.id)}"
        step = element.tag if element.tag in ("html", "body") else f"{element.tag}:nth-of-type({element.nth})"
        if element.parent is None:
            return step
        parent = self.elements[element.parent]
        enters_shadow = Flag.IN_SHADOW in element.flags and Flag.IN_SHADOW not in parent.flags
        return f"{self._paths[parent.index]} {'>>>' if enters_shadow else '>'} {step}"


@dataclass(frozen=True, slots=True)
class PageArtifacts:
    """Everything measured of one page.

    Attributes:
        cut_short: what could not be measured whole, beyond what each view says of itself.
        timings_ms: how long each part of the work took, for the report's details.
        engine: names and versions of what measured.
    """

    url: str
    final_url: str
    desktop: ViewportArtifacts
    mobile: ViewportArtifacts
    cut_short: tuple[Cut, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    engine: Mapping[str, str] = field(default_factory=dict)

    def view(self, viewport: Viewport) -> ViewportArtifacts:
        """The artifacts of one viewport."""
        return self.mobile if viewport is Viewport.MOBILE else self.desktop


def px(value: str) -> float:
    """The number in a computed length such as "16px"; 0 for anything else ("normal", "auto", "50%")."""
    if not value.endswith("px"):
        return 0.0
    try:
        number = float(value[:-2])
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0


def css_identifier(name: str) -> str:
    r"""`name` as CSS.escape writes it: what is not a plain identifier gets its hexadecimal escape."""
    escaped: list[str] = []
    for position, char in enumerate(name):
        plain = char.isascii() and (char.isalnum() or char in "-_")
        leading_digit = char.isdigit() and (position == 0 or (position == 1 and name[0] == "-"))
        if (plain and not leading_digit and name != "-") or not char.isascii():
            escaped.append(char)
        else:
            escaped.append(f"\\{ord(char):x} ")
    return "".join(escaped)


def parse_view(payload: str, viewport: Viewport, screenshot: Screenshot | None) -> ViewportArtifacts:
    """Turns what the in-page script answered into artifacts.

    Raises:
        ValueError, KeyError, TypeError, IndexError, AttributeError: the answer is not in the script's shape.
    """
    answer: dict[str, Any] = json.loads(payload)
    names: list[str] = answer["properties"]
    styles = [dict(zip(names, values, strict=True)) for values in answer["styles"]]
    elements = tuple(_element(index, row, styles) for index, row in enumerate(answer["elements"]))
    count = len(elements)
    document = answer["document"]
    return ViewportArtifacts(
        viewport=viewport,
        document=DocumentFacts(
            title=text(document["title"]),
            language=text(document["language"]),
            scroll_width=number(document["scrollWidth"]),
            scroll_height=number(document["scrollHeight"]),
            client_width=number(document["clientWidth"]),
            element_count=int(number(document["elementCount"])),
            measured_count=int(number(document["measuredCount"])),
            meta={text(name): text(content) for name, content in document["meta"]},
        ),
        elements=elements,
        blocks=tuple(
            TextBlock(int(row[0]), int(row[1]), int(row[2]), number(row[3]), number(row[4]))
            for row in answer["blocks"]
            if 0 <= int(row[0]) < count
        ),
        axe={result["rule"]: _axe_result(result, count) for result in answer["axe"]},
        axe_version=text(answer["axeVersion"]),
        placeholders={int(index): text(color) for index, color in answer["placeholders"]},
        timings={text(name): number(value) for name, value in answer["timings"].items()},
        screenshot=screenshot,
        layout=parse_layout(answer["layout"], count),
        motion=parse_motion(answer["motion"], count),
        vitals=parse_vitals(answer["vitals"], count),
        accessibility=parse_accessibility(answer["accessibility"], count)
        if answer.get("accessibility")
        else AccessibilityFacts(),
        content=parse_content(answer, count),
        likeness=text(answer.get("likeness", "")),
    )


def _element(index: int, row: list[Any], styles: list[dict[str, str]]) -> Element:
    parent, tag, identifier, nth, bits, x, y, width, height, style, own_text, length, attributes, label = row
    if not -1 <= parent < index:
        raise ValueError(f"element {index} names {parent} as its parent")
    return Element(
        index=index,
        parent=None if parent < 0 else parent,
        tag=text(tag),
        id=text(identifier),
        nth=int(nth),
        flags=_flags(int(bits)),
        rect=Rect(number(x), number(y), max(number(width), 0.0), max(number(height), 0.0)),
        style={} if style < 0 else styles[style],
        text=text(own_text),
        text_length=int(length),
        attributes={name: text(value) for name, value in attributes.items()} if attributes else {},
        label=None if label < 0 else int(label),
    )


_FLAG_SETS = [
    frozenset(flag for bit, flag in enumerate(_FLAG_BITS) if bits >> bit & 1) for bits in range(1 << len(_FLAG_BITS))
]


def _flags(bits: int) -> frozenset[Flag]:
    return _FLAG_SETS[bits]


def _axe_result(result: dict[str, Any], count: int) -> AxeResult:
    return AxeResult(
        rule=text(result["rule"]),
        tags=tuple(text(tag) for tag in result["tags"]),
        violations=tuple(_axe_node(node, count) for node in result["violations"]),
        incomplete=tuple(_axe_node(node, count) for node in result["incomplete"]),
        passed=bool(result["passed"]),
    )


def _axe_node(node: dict[str, Any], count: int) -> AxeNode:
    element = node["element"]
    return AxeNode(
        element=element if isinstance(element, int) and 0 <= element < count else None,
        target=text(node["target"]),
        impact=node["impact"] if isinstance(node["impact"], str) else None,
        checks=tuple(text(check) for check in node["checks"]),
        data=node["data"] if isinstance(node["data"], dict) else {},
        message=text(node["message"]),
    )
