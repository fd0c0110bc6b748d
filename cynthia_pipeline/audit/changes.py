"""Text that changed by itself while a page was measured, as js/changes.js saw it. Parsed here, at the boundary."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cynthia_pipeline.audit.untrusted import number, text


@dataclass(frozen=True, slots=True)
class ChangingText:
    """An element whose own text changed with nobody touching the page.

    Attributes:
        element: an index into ViewportArtifacts.elements.
        changes: how often.
        seconds: from the first change to the last that was seen; the watch ends soon after six.
        samples: what it said, the latest last.
        is_alone: whether the page says nothing else.
    """

    element: int
    changes: int
    seconds: float
    samples: tuple[str, ...]
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """All of it.

    Attributes:
        is_watched: whether anything was looked for.
        controls: what the page's controls say, if a text changed; empty for one that says nothing.
    """

    is_watched: bool = False
    texts: tuple[ChangingText, ...] = ()
    controls: tuple[str, ...] = ()


def parse_changes(answer: Mapping[str, Any], count: int) -> Changes:
    """The changes among `count` elements.

    Raises:
        ValueError, KeyError, TypeError: the answer is not in the script's shape.
    """
    texts = tuple(
        ChangingText(int(index), int(changes), number(span) / 1000, tuple(map(text, samples)), not others)
        for index, changes, span, samples, others in answer["texts"]
        if 0 <= int(index) < count
    )
    return Changes(is_watched=True, texts=texts, controls=tuple(map(text, answer["controls"])))
