"""What becomes of a page when its text gets larger or its window smaller. Indices are of ViewportArtifacts.elements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cynthia_pipeline.audit.untrusted import number


@dataclass(frozen=True, slots=True)
class TextCut:
    """A text that was seen whole before, and what cuts it now.

    Attributes:
        by: index of the box with hidden overflow.
        lost: how far the text reaches beyond it, CSS px.
    """

    element: int
    by: int
    lost: float


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The page at the width of a phone of 320 px.

    Attributes:
        scroll_width: of the content, CSS px.
        client_width: of the view, CSS px.
        sticking_out: right edges of the outermost elements beyond the view, CSS px, by element.
    """

    scroll_width: float
    client_width: float
    sticking_out: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enlarged:
    """All of it; None for what was not tried in this view.

    Attributes:
        zoomed: texts that are cut at twice the size, which is half the window.
        spaced: texts that are cut with the text spacing of WCAG 2.2 SC 1.4.12.
    """

    zoomed: tuple[TextCut, ...] | None = None
    spaced: tuple[TextCut, ...] | None = None
    narrowed: Narrowed | None = None


def parse_cuts(answer: Sequence[Sequence[Any]], count: int) -> tuple[TextCut, ...]:
    """The cuts among `count` elements that js/enlarged.js answered with.

    Raises:
        ValueError, KeyError, TypeError: the answer is not in the script's shape.
    """
    rows = [(int(row[0]), int(row[1]), number(row[2])) for row in answer]
    return tuple(TextCut(*row) for row in rows if 0 <= row[0] < count and 0 <= row[1] < count)


def parse_width(answer: Mapping[str, Any], count: int) -> Narrowed:
    """The width of the content, as `parse_cuts`."""
    edges = {int(index): number(right) for index, right in answer["out"] if 0 <= int(index) < count}
    return Narrowed(number(answer["scroll"]), number(answer["client"]), edges)
