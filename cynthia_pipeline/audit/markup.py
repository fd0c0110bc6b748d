"""What a page's markup says or leaves out, as js/markup.js and js/styled.js read it. Parsed here, at the boundary.

Every `element` is an index into ViewportArtifacts.elements.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from cynthia_pipeline.audit.untrusted import number, text

_WORDS_CAP = 4_000


@dataclass(frozen=True, slots=True)
class Counted:
    """An element and how many of a thing were counted there."""

    element: int
    count: int


@dataclass(frozen=True, slots=True)
class Said:
    """An element and words that belong to it."""

    element: int
    words: str


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """What names a field.

    Attributes:
        only_placeholder: whether nothing but its placeholder does.
        labels: visible <label>s.
        gap: from the label's words to the field in the same row, CSS px.
        placeholder: where it is the only name.
    """

    element: int
    only_placeholder: bool
    labels: int
    gap: float
    placeholder: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words between a label and its field."""

    field: int
    element: int
    words: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Radio buttons or checkboxes of one name; `element` is the first."""

    element: int
    count: int
    is_grouped: bool


@dataclass(frozen=True, slots=True)
class FrameWords:
    """A named frame of the page's own site, and what it shows."""

    element: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class EmbeddedMedia:
    """An <object> that shows a picture, a film or a recording."""

    element: int
    is_named: bool
    file: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message about wrong input; `label` is that of the field beside it."""

    element: int
    words: str
    is_heard: bool
    label: str


@dataclass(frozen=True, slots=True)
class AriaValue:
    """An ARIA attribute whose value cannot refer to anything."""

    element: int
    attribute: str
    value: str


@dataclass(frozen=True, slots=True)
class SharedId:
    """A reference to an id that `count` elements have."""

    element: int
    attribute: str
    id: str
    count: int


@dataclass(frozen=True, slots=True)
class FixedSpacing:
    """Spacing that a style attribute declares important, in times of the font size."""

    element: int
    property: str
    times: float


@dataclass(frozen=True, slots=True)
class Markup:
    """All that js/markup.js reads.

    Attributes:
        plain_lists: elements with lines that begin with the same mark.
        loose_links: the first of several links with nothing between them.
        form_errors: messages about mistakes in a form that marks no field.
    """

    plain_lists: tuple[Counted, ...] = ()
    loose_links: tuple[Counted, ...] = ()
    empty_paragraphs: tuple[int, ...] = ()
    labels: tuple[FieldLabel, ...] = ()
    notes: tuple[Note, ...] = ()
    choices: tuple[Choices, ...] = ()
    frame_words: tuple[FrameWords, ...] = ()
    objects: tuple[EmbeddedMedia, ...] = ()
    form_errors: tuple[Said, ...] = ()
    messages: tuple[Message, ...] = ()
    aria_values: tuple[AriaValue, ...] = ()
    shared_ids: tuple[SharedId, ...] = ()
    fixed_spacing: tuple[FixedSpacing, ...] = ()


@dataclass(frozen=True, slots=True)
class Turned:
    """An element that another orientation of the screen turns, by so many degrees clockwise."""

    element: int
    degrees: float


@dataclass(frozen=True, slots=True)
class HoverOnly:
    """Content that only the pointer shows, and what it has to be on; -1 if that is not measured."""

    element: int
    owner: int


@dataclass(frozen=True, slots=True)
class Styled:
    """What style rules do that the elements do not tell.

    Attributes:
        texts: words written by ::before and ::after.
        pointers: elements that get the hand under the pointer, and hidden ones with a click
            handler and a few words that would.
        turnable: visible elements for which a rule holds a turn that depends on the orientation, whichever is present.
    """

    texts: tuple[Said, ...] = ()
    turned: tuple[Turned, ...] = ()
    hovered: tuple[HoverOnly, ...] = ()
    pointers: frozenset[int] = frozenset()
    turnable: int = 0


def parse_markup(answer: Mapping[str, Any], count: int) -> Markup:
    """The markup of a page of `count` elements.

    Raises:
        ValueError, KeyError, TypeError, IndexError: the answer is not in the script's shape.
    """
    rows = partial(_rows, answer, count)
    return Markup(
        plain_lists=tuple(Counted(int(r[0]), int(r[1])) for r in rows("plainLists")),
        loose_links=tuple(Counted(int(r[0]), int(r[1])) for r in rows("looseLinks")),
        empty_paragraphs=tuple(int(index) for index in answer["emptyParagraphs"] if 0 <= int(index) < count),
        labels=tuple(FieldLabel(int(r[0]), bool(r[1]), int(r[2]), number(r[3]), text(r[4])) for r in rows("labels")),
        notes=tuple(Note(int(r[0]), int(r[1]), text(r[2])) for r in rows("notes") if 0 <= int(r[1]) < count),
        choices=tuple(Choices(int(r[0]), int(r[1]), bool(r[2])) for r in rows("choices")),
        frame_words=tuple(FrameWords(int(r[0]), text(r[1]), text(r[2], _WORDS_CAP)) for r in rows("frameWords")),
        objects=tuple(EmbeddedMedia(int(r[0]), bool(r[1]), text(r[2])) for r in rows("objects")),
        form_errors=tuple(Said(int(r[0]), text(r[1])) for r in rows("formErrors")),
        messages=tuple(Message(int(r[0]), text(r[1]), bool(r[2]), text(r[3])) for r in rows("messages")),
        aria_values=tuple(AriaValue(int(r[0]), text(r[1]), text(r[2])) for r in rows("ariaValues")),
        shared_ids=tuple(SharedId(int(r[0]), text(r[1]), text(r[2]), int(r[3])) for r in rows("sharedIds")),
        fixed_spacing=tuple(FixedSpacing(int(r[0]), text(r[1]), number(r[2])) for r in rows("fixedSpacing")),
    )


def parse_styled(answer: Mapping[str, Any], count: int) -> Styled:
    """What style rules do on a page of `count` elements.

    Raises:
        ValueError, KeyError, TypeError, IndexError: the answer is not in the script's shape.
    """
    rows = partial(_rows, answer, count)
    return Styled(
        texts=tuple(Said(int(r[0]), text(r[1])) for r in rows("texts")),
        turned=tuple(Turned(int(r[0]), number(r[1])) for r in rows("turned")),
        hovered=tuple(HoverOnly(int(r[0]), int(r[1])) for r in rows("hovered") if int(r[1]) < count),
        pointers=frozenset(int(index) for index in answer["pointers"] if 0 <= int(index) < count),
        turnable=int(number(answer["turnable"])),
    )


def _rows(answer: Mapping[str, Any], count: int, name: str) -> Iterator[Sequence[Any]]:
    """The rows of this name that are about an element there is."""
    return (row for row in answer[name] if 0 <= int(row[0]) < count)
