"""Markup that says too much, or other than is meant: repeated titles, hidden words, directions, empty paragraphs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from cynthia_pipeline.audit.rules.model import number
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.each import ElementMend, each_element, way_of
from cynthia_pipeline.fix_packs.fixers.obsolete import styled
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_HIDING: Final = (("aria-hidden", ("true",)), ("role", ("none", "presentation")))


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each element and rule."""
    return each_element(page, faults, _MENDS)


def _said_once(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """The title that repeats the link's words goes; they say it."""
    del fault
    return way_of(page, FixState.SOUND, page.say(Phrase.WORDS_ALONE), element.remove_attribute("title"))


def _heard(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """The words of a picture are heard; where words beside it say the same, it is decoration in its alt as well."""
    del fault
    alt = element.attributes.get("alt", "").strip()
    around = element.parent.words if element.parent is not None else ""
    if alt.casefold() in around.casefold():
        way = way_of(page, FixState.DRAFT, 'alt=""', element.set_attribute("alt", ""))
        return replace(way, decorative=True) if way is not None else None
    hiding = [element.remove_attribute(name) for name, value in _HIDING if element.attributes.get(name) in value]
    return way_of(page, FixState.DRAFT, page.say(Phrase.HEARD_AGAIN), *hiding, renames=True)


def _direction(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    wanted = fault.finding.facts["wanted"]
    return way_of(page, FixState.SOUND, f'dir="{wanted}"', element.set_attribute("dir", wanted))


def _room(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """An empty paragraph becomes a box with its margins: as high as it was, and nothing to stop at."""
    edits = element.rename("div")
    if edits is None or fault.element is None:
        return None
    measured = page.view(fault.viewport).artifacts.layout.spacing.get(fault.element.index)
    if measured is not None:
        margins = [f"{side}: {number(measured.get(side, 0))}px" for side in ("margin-top", "margin-bottom")]
        edits = (*edits, styled(element, *margins))
    way = way_of(page, FixState.SOUND, page.say(Phrase.NO_EMPTY_PARAGRAPH), *edits, renames=True)
    return replace(way, restructures=True) if way is not None else None


_MENDS: Final[Mapping[str, ElementMend]] = {
    "acc-text-direction": _direction,
    "ctx-empty-paragraph": _room,
    "ctx-title-repeats": _said_once,
    "img-alt-hidden": _heard,
}
