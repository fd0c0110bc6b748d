"""Recordings and moving text: controls for what plays by itself, stillness for what runs across the page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.each import ElementMend, each_element
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each recording or text."""
    return each_element(page, faults, _MENDS)


def _controls(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    del fault
    if "controls" in element.attributes:
        return None
    return Way(FixState.SOUND, "controls", edits=page.in_document(element.set_attribute("controls", "")))


def _by_wish(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """Sound starts when it is asked to."""
    del fault
    edits = [element.remove_attribute("autoplay")]
    if "controls" not in element.attributes:
        edits.append(element.set_attribute("controls", ""))
    return Way(FixState.SOUND, page.say(Phrase.PLAYS_WHEN_ASKED), edits=page.in_document(*edits))


def _still(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """The same text, standing still; its role stays what it was."""
    del fault
    tag, role = ("div", "marquee") if element.tag == "marquee" else ("span", "")
    edits = element.rename(tag)
    if edits is None:
        return None
    if role and "role" not in element.attributes:
        edits = (*edits, element.set_attribute("role", role))
    return Way(FixState.SOUND, page.say(Phrase.STANDS_STILL), edits=page.in_document(*edits), restructures=True)


_MENDS: Final[Mapping[str, ElementMend]] = {
    "mot-autoplay": _controls,
    "acc-sound-without-control": _controls,
    "axe-no-autoplay-audio": _controls,
    "acc-sound-by-itself": _by_wish,
    "axe-marquee": _still,
    "axe-blink": _still,
}
