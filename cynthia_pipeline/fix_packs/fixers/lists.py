"""Lists: every item in a list, and nothing but items in it.

What is put around others takes no part in the layout (`display: contents`), so a list looks as it did.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_NEUTRAL: Final = frozenset(("script", "template", "style"))
_PLAIN: Final = frozenset(("div", "span"))
_STYLE: Final = ' style="display: contents"'


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each list, and for each run of items without one."""
    done: set[int] = set()
    for fault in faults:
        written = page.written(fault) if fault.rule.id in _MENDS else None
        if written is None or id(written) in done:
            continue
        edits, touched = _MENDS[fault.rule.id](written)
        done.update(id(element) for element in touched)
        if edits:
            same = keys_of(f for f in faults if f.rule.id == fault.rule.id and _among(page, f, touched))
            way = Way(
                FixState.SOUND,
                page.say(_SAID[fault.rule.id]),
                edits=page.in_document(*edits),
                renames=True,
                restructures=True,
            )
            parents = {page.html.path(element) for element in touched}
            yield Remedy(same, (way,), tuple(sorted(parents)))


def _among(page: FixablePage, fault: Fault, touched: Iterable[SourceElement]) -> bool:
    written = page.written(fault)
    return any(written is element for element in touched)


def _list(element: SourceElement) -> tuple[list[Edit], list[SourceElement]]:
    """Everything in it that is no item becomes one: what means nothing else by its role, other things within one."""
    edits: list[Edit] = []
    for child in element.children:
        if child.tag in ("li", *_NEUTRAL) or child.start is None:
            continue
        plain = child.tag in _PLAIN and "role" not in child.attributes
        edits += [child.set_attribute("role", "listitem")] if plain else child.wrap(f"<li{_STYLE}>", "</li>")
    return edits, [element]


def _items(element: SourceElement) -> tuple[list[Edit], list[SourceElement]]:
    run = _run(element, ("li",))
    return [*run[0].wrap(f"<ul{_STYLE}>", "</ul>", run[-1])], run


def _terms(element: SourceElement) -> tuple[list[Edit], list[SourceElement]]:
    run = _run(element, ("dt", "dd"))
    return [*run[0].wrap(f"<dl{_STYLE}>", "</dl>", run[-1])], run


def _definitions(element: SourceElement) -> tuple[list[Edit], list[SourceElement]]:
    """What is neither term nor definition becomes the one that is missing where it stands."""
    edits: list[Edit] = []
    kinds: list[str] = []
    children = [child for child in element.children if child.tag not in _NEUTRAL and child.start is not None]
    for place, child in enumerate(children):
        kind = child.tag
        if kind not in ("dt", "dd", "div"):
            follows = children[place + 1].tag if place + 1 < len(children) else ""
            kind = "dt" if follows == "dd" and (not kinds or kinds[-1] == "dd") else "dd"
            edits += child.wrap(f"<{kind}{_STYLE}>", f"</{kind}>")
        kinds.append(kind)
    return edits, [element]


def _links(element: SourceElement) -> tuple[list[Edit], list[SourceElement]]:
    """Links in a row, with nothing between them, become the items of a list."""
    siblings = element.parent.children if element.parent is not None else [element]
    run = [element]
    for link in siblings[siblings.index(element) + 1 :]:
        if element.tag != "a" or link.tag != "a" or element.source.text[run[-1].end : link.start].strip():
            break
        run.append(link)
    if len(run) < 2:
        return [], run
    item, end = f'<span role="listitem"{_STYLE}>', "</span>"
    edits: list[Edit] = []
    for link in run:
        before = f'<span role="list"{_STYLE}>{item}' if link is run[0] else item
        edits += link.wrap(before, f"{end}{end}" if link is run[-1] else end)
    return edits, run


def _run(element: SourceElement, tags: Sequence[str]) -> list[SourceElement]:
    """The siblings of these tags that stand together with it, with no other element between them."""
    if element.parent is None:
        return [element]
    siblings = element.parent.children
    place = first = siblings.index(element)
    while first > 0 and siblings[first - 1].tag in tags:
        first -= 1
    while place + 1 < len(siblings) and siblings[place + 1].tag in tags:
        place += 1
    return siblings[first : place + 1]


_MENDS: Final = {
    "axe-list": _list,
    "axe-listitem": _items,
    "axe-dlitem": _terms,
    "axe-definition-list": _definitions,
    "ctx-unmarked-list": _links,
}
_SAID: Final = {
    "axe-list": Phrase.OTHER_ITEMS,
    "axe-listitem": Phrase.ITEMS_IN_LIST,
    "axe-dlitem": Phrase.TERMS_IN_LIST,
    "axe-definition-list": Phrase.DEFINED,
    "ctx-unmarked-list": Phrase.LINKS_IN_LIST,
}
