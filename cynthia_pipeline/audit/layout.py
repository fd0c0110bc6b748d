"""How a page's boxes are spaced and where its text lies, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.untrusted import number

SPACING_PROPERTIES: Final = (
    "margin-top",
    "margin-right",
    "margin-bottom",
    "margin-left",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "row-gap",
    "column-gap",
)
"""In the order of the script's rows."""


@dataclass(frozen=True, slots=True)
class TextCut:
    """Text that a box with hidden overflow cuts.

    Attributes:
        text: index of the element whose own text is cut.
        box: index of the element that cuts it.
        downwards: through a line of it, rather than at its side.
        hidden: how far the text reaches beyond the box, CSS px.
    """

    text: int
    box: int
    downwards: bool
    hidden: float


@dataclass(frozen=True, slots=True)
class TextOverlap:
    """Two elements whose lines of text cross, with nothing between them that would cover one.

    Attributes:
        first, second: their indices, in document order.
        width, height: of the crossing, CSS px.
    """

    first: int
    second: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link to a place in the page.

    Attributes:
        link, target: indices of both.
        scroll_margin: room that the target keeps above itself when it is scrolled to, CSS px.
    """

    link: int
    target: int
    scroll_margin: float


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of a view's layout beyond each element's box.

    Attributes:
        spacing: by element, its spacing properties that are not 0, CSS px; "auto" ones are left out.
        ink: by element, the box around its own text, page coordinates.
        pinned: fixed and sticky elements, with their `top` in CSS px where they have one.
        scroll_padding: of the root, above, CSS px.
    """

    spacing: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    ink: Mapping[int, Rect] = field(default_factory=dict)
    cuts: tuple[TextCut, ...] = ()
    overlaps: tuple[TextOverlap, ...] = ()
    pinned: Mapping[int, float | None] = field(default_factory=dict)
    anchors: tuple[Anchor, ...] = ()
    scroll_padding: float = 0.0


def parse_layout(answer: dict[str, Any], count: int) -> Layout:
    """The layout from the in-page script's answer, for a view of `count` elements.

    Raises:
        ValueError, KeyError, TypeError, IndexError: the answer is not in the script's shape.
    """

    def known(*indices: object) -> bool:
        return all(isinstance(index, int) and 0 <= index < count for index in indices)

    return Layout(
        spacing={row[0]: _spacing(row[1:]) for row in answer["spacing"] if known(row[0])},
        ink={row[0]: _rect(row[1:]) for row in answer["ink"] if known(row[0])},
        cuts=tuple(
            TextCut(row[0], row[1], bool(row[2]), number(row[3])) for row in answer["cuts"] if known(row[0], row[1])
        ),
        overlaps=tuple(
            TextOverlap(row[0], row[1], number(row[2]), number(row[3]))
            for row in answer["overlaps"]
            if known(row[0], row[1])
        ),
        pinned={row[0]: None if row[1] is None else number(row[1]) for row in answer["pinned"] if known(row[0])},
        anchors=tuple(Anchor(row[0], row[1], number(row[2])) for row in answer["anchors"] if known(row[0], row[1])),
        scroll_padding=number(answer["scrollPaddingTop"]),
    )


def _spacing(values: list[Any]) -> dict[str, float]:
    return {name: number(value) for name, value in zip(SPACING_PROPERTIES, values, strict=True) if value}


def _rect(values: list[Any]) -> Rect:
    x, y, width, height = (number(value) for value in values)
    return Rect(x, y, max(width, 0.0), max(height, 0.0))
