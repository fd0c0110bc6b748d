"""Regions of the page: one main landmark, and no content outside of any.

What is there already is used as it stands: a box that holds the content and nothing of the page's frame becomes the
main landmark by its role; only where there is none, `<main>` is put around a run of siblings. Nothing is moved, and
an element that is a landmark stays one.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.words import nearest_heading, shortened, words_of
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way
from cynthia_pipeline.messages import Language

_MAIN_RULES: Final = frozenset(("ctx-main", "axe-landmark-one-main", "acc-bypass", "axe-bypass"))
_REGION: Final = "axe-region"
_UNIQUE: Final = frozenset(("axe-landmark-unique",))

_LANDMARKS: Final = frozenset(
    ("banner", "complementary", "contentinfo", "form", "main", "navigation", "region", "search")
)
"""WAI-ARIA 1.2, section 5.3.4."""

_FRAME: Final = frozenset(("banner", "contentinfo", "navigation", "main"))
"""What stands around the content of a page, and what holds it already."""

_BY_TAG: Final = {
    "nav": "navigation", "main": "main", "aside": "complementary", "header": "banner", "footer": "contentinfo",
    "section": "region", "form": "form",
}  # fmt: skip
_SECTIONING: Final = frozenset(("article", "aside", "main", "nav", "section"))
_PLAIN: Final = frozenset(("div", "section", "article"))
_NAMES: Final = {
    Language.ENGLISH: {"navigation": "More links", "region": "Further content"},
    Language.SPANISH: {"navigation": "Más enlaces", "region": "Más contenido"},
}
"""What a region is called that has no words of its own to be called by."""

_LINK_SHARE: Final = 0.5
"""Share of a part's words that stand in links from which it is navigation."""


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for the main landmark and what it holds, one for each other part, one for equal names."""
    wanting = [fault for fault in faults if fault.rule.id in _MAIN_RULES]
    outside = [fault for fault in faults if fault.rule.id == _REGION and fault.path]
    if wanting or outside:
        yield from _regions(page, wanting, outside)
    for fault in faults:
        if fault.rule.id in _UNIQUE:
            yield from _told_apart(page, fault)


def _regions(page: FixablePage, wanting: Sequence[Fault], outside: Sequence[Fault]) -> Iterator[Remedy]:
    left = {fault.path: written for fault in outside if (written := page.written(fault)) is not None}
    body = page.html.first("body")
    if body is None:
        return
    inside: dict[str, SourceElement] = {}
    if not _has_main(page):
        content = _content(page, left, body)
        found = _main(page, content, body)
        if found is not None:
            ways, held = found
            inside = {path: element for path, element in left.items() if any(_holds(box, element) for box in held)}
            keys = [fault.key for fault in wanting] + [fault.key for fault in outside if fault.path in inside]
            if keys:
                yield Remedy(tuple(dict.fromkeys(keys)), ways, (page.html.path(body),))
    rest = {path: element for path, element in left.items() if path not in inside}
    yield from _parts(page, rest)


def _has_main(page: FixablePage) -> bool:
    return any(
        element.tag == "main" or element.attributes.get("role") == "main"
        for viewport in Viewport
        for element in page.view(viewport).artifacts.elements
    )


def _content(page: FixablePage, left: dict[str, SourceElement], body: SourceElement) -> list[SourceElement]:
    """What the main landmark should hold: what stands in no region; where nothing does, all but the frame."""
    if left:
        return _of_content(list(left.values()))
    seen = page.view(Viewport.DESKTOP).artifacts
    texts = [
        written
        for element in seen.texts
        if (written := page.located(seen.path(element), element)) is not None
        and not any(_role(level) in _LANDMARKS - {"region"} for level in (written, *written.ancestors()))
        and written is not body
    ]
    return _of_content(texts)


def _of_content(elements: list[SourceElement]) -> list[SourceElement]:
    """Those whose surroundings are no menu, search or footer; all, if none is."""
    boxes = {id(box): box for box in map(_box, elements)}
    regions = {key for key, box in boxes.items() if _fitting(box, ends=True) == "region"}
    return [element for element in elements if id(_box(element)) in regions] or elements


def _main(
    page: FixablePage, content: Sequence[SourceElement], body: SourceElement
) -> tuple[tuple[Way, ...], list[SourceElement]] | None:
    """The ways to mark the content, and the elements it is marked on or put around."""
    box = _common(content)
    if box is None:
        return None
    while box is not body and _frames(box) == 0 and box.tag not in _PLAIN and box.parent is not None:
        box = box.parent
    if box is not body and not _frames(box) and box.tag in _PLAIN and "role" not in box.attributes:
        edits = page.in_document(box.set_attribute("role", "main"))
        return (Way(FixState.SOUND, 'role="main"', edits=edits, renames=True),), [box]
    run = _longest_run(box, content)
    if not run:
        return None
    if len(run) == 1 and run[0].tag in _PLAIN and "role" not in run[0].attributes and not _named(run[0]):
        edits = page.in_document(run[0].set_attribute("role", "main"))
        return (Way(FixState.SOUND, 'role="main"', edits=edits, renames=True),), run
    return _around(page, run, "main", FixState.SOUND), run


def _common(elements: Sequence[SourceElement]) -> SourceElement | None:
    """The innermost element that holds them all, or the only one."""
    if not elements:
        return None
    lines = [[*reversed([*element.ancestors()]), element] for element in elements]
    found = None
    for level in zip(*lines, strict=False):
        if any(other is not level[0] for other in level):
            break
        found = level[0]
    return found


def _longest_run(box: SourceElement, content: Sequence[SourceElement]) -> list[SourceElement]:
    """The siblings in `box`, one after the other and none of them part of the frame, that hold most of the content."""
    runs: list[list[SourceElement]] = [[]]
    for child in box.children:
        if child.start is None:
            return []
        if _frames(child):
            runs.append([])
        else:
            runs[-1].append(child)
    trimmed = [_trimmed(run, content) for run in runs]
    return max(trimmed, key=lambda run: sum(any(_holds(child, one) for child in run) for one in content))


def _trimmed(run: list[SourceElement], content: Sequence[SourceElement]) -> list[SourceElement]:
    """Without what holds nothing of the content, at both ends."""
    holding = [place for place, child in enumerate(run) if any(_holds(child, one) for one in content)]
    return run[holding[0] : holding[-1] + 1] if holding else []


def _parts(page: FixablePage, left: dict[str, SourceElement]) -> Iterator[Remedy]:
    """Each part that stands outside gets the role that fits it."""
    ends = _has_role(page, "contentinfo")
    boxes: dict[int, tuple[SourceElement, list[str]]] = {}
    for path, element in left.items():
        box = _box(element)
        boxes.setdefault(id(box), (box, []))[1].append(path)
    for box, paths in boxes.values():
        keys = tuple((_REGION, path) for path in paths)
        role = _fitting(box, ends=ends)
        ends = ends or role == "contentinfo"
        name = "" if role == "contentinfo" else _name(page, box, role)
        label = f' aria-label="{escape(name)}"' if name else ""
        if box.tag in _PLAIN and "role" not in box.attributes:
            edits = [box.set_attribute("role", role)]
            edits += [box.set_attribute("aria-label", name)] if name and not _named(box) else []
            said = f'role="{role}"{label}'
            ways: tuple[Way, ...] = (Way(FixState.DRAFT, said, edits=page.in_document(*edits), renames=True),)
        else:
            ways = _around(page, [box], "div", FixState.DRAFT, f' role="{role}"{label}')
        yield Remedy(keys, ways, (page.html.path(box.parent or box),))


def _around(
    page: FixablePage, run: Sequence[SourceElement], tag: str, state: FixState, attributes: str = ""
) -> tuple[Way, ...]:
    """Puts an element around siblings; the second way is one that takes no part in the layout."""
    return tuple(
        Way(state, opening, edits=page.in_document(*run[0].wrap(opening, f"</{tag}>", run[-1])), restructures=True)
        for opening in (f"<{tag}{attributes}>", f'<{tag}{attributes} style="display: contents">')
    )


def _box(element: SourceElement) -> SourceElement:
    """The largest box around an element that holds nothing of the frame."""
    box = element
    while (
        box.parent is not None
        and box.parent.start is not None
        and box.parent.tag not in ("body", "html")
        and not _frames(box.parent)
    ):
        box = box.parent
    return box


def _fitting(box: SourceElement, *, ends: bool) -> str:
    called = " ".join((box.attributes.get("id", ""), box.attributes.get("class", ""))).lower()
    words = box.words
    if not ends and ("footer" in called or "copyright" in called or "©" in words):
        return "contentinfo"
    fields = [child for child in box.descendants() if child.tag == "input"]
    if any(field.attributes.get("type") == "search" for field in fields) or "search" in called:
        return "search"
    links = [child for child in box.descendants() if child.tag == "a" and "href" in child.attributes]
    if len(links) > 1 and sum(len(link.words) for link in links) >= _LINK_SHARE * max(len(words), 1):
        return "navigation"
    return "region"


def _name(page: FixablePage, box: SourceElement, role: str) -> str:
    heading = nearest_heading(box, inside=True)
    return heading or shortened(words_of(box, 4)) or _NAMES[page.own_language].get(role, "")


def _told_apart(page: FixablePage, fault: Fault) -> Iterator[Remedy]:
    """Landmarks of one kind that are called the same: each that has no name gets one of its own."""
    written = page.written(fault)
    if written is None:
        return
    same = [other for other in page.html.all() if other.start is not None and _role(other) == _role(written)]
    edits, names = [], set()
    for place, other in enumerate(same, 1):
        name = other.attributes.get("aria-label", "") or nearest_heading(other, inside=True) or words_of(other, 3)
        if not name or name in names:
            name = f"{name or _NAMES[page.own_language].get(_role(other), other.tag)} {place}"
        names.add(name)
        if other.attributes.get("aria-label") != name and "aria-labelledby" not in other.attributes:
            edits.append(other.set_attribute("aria-label", shortened(name)))
    if edits:
        way = Way(FixState.DRAFT, page.say(Phrase.ALL_NAMED), edits=page.in_document(*edits))
        yield Remedy((fault.key,), (way,), tuple(page.html.path(other) for other in same))


def _role(element: SourceElement) -> str:
    """The landmark that an element is, by its role or its tag; empty for none (HTML-AAM 1.0, section 3.5)."""
    given = element.attributes.get("role", "").strip().lower()
    if given:
        return given if given in _LANDMARKS else ""
    if element.tag in ("header", "footer"):
        within = any(level.tag in _SECTIONING or _role(level) == "main" for level in element.ancestors())
        return "" if within else _BY_TAG[element.tag]
    if element.tag in ("section", "form") and not _named(element):
        return ""
    return _BY_TAG.get(element.tag, "")


def _frames(box: SourceElement) -> int:
    """How many parts of the page's frame it is or holds."""
    return sum(_role(element) in _FRAME for element in (box, *box.descendants()))


def _named(element: SourceElement) -> bool:
    return any(element.attributes.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title"))


def _holds(box: SourceElement, element: SourceElement) -> bool:
    return box is element or any(level is box for level in element.ancestors())


def _has_role(page: FixablePage, role: str) -> bool:
    return any(_role(element) == role for element in page.html.all())
