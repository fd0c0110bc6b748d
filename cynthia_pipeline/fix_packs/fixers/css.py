"""CSS changes: in the declaration that is to blame if it is the site's own, else in the stylesheet that a pack adds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import tinycss2

from cynthia_pipeline.audit.colour import parse
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.probing import Declaration
from cynthia_pipeline.fix_packs.remedies import Override, SourceEdit

INHERITED: Final = frozenset(
    (
        "color",
        "font-size",
        "line-height",
        "letter-spacing",
        "word-spacing",
        "text-align",
        "text-transform",
        "font-family",
    )
)
"""Properties of those that are mended here that an element takes from its parent (CSS 2.2, appendix F)."""

_SHORTHANDS: Final = {
    "background-color": "background", "font-size": "font", "line-height": "font", "border-color": "border",
    "text-decoration-line": "text-decoration",
}  # fmt: skip
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,[^()]*)?\)")


@dataclass(frozen=True, slots=True)
class Spot:
    """The characters that give a property its value.

    Attributes:
        value: those characters.
        variable: the custom property that they define; empty for a plain declaration.
    """

    url: str
    start: int
    end: int
    value: str
    variable: str = ""

    def edit(self, value: str) -> SourceEdit:
        """Writes another value there."""
        return SourceEdit(self.url, Edit(self.start, self.end, value))


def winning(declarations: Sequence[Declaration], name: str) -> Declaration | None:
    """The declaration that a property's value comes from; None if the browser's own style sheet gives it."""
    names = {name, _SHORTHANDS.get(name, name)}
    applying = [item for item in declarations if item.name in names]
    if name not in INHERITED and not name.startswith("--"):
        applying = [item for item in applying if item.depth == 0]
    if not applying:
        return None
    nearest = min(item.depth for item in applying)
    return [item for item in applying if item.depth == nearest][-1]


def style_attribute(page: FixablePage, fault: Fault, name: str) -> Spot | None:
    """Where the element's own style attribute gives the property."""
    written = page.written(fault)
    return None if written is None else _in_attribute(page, written, name)


def _in_attribute(page: FixablePage, written: SourceElement, name: str) -> Spot | None:
    attribute = written.written[0].get("style")
    if attribute is None:
        return None
    text = page.html.text[attribute.value_start : attribute.value_end]
    found = list(re.finditer(rf"(?:^|;)\s*{re.escape(name)}\s*:\s*(?P<value>[^;!]*[^;!\s])", text, re.IGNORECASE))
    if not found:
        return None
    start, end = found[-1].span("value")
    at = attribute.value_start
    return Spot(page.probe.page_url, at + start, at + end, text[start:end])


def colour_spot(
    page: FixablePage, declaration: Declaration, colour: str, declarations: Sequence[Declaration]
) -> Spot | None:
    """Where a declaration of the site's own, or the custom property it uses, says `colour`.

    None where the file is another site's, or no single colour stands there, or not this one.
    """
    if declaration.source is None or not page.is_own(declaration.source):
        return None
    variable = _VARIABLE.fullmatch(declaration.value.strip())
    if variable is not None:
        definition = winning(declarations, variable[1])
        if definition is not None and definition.source is not None and page.is_own(definition.source):
            uses = sum(source.text.count(f"var({variable[1]}") for source in page.sources.values())
            spot = _colour_in(page, definition, colour)
            if spot is not None and uses == 1:
                return Spot(spot.url, spot.start, spot.end, spot.value, variable[1])
        if definition is None or not _says(definition.value, colour):
            return None
        text = page.sources[declaration.source].text
        at = text.find(declaration.value.strip(), declaration.start, declaration.end)
        return None if at < 0 else Spot(declaration.source, at, at + len(declaration.value.strip()), declaration.value)
    return _colour_in(page, declaration, colour)


def _colour_in(page: FixablePage, declaration: Declaration, colour: str) -> Spot | None:
    """The one colour in a declaration's value, by its place."""
    if declaration.source is None:
        return None
    text = page.sources[declaration.source].text[declaration.start : declaration.end]
    colon = text.index(":") + 1
    value = text[colon:]
    found = []
    for token in tinycss2.parse_component_value_list(value):
        written = token.serialize()
        if token.type in ("hash", "function", "ident") and parse(written.strip()) is not None:
            found.append(written)
    if len(found) != 1 or not _says(found[0], colour) or value.count(found[0]) != 1:
        return None
    start = declaration.start + colon + value.index(found[0])
    return Spot(declaration.source, start, start + len(found[0]), found[0])


def _says(css: str, colour: str) -> bool:
    said = parse(css.strip())
    return said is not None and said == parse(colour)


def value_spot(page: FixablePage, fault: Fault, name: str) -> Spot | None:
    """Where a plain value of the site's own gives a property that is no colour; None for shorthands and variables."""
    inline = style_attribute(page, fault, name)
    if inline is not None:
        return inline
    declaration = winning(page.declarations(fault), name)
    if declaration is None or declaration.name != name or declaration.source is None or declaration.depth:
        return None
    if not page.is_own(declaration.source) or "(" in declaration.value or declaration.conditions:
        return None
    text = page.sources[declaration.source].text
    at = text.find(declaration.value, declaration.start, declaration.end)
    return None if at < 0 else Spot(declaration.source, at, at + len(declaration.value), declaration.value)


def sheets(page: FixablePage) -> Iterator[tuple[str, int, str]]:
    """The CSS of the site's own files: the address of each, where in it the CSS begins, and its text."""
    for url, source in page.sources.items():
        if page.is_own(url) and source.media_type == "text/css":
            yield url, 0, source.text
    for element in page.html.all():
        if element.tag == "style" and element.start is not None and element.closing is not None:
            yield page.probe.page_url, element.opened, page.html.text[element.opened : element.closing[0]]


def override(
    paths: Sequence[str], values: Sequence[tuple[str, str]], *, condition: str = "", suffix: str = ""
) -> Override:
    """A rule for these elements that wins over whatever the page says."""
    selectors = tuple(f"{path}{suffix}" for path in dict.fromkeys(paths) if path and ">>>" not in path)
    return Override(selectors, tuple((name, f"{value} !important") for name, value in values), condition)
