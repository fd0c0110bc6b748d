"""What a patch may not do: pass a check by taking something away from those who use the page.

Pure: two measurements of a page and which element is which. Everything is looked at, not only what a fix says it
touched. A loss is a fact about an element; what caused it, the verification finds out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cynthia_pipeline.audit.artifacts import Element, Flag
from cynthia_pipeline.fix_packs.alignment import Pairs
from cynthia_pipeline.fix_packs.probing import Accessible, ViewProbe

_SAME_SIZE = 0.99
"""Share of its font size that a text must keep; less is no rounding."""

_FAINT = 0.01
"""Opacity of a text's colour below which nobody sees it."""

_WEAK: Final = frozenset(
    (
        "generic", "none", "", "GenericContainer", "Section", "presentation", "LabelText",
        "LayoutTable", "LayoutTableRow", "LayoutTableCell",
    )
)  # fmt: skip
"""Roles that say nothing of what an element is: any other is better. A table without heads is one for the layout."""

_GIVEN_UP: Final = ("href", "onclick", "controls", "contenteditable")
"""Attributes that make an element do something."""


class Loss(StrEnum):
    """What was taken away."""

    GONE = "the element is gone"
    INVISIBLE = "it can no longer be seen"
    HIDDEN = "it is hidden from assistive technology"
    ROLE = "its role is gone or another one"
    NAME = "its name is gone"
    FOCUS = "the keyboard no longer reaches it"
    DISABLED = "it is disabled"
    TEXT = "text of it is gone"
    SHRUNK = "its text is smaller"
    FUNCTION = "it no longer does what it did"


@dataclass(frozen=True, slots=True)
class LostMeaning:
    """One loss, by the index of the element before."""

    element: int
    loss: Loss


def losses(
    before: ViewProbe,
    after: ViewProbe,
    pairs: Pairs,
    *,
    decorative: frozenset[int] = frozenset(),
    renamed: frozenset[int] = frozenset(),
    reworded: bool = False,
    heard: bool = True,
) -> Iterator[LostMeaning]:
    """What elements of `before` no longer have in `after`.

    Args:
        before, after: the two measurements.
        pairs: which element is which.
        decorative: pictures that a fix declares to carry nothing of their own.
        renamed: elements whose role a fix changes on purpose, to one that says more.
        reworded: whether texts may change.
        heard: whether it was asked of both which elements scripts listen on.
    """
    given_up = _GIVEN_UP if heard else tuple(name for name in _GIVEN_UP if name != "onclick")
    for element in before.artifacts.elements:
        index = element.index
        if index not in pairs:
            yield LostMeaning(index, Loss.GONE)
            continue
        now = after.artifacts.elements[pairs[index]]
        if any(name in element.attributes and name not in now.attributes for name in given_up):
            yield LostMeaning(index, Loss.FUNCTION)
        for loss in _of_element(element, now, reworded=reworded):
            yield LostMeaning(index, loss)
        was, is_now = before.accessible.get(index), after.accessible.get(pairs[index])
        if was is not None and index not in decorative:
            for loss in _of_accessible(was, is_now, may_change=index in renamed):
                yield LostMeaning(index, loss)


def _of_element(was: Element, now: Element, *, reworded: bool) -> Iterator[Loss]:
    if was.visible and not now.visible:
        yield Loss.INVISIBLE
    if Flag.HIDDEN_FROM_AT in now.flags and Flag.HIDDEN_FROM_AT not in was.flags:
        yield Loss.HIDDEN
    if Flag.DISABLED in now.flags and Flag.DISABLED not in was.flags:
        yield Loss.DISABLED
    if Flag.FOCUSABLE in was.flags and (Flag.FOCUSABLE not in now.flags or (_out_of_reach(now) > _out_of_reach(was))):
        yield Loss.FOCUS
    if was.text_length and (now.text_length == 0 or (not reworded and now.text != was.text)):
        yield Loss.TEXT
    if was.text_length and was.visible and now.visible:
        if now.font_size < was.font_size * _SAME_SIZE:
            yield Loss.SHRUNK
        if _faint(now) and not _faint(was):
            yield Loss.INVISIBLE


def _out_of_reach(element: Element) -> bool:
    """Whether the keyboard passes by: a negative tabindex."""
    return element.attributes.get("tabindex", "").strip().startswith("-")


def _faint(element: Element) -> bool:
    colour = element.style.get("color", "")
    inside = colour[colour.find("(") + 1 : -1].replace("/", ",").split(",") if colour.startswith("rgba(") else []
    try:
        return len(inside) == 4 and float(inside[3]) < _FAINT
    except ValueError:
        return False


def _of_accessible(was: Accessible, now: Accessible | None, *, may_change: bool) -> Iterator[Loss]:
    if was.ignored:
        return
    if now is None or now.ignored:
        if was.role not in _WEAK or was.name:
            yield Loss.HIDDEN
        return
    if was.role != now.role and was.role not in _WEAK and (not may_change or now.role in _WEAK):
        yield Loss.ROLE
    if was.name.strip() and not now.name.strip():
        yield Loss.NAME
