"""What accessibility rules ask of a page beyond its elements and axe's answers. Parsed here, at the boundary.

Every `element` is an index into ViewportArtifacts.elements.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cynthia_pipeline.audit.markup import Markup, parse_markup
from cynthia_pipeline.audit.recordings import Media, Reading, parse_media, parse_reading

_WORDS_CAP = 4000
"""Longest text that is compared or whose language is told, characters."""


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A link that shares its accessible name with one that leads to another address.

    Attributes:
        context: what tells links of one name apart: index of the paragraph, item or cell around it, or of the heading
            before it; -1 for none.
        content: what is at the address, as text; None where it cannot be known.
    """

    element: int
    name: str
    address: str
    context: int
    content: str | None


@dataclass(frozen=True, slots=True)
class NamedFrame:
    """A frame that shares its accessible name with another."""

    element: int
    name: str
    address: str
    content: str | None


@dataclass(frozen=True, slots=True)
class ProhibitedName:
    """An element with a name, or a word for its role, that the role may not have."""

    element: int
    role: str
    attribute: str
    has_text: bool


@dataclass(frozen=True, slots=True)
class Swallowed:
    """Something focusable inside an element whose content assistive technology does not see."""

    element: int
    role: str
    inner: int


@dataclass(frozen=True, slots=True)
class Field:
    """A field to fill in; `place` is equal for fields that nothing but their names tells apart."""

    element: int
    type: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Text and the language it claims to be in; `element` None for the page's own."""

    element: int | None
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Bypass:
    """Ways past what every page of a site repeats.

    Attributes:
        blocks: navigation, header, footer and asides that content follows, and that hold something to activate or, on a
            page that leads to others, are navigation or asides.
        may_fold: whether a control before them refers to one of them.
        content_headings: headings outside of them.
        skip_links: among the first five stops of the Tab key, those that lead to a place on the page.
        stops_before: stops of the Tab key before the end of the first block.
        words, links: on the whole page.
    """

    blocks: tuple[int, ...] = ()
    may_fold: bool = False
    main: int | None = None
    content_headings: int = 0
    skip_links: tuple[int, ...] = ()
    stops_before: int = 0
    words: int = 0
    links: int = 0

    @property
    def has_way(self) -> bool:
        """Whether a landmark, a heading or a link leads past the blocks."""
        return self.main is not None or bool(self.content_headings or self.skip_links)


@dataclass(frozen=True, slots=True)
class SilentText:
    """Words that are seen and not heard.

    Attributes:
        name: what is heard instead; empty for nothing.
    """

    element: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class DrawnLink:
    """A link inside of a drawing.

    Attributes:
        element: the drawing.
        is_explained: whether an ARIA attribute of its own names or describes it.
        beside: what the drawing says outside of its links.
    """

    element: int
    name: str
    is_explained: bool
    beside: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A control with words of its own and an ARIA name in their place."""

    element: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field marked as wrong that refers to a message; `message` is what of it is shown."""

    element: int
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class AccessibilityFacts:
    """All of it.

    Attributes:
        headers: for each header cell, whether a cell is assigned to it.
        scrollers: for each area that scrolls and shows text, whether the Tab key reaches it or something in it.
        drawings: drawings whose words assistive technology does not get.
        silent_words: words in links and buttons that their names leave out.
    """

    links: tuple[NamedLink, ...] = ()
    frames: tuple[NamedFrame, ...] = ()
    prohibited_names: tuple[ProhibitedName, ...] = ()
    swallowed: tuple[Swallowed, ...] = ()
    headers: Mapping[int, bool] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    passages: tuple[Passage, ...] = ()
    bypass: Bypass = field(default_factory=Bypass)
    media: tuple[Media, ...] = ()
    reading: Reading = field(default_factory=Reading)
    scrollers: Mapping[int, bool] = field(default_factory=dict)
    drawings: tuple[SilentText, ...] = ()
    drawn_links: tuple[DrawnLink, ...] = ()
    silent_words: tuple[SilentText, ...] = ()
    errors: tuple[FieldError, ...] = ()
    labelled: tuple[Labelled, ...] = ()
    markup: Markup = field(default_factory=Markup)


def parse_accessibility(answer: Mapping[str, Any], count: int) -> AccessibilityFacts:
    """Turns what js/accessibility.js answered into facts about a page of `count` elements.

    Raises:
        ValueError, KeyError, TypeError: the answer is not in the script's shape.
    """

    def rows(name: str) -> Iterator[Sequence[Any]]:
        return (row for row in answer[name] if 0 <= int(row[0]) < count)

    return AccessibilityFacts(
        links=tuple(NamedLink(int(r[0]), _text(r[1]), _text(r[2]), int(r[3]), _maybe(r[4])) for r in rows("links")),
        frames=tuple(NamedFrame(int(r[0]), _text(r[1]), _text(r[2]), _maybe(r[3])) for r in rows("frames")),
        prohibited_names=tuple(
            ProhibitedName(int(r[0]), _text(r[1]), _text(r[2]), bool(r[3])) for r in rows("nameless")
        ),
        swallowed=tuple(
            Swallowed(int(r[0]), _text(r[1]), int(r[2])) for r in rows("presentational") if 0 <= int(r[2]) < count
        ),
        headers={int(r[0]): bool(r[1]) for r in rows("headers")},
        fields=tuple(Field(int(r[0]), _text(r[1]), _text(r[2]), _text(r[3])) for r in rows("fields")),
        passages=tuple(
            Passage(None if r[0] < 0 else int(r[0]), _text(r[1]), _text(r[2]))
            for r in answer["languages"]
            if int(r[0]) < count
        ),
        bypass=_bypass(answer["bypass"], count),
        media=tuple(parse_media(row) for row in rows("media")),
        reading=parse_reading(answer["reading"]),
        scrollers={int(r[0]): bool(r[1]) for r in rows("scrollers")},
        drawings=tuple(SilentText(int(r[0]), "", _text(r[1])) for r in rows("drawings")),
        drawn_links=tuple(DrawnLink(int(r[0]), _text(r[1]), bool(r[2]), _text(r[3])) for r in rows("drawnLinks")),
        silent_words=tuple(SilentText(int(r[0]), _text(r[1]), _text(r[2])) for r in rows("silentWords")),
        errors=tuple(FieldError(int(r[0]), _text(r[1]), _text(r[2])) for r in rows("errors")),
        labelled=tuple(Labelled(int(r[0]), _text(r[1]), _text(r[2])) for r in rows("labels")),
        markup=parse_markup(answer["markup"], count),
    )


def _bypass(answer: Mapping[str, Any], count: int) -> Bypass:
    return Bypass(
        blocks=tuple(int(index) for index in answer["blocks"] if 0 <= index < count),
        may_fold=bool(answer["folds"]),
        main=int(answer["main"]) if 0 <= answer["main"] < count else None,
        content_headings=int(answer["contentHeadings"]),
        skip_links=tuple(int(index) for index in answer["skipLinks"] if 0 <= index < count),
        stops_before=int(answer["stopsBefore"]),
        words=int(answer["words"]),
        links=int(answer["links"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(char if char.isprintable() else " " for char in value[:_WORDS_CAP])


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)
