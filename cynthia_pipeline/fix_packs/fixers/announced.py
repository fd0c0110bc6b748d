"""Links that say first what they do: open in a new tab, lead to a file.

In their words, where everybody reads it; where that does not hold, in a title, which screen readers read out and a
pointer shows.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.fixers.page_words import words_for
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_NEW_TAB: Final = "acc-new-window"
_FILE: Final = "ctx-file-link"


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for all links that open in a new tab, one for each kind of file. Drafts: they add words."""
    opening = [fault for fault in faults if fault.rule.id == _NEW_TAB]
    words = words_for(page) if opening else None
    if words is not None:
        yield from _saying(page, opening, words.new_tab, page.say(Phrase.SAYS_NEW_TAB))
    files: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.rule.id == _FILE:
            files.setdefault(fault.finding.facts["file"], []).append(fault)
    for kind, same in files.items():
        yield from _saying(page, same, kind, page.say(Phrase.SAYS_FILE, file=kind))


def _saying(page: FixablePage, faults: Sequence[Fault], words: str, said: str) -> Iterator[Remedy]:
    links = {fault.path: written for fault in faults if (written := page.written(fault)) is not None}
    ways = []
    for how in (_in_words, _in_title):
        edits = [how(link, words) for link in links.values()]
        if edits and all(edit is not None for edit in edits):
            ways.append(Way(FixState.DRAFT, said, edits=page.in_document(*edits)))
    if ways:
        yield Remedy(keys_of(fault for fault in faults if fault.path in links), tuple(ways), tuple(links))


def _in_words(link: SourceElement, words: str) -> Edit | None:
    """Behind the words of the link; in its ARIA name where that is what is read out."""
    if "aria-labelledby" in link.attributes or link.closing is None or not link.words:
        return None
    name = link.attributes.get("aria-label", "").strip()
    at = link.closing[0]
    return link.set_attribute("aria-label", f"{name} ({words})") if name else Edit(at, at, f" ({words})")


def _in_title(link: SourceElement, words: str) -> Edit:
    title = link.attributes.get("title", "").strip()
    return link.set_attribute("title", f"{title} ({words})" if title else words[:1].upper() + words[1:])
