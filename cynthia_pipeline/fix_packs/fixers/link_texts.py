"""Links whose words say the same wherever they lead: a name that begins with those words and adds the destination."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from cynthia_pipeline.audit.rules.link_text import says_nothing
from cynthia_pipeline.fix_packs.drafts import DraftKind
from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.fixers.words import destination_name, nearest_heading, shortened, surroundings
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Draft, Remedy, Way

_VAGUE: Final = frozenset(("ctx-link-text", "ctx-link-unexplained"))
_ALIKE: Final = frozenset(
    (
        "acc-same-name-frames",
        "acc-same-name-links",
        "acc-same-name-links-apart",
        "acc-same-name-sites",
        "axe-identical-links-same-purpose",
    )
)
_APART: Final = ("article", "section", "li", "td", "dd", "aside", "header", "figure")
"""Boxes that a heading within speaks for."""


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each link, all rules that complain of its words together."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.rule.id in _VAGUE | _ALIKE and fault.path:
            found.setdefault(fault.path, []).append(fault)
    given: set[tuple[str, str]] = set()
    for path, same in found.items():
        written = page.written(same[0])
        words = written.words if written is not None else ""
        # A drawing stands for a link in it, which a name of the drawing does not name.
        if written is None or written.tag == "svg" or not (words or written.tag == "iframe"):
            continue
        added = next(
            (text for text in _destinations(page, written) if _adds(text, words) and (words, text) not in given), ""
        )
        if not added:
            continue
        given.add((words, added))
        way = _named(page, written, added if written.tag == "iframe" else shortened(f"{words}: {added}"))
        yield Remedy(keys_of(same), (way,), (path,))


def _named(page: FixablePage, written: SourceElement, value: str) -> Way:
    name, seen = ("title", "") if written.tag == "iframe" else ("aria-label", written.words)
    edits = page.in_document(written.set_attribute(name, value))
    draft = Draft(DraftKind.NAME, value, partial(_named, page, written), surroundings(written), begins=seen)
    return Way(FixState.DRAFT, f'{name}="{value}"', edits=edits, draft=draft)


def _destinations(page: FixablePage, link: SourceElement) -> Iterator[str]:
    """What may tell where it leads, the most telling first."""
    address = link.attributes.get("href", "") or link.attributes.get("src", "")
    if address.startswith("#") and len(address) > 1:
        target = page.html.with_id(address[1:])
        if target is not None:
            yield nearest_heading(target, inside=True)
    box = next((level for level in link.ancestors() if level.tag in _APART), None)
    if box is not None:
        yield nearest_heading(box, inside=True)
    if not address.startswith("#"):
        yield destination_name(address, page.own_language)
    yield nearest_heading(link)
    yield destination_name(address, page.own_language)


def _adds(text: str, words: str) -> bool:
    """Whether it says something that the link's own words do not."""
    return bool(text) and not says_nothing(text) and text.casefold() not in words.casefold()
