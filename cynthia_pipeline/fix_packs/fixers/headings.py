"""The outline of a page: no level skipped, one heading of the first level, none that is empty.

Levels are given for the whole outline at once: lifting one heading would leave those below it a level too deep.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.rules.page_headings import Heading, headings
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.fixers.words import shortened
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, SourceEdit, Way

_ORDER: Final = frozenset(("ctx-heading-order", "axe-heading-order"))
_FIRST: Final = frozenset(("ctx-first-heading", "axe-page-has-heading-one"))
_CONTENT: Final = frozenset(("acc-content-heading",))
_LOOKS_LIKE_ONE: Final = frozenset(("axe-p-as-heading", "ctx-unmarked-heading"))

_HEADING: Final = re.compile("h[1-6]")
_TITLE_LENGTH: Final = 90
"""Characters beyond which a large text is no title."""


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for the outline, one for the first heading, one for each text that only looks like a heading."""
    skipped = [fault for fault in faults if fault.rule.id in _ORDER]
    if skipped:
        yield from _outline(page, skipped)
    missing = [fault for fault in faults if fault.rule.id in _FIRST or fault.rule.id in _CONTENT]
    if missing:
        yield from _first(page, missing)
    lines: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.rule.id in _LOOKS_LIKE_ONE and fault.path:
            lines.setdefault(fault.path, []).append(fault)
    for path, same in lines.items():
        written = page.written(same[0])
        if written is not None:
            level = _level_before(page, same[0]) + 1
            way = Way(
                FixState.DRAFT,
                page.say(Phrase.HEADING, level=level, text=shortened(written.words, 60)),
                edits=_as_level(page, written, level),
                renames=True,
            )
            yield Remedy(keys_of(same), (way,), (path,))


def _outline(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    changed: dict[int, tuple[SourceElement, int, int]] = {}
    for viewport in Viewport:
        view = page.view(viewport).artifacts
        found = headings(view)
        for heading, level in zip(found, without_gaps([heading.level for heading in found]), strict=True):
            written = _written(page, view, heading.element) if level != heading.level else None
            if written is not None:
                changed.setdefault(id(written), (written, heading.level, level))
    if not changed:
        return
    keys = keys_of(faults)
    paths = tuple(page.html.path(element) for element, _, _ in changed.values())
    ways = []
    by_tag = [_renamed(page, element, level) for element, _, level in changed.values()]
    said = "; ".join(dict.fromkeys(f"h{old} → h{new}" for _, old, new in changed.values()))
    if all(edits is not None for edits in by_tag):
        edits = [edit for one in by_tag if one is not None for edit in one]
        ways.append(Way(FixState.SOUND, said, edits=page.in_document(*edits), restructures=True))
    given = [edit for element, _, level in changed.values() for edit in _levelled(element, level)]
    ways.append(Way(FixState.SOUND, f"{said} (aria-level)", edits=page.in_document(*given)))
    yield Remedy(keys, tuple(ways), paths)


def without_gaps(levels: Sequence[int]) -> list[int]:
    """The levels of an outline with none skipped: each at most one below what it stands under, equals stay equal."""
    given: list[int] = []
    above: list[tuple[int, int]] = []
    for level in levels:
        while above and above[-1][0] >= level:
            above.pop()
        new = min(level, above[-1][1] + 1) if above else level
        if not above and given:  # nothing higher before it: it must not lie deeper than one below its forerunner
            new = min(level, given[-1] + 1)
        above.append((level, new))
        given.append(new)
    return given


def _renamed(page: FixablePage, element: SourceElement, level: int) -> tuple[Edit, ...] | None:
    """Another tag, its look kept by the class that the site has for it; None where it has none."""
    if not _HEADING.fullmatch(element.tag) or "role" in element.attributes:
        return None
    rule = re.compile(rf"\.{element.tag}\b[^{{}}]*{{")
    if not any(rule.search(source.text) for url, source in page.sources.items() if url != page.probe.page_url):
        return None
    edits = element.rename(f"h{level}")
    if edits is None:
        return None
    has_look = any(
        re.fullmatch(r"h[1-6]|display-\d|fs-\d", name) for name in element.attributes.get("class", "").split()
    )
    return edits if has_look else (*edits, element.add_class(element.tag))


def _levelled(element: SourceElement, level: int) -> tuple[Edit, ...]:
    edits = [element.set_attribute("aria-level", str(level))]
    if element.attributes.get("role") != "heading":
        edits.append(element.set_attribute("role", "heading"))
    return tuple(edits)


def _as_level(page: FixablePage, element: SourceElement, level: int) -> tuple[SourceEdit, ...]:
    return page.in_document(*_levelled(element, level))


def _first(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    surplus = [
        fault for fault in faults if fault.path and _HEADING.fullmatch(fault.element.tag if fault.element else "")
    ]
    keys = keys_of(faults)
    if surplus:
        found = {fault.path: written for fault in surplus if (written := page.written(fault)) is not None}
        edits = [edit for element in found.values() for edit in _renamed(page, element, 2) or _levelled(element, 2)]
        if edits:
            way = Way(FixState.DRAFT, "h1 → h2", edits=page.in_document(*edits), restructures=True)
            yield Remedy(keys, (way,), tuple(found))
        return
    title = _title_of(page)
    if title is not None:
        said = page.say(Phrase.HEADING, level=1, text=shortened(title.words, 60))
        way = Way(FixState.DRAFT, said, edits=_as_level(page, title, 1), renames=True)
        yield Remedy(keys, (way,), (page.html.path(title),))


def _title_of(page: FixablePage) -> SourceElement | None:
    """What names the page: the largest text of the first view, if no heading is larger; else the first heading."""
    view = page.view(Viewport.DESKTOP).artifacts
    found = headings(view)
    large = max((heading.element.font_size for heading in found), default=0.0)
    if found and found[0].level <= 2 and found[0].element.rect.y < view.viewport.height:
        return _written(page, view, found[0].element)
    texts = [
        element
        for element in view.texts
        if element.rect.y < view.viewport.height
        and element.text_length <= _TITLE_LENGTH
        and element.font_size >= large
        and element.tag in ("div", "p", "span", "strong", "b")
        and "role" not in element.attributes
    ]
    for element in sorted(texts, key=lambda text: -text.font_size):
        written = _written(page, view, element)
        if written is not None and not any(level.tag in ("a", "button", "nav") for level in written.ancestors()):
            return written
    return _written(page, view, found[0].element) if found else None


def _written(page: FixablePage, view: ViewportArtifacts, element: Element) -> SourceElement | None:
    return page.located(view.path(element), element)


def _level_before(page: FixablePage, fault: Fault) -> int:
    """The level of the heading that a text stands under; 1 where there is none."""
    index = fault.element.index if fault.element is not None else 0
    found: list[Heading] = headings(page.view(fault.viewport).artifacts)
    before = [heading.level for heading in found if heading.element.index < index]
    return min(before[-1], 5) if before else 1
