"""Markup that HTML has given up, as what took its place; fonts that show their text at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.fixers.css import sheets
from cynthia_pipeline.fix_packs.fixers.each import ElementMend, each_element
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, SourceEdit, Way

_TAGS: Final[Mapping[str, tuple[str, str]]] = {
    "center": ("div", "text-align: center"), "big": ("span", "font-size: larger"), "strike": ("s", ""),
    "tt": ("code", ""), "acronym": ("abbr", ""), "nobr": ("span", "white-space: nowrap"), "dir": ("ul", ""),
    "font": ("span", ""),
}  # fmt: skip
"""HTML Living Standard, section 16.2, and the CSS that gives the same look."""

_SIZES: Final = {"1": "x-small", "2": "small", "3": "medium", "4": "large", "5": "x-large", "6": "xx-large"}
_FACE = re.compile(r"@font-face\s*\{(?P<body>[^}]*)\}", re.IGNORECASE)


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each element, and one for all fonts."""
    yield from each_element(page, faults, _MENDS)
    fonts = [fault for fault in faults if fault.rule.id == "trd-font-display"]
    edits = tuple(_faces(page)) if fonts else ()
    if edits:
        way = Way(FixState.SOUND, "font-display: swap", edits=edits)
        yield Remedy(keys_of(fonts), (way,), ("html",))


def _element(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    del fault
    if element.tag not in _TAGS:
        return None
    tag, style = _TAGS[element.tag]
    edits = element.rename(tag)
    if edits is None:
        return None
    styles = [style] if style else []
    if element.tag == "font":
        given = element.attributes
        styles += [f"color: {given['color']}"] if "color" in given else []
        styles += [f"font-family: {given['face']}"] if "face" in given else []
        styles += [f"font-size: {_SIZES[given['size']]}"] if given.get("size") in _SIZES else []
        gone = [element.remove_attribute(name) for name in ("color", "face", "size")]
        edits = (*edits, *(edit for edit in gone if edit is not None))
    if styles:
        edits = (*edits, styled(element, *styles))
    return Way(FixState.SOUND, f"<{tag}>", edits=page.in_document(*edits), restructures=True)


def _attribute(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """The attribute's look by CSS, for those that have one to one."""
    name = next(
        (name for name in _AS_CSS if fault.finding.before == f'{name}="{element.attributes.get(name, "")}"'), None
    )
    if name is None:
        return None
    style = _AS_CSS[name].format(element.attributes[name].strip() or "0")
    if name in ("align", "valign") and element.tag not in (
        "td",
        "th",
        "tr",
        "thead",
        "tbody",
        "p",
        "div",
        "h1",
        "h2",
        "h3",
    ):
        return None
    if name in ("cellspacing", "hspace", "vspace"):
        style = f"{style}px"
    edits = page.in_document(element.remove_attribute(name), styled(element, style))
    return Way(FixState.SOUND, style, edits=edits)


def styled(element: SourceElement, *declarations: str) -> Edit:
    """Puts declarations before those that its style attribute holds, which stay the stronger ones."""
    given = element.attributes.get("style", "").strip()
    return element.set_attribute("style", "; ".join((*declarations, *((given,) if given else ()))))


def _faces(page: FixablePage) -> Iterator[SourceEdit]:
    for url, start, css in sheets(page):
        for face in _FACE.finditer(css):
            if "font-display" not in face["body"].lower():
                at = start + face.start("body")
                yield SourceEdit(url, Edit(at, at, "font-display: swap;"))
    for link in page.html.all():
        address = link.attributes.get("href", "")
        if link.tag == "link" and "fonts.googleapis.com/css" in address and "display=" not in address:
            yield from page.in_document(link.set_attribute("href", f"{address}&display=swap"))


_AS_CSS: Final = {
    "bgcolor": "background-color: {}", "align": "text-align: {}", "valign": "vertical-align: {}",
    "cellspacing": "border-spacing: {}", "nowrap": "white-space: nowrap", "hspace": "margin-inline: {}",
    "vspace": "margin-block: {}",
}  # fmt: skip
_MENDS: Final[Mapping[str, ElementMend]] = {
    "trd-obsolete-element": _element,
    "trd-obsolete-attribute": _attribute,
}
