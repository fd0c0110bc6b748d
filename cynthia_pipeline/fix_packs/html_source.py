"""The HTML of a page as it was sent, with the place of every element in it.

The tree is the one a browser builds (the WHATWG algorithm, by justhtml); the places are offsets into the text. What
scripts add to the page has no place here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import Final

from justhtml import JustHTML, Node

from cynthia_pipeline.audit.artifacts import css_identifier
from cynthia_pipeline.fix_packs.edits import Edit

VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
"""Elements without an end tag (HTML, section 13.1.2)."""

_ATTRIBUTE = re.compile(r"""[\s/]+(?P<name>[^\s/>=][^\s/>=]*)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s"'>][^\s>]*))?""")
_NAME = re.compile(r"<[a-zA-Z][^\s/>]*")
_CODE = re.compile(r"<(script|style|template|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute as it is written: from its name to the end of its value."""

    start: int
    end: int
    value_start: int
    value_end: int
    quote: str


@dataclass(eq=False)
class SourceElement:
    """One element of the source.

    Attributes:
        start: offset of its start tag; None for an element that the parser implied.
    """

    source: "HtmlSource"
    tag: str
    start: int | None
    attributes: Mapping[str, str]
    parent: "SourceElement | None"
    children: list["SourceElement"] = field(default_factory=list)
    is_html: bool = True

    @cached_property
    def written(self) -> tuple[dict[str, Attribute], int]:
        """Its attributes as written, by lower-case name, and the offset behind its start tag."""
        if self.start is None:
            raise ValueError(f"<{self.tag}> is not written in the source")
        text = self.source.text
        named = _NAME.match(text, self.start)
        if named is None:
            raise ValueError(f"no tag at {self.start}")
        at = named.end()
        found: dict[str, Attribute] = {}
        while (match := _ATTRIBUTE.match(text, at)) is not None:
            start, end = match.span("name")
            value_start, value_end, quote = end, end, ""
            if match["value"] is not None:
                value_start, value_end = match.span("value")
                if match["value"][0] in "\"'":
                    quote, value_start, value_end = match["value"][0], value_start + 1, value_end - 1
            found.setdefault(match["name"].lower(), Attribute(start, match.end(), value_start, value_end, quote))
            at = match.end()
        closing = text.find(">", at)
        return found, len(text) if closing < 0 else closing + 1

    @property
    def opened(self) -> int:
        """The offset behind its start tag."""
        return self.written[1]

    @cached_property
    def closing(self) -> tuple[int, int] | None:
        """The place of its end tag; None where it has none."""
        if self.start is None or self.tag in VOID:
            return None
        text = self.source.text
        at = self.opened
        for child in self.children:
            at = max(at, child.finish)
        match = re.compile(rf"</{re.escape(self.tag)}\s*>", re.IGNORECASE).search(self.source.uncommented, at)
        if match is None or match.end() > self._limit(len(text)):
            return None
        return match.span()

    @cached_property
    def finish(self) -> int:
        """The offset behind everything that belongs to it."""
        if self.start is None:
            return max((child.finish for child in self.children), default=0)
        closing = self.closing
        if closing is not None:
            return closing[1]
        return max((self.opened, *(child.finish for child in self.children)))

    @cached_property
    def end(self) -> int:
        """The offset where it ends as a browser reads it, text included: also where its end tag is left out."""
        if self.start is None or self.tag in VOID or self.closing is not None:
            return self.finish
        limits = (
            self._limit(len(self.source.text)),
            *(level.closing[0] for level in self.ancestors() if level.closing),
        )
        return min(limits)

    def _limit(self, default: int) -> int:
        """Where what follows it begins."""
        if self.parent is None:
            return default
        behind = self.parent.children[self.parent.children.index(self) + 1 :]
        later = [other.start for other in behind if other.start is not None and other.start > (self.start or 0)]
        return min(later, default=default)

    @property
    def path(self) -> str:
        """A CSS selector that leads to it from the root."""
        if self.parent is None:
            return self.tag
        same = [child for child in self.parent.children if child.tag == self.tag]
        return f"{self.parent.path} > {self.tag}:nth-of-type({same.index(self) + 1})"

    def descendants(self) -> Iterator["SourceElement"]:
        """All below it, in document order."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def ancestors(self) -> Iterator["SourceElement"]:
        """From the parent to the root."""
        level = self.parent
        while level is not None:
            yield level
            level = level.parent

    @property
    def words(self) -> str:
        """The text inside as a reader gets it: tags, comments and code left out, white space collapsed."""
        if self.start is None:
            return ""
        inner = self.source.uncommented[self.opened : self.closing[0] if self.closing else self.end]
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", _CODE.sub(" ", inner))).split())

    @property
    def inner_text(self) -> str:
        """What stands between its tags, references resolved: for elements that hold nothing but text."""
        if self.start is None or self.closing is None:
            return ""
        return " ".join(unescape(self.source.text[self.opened : self.closing[0]]).split())

    def set_attribute(self, name: str, value: str) -> Edit:
        """Gives the attribute this value, whether it is there or not."""
        found, _ = self.written
        old = found.get(name)
        if old is not None:
            return Edit(old.start, old.end, f'{name}="{_escaped(value)}"')
        text, at = self.source.text, self.start or 0
        named = _NAME.match(text, at)
        behind = named.end() if named else at
        return Edit(behind, behind, f' {name}="{_escaped(value)}"')

    def add_class(self, name: str) -> Edit:
        """Gives it one more class."""
        return self.set_attribute("class", " ".join((*self.attributes.get("class", "").split(), name)))

    def rename_attribute(self, name: str, new: str) -> Edit | None:
        """Writes another name before the attribute's value; None if it is not there."""
        old = self.written[0].get(name)
        return None if old is None else Edit(old.start, old.start + len(name), new)

    def remove_attribute(self, name: str) -> Edit | None:
        """Takes the attribute out, with the white space before it; None if it is not there."""
        old = self.written[0].get(name)
        if old is None:
            return None
        start = old.start
        while self.source.text[start - 1].isspace():
            start -= 1
        return Edit(start, old.end, "")

    def insert_before(self, html: str) -> Edit:
        """Puts `html` before the start tag."""
        if self.start is None:
            raise ValueError(f"<{self.tag}> is not written in the source")
        return Edit(self.start, self.start, html)

    def insert_inside(self, html: str) -> Edit:
        """Puts `html` behind the start tag."""
        return Edit(self.opened, self.opened, html)

    def wrap(self, before: str, behind: str, last: "SourceElement | None" = None) -> tuple[Edit, Edit]:
        """Puts `before` and `behind` around it, or around all from it to `last`, a later sibling."""
        end = (last or self).end
        return self.insert_before(before), Edit(end, end, behind)

    def insert_behind(self, html: str) -> Edit:
        """Puts `html` behind the whole element."""
        return Edit(self.finish, self.finish, html)

    def rename(self, tag: str) -> tuple[Edit, ...] | None:
        """Gives it another tag; None where its end tag is not written."""
        if self.start is None or self.closing is None:
            return None
        start, end = self.closing
        return (
            Edit(self.start + 1, self.start + 1 + len(self.tag), tag),
            Edit(start + 2, start + 2 + len(self.tag), tag) if end else Edit(end, end, ""),
        )


@dataclass(frozen=True)
class HtmlSource:
    """A document's text, and the tree in it."""

    text: str

    @cached_property
    def root(self) -> SourceElement:
        """The html element."""
        document = JustHTML(self.text, track_node_locations=True, sanitize=False)
        node = next(child for child in document.root.children or () if child.name == "html")
        return self._element(node, None)

    @cached_property
    def uncommented(self) -> str:
        """The text with its comments blanked out, place by place."""
        return re.sub(r"<!--.*?-->", lambda match: " " * len(match[0]), self.text, flags=re.DOTALL)

    def all(self) -> Iterator[SourceElement]:
        """Every element, in document order."""
        yield self.root
        yield from self.root.descendants()

    @cached_property
    def by_place(self) -> Mapping[int, SourceElement]:
        """The written elements by the offset of their start tags."""
        return {element.start: element for element in self.all() if element.start is not None}

    def path(self, element: SourceElement) -> str:
        """A selector that leads to `element`, as the audit writes them (`ViewportArtifacts.path`)."""
        steps: list[str] = []
        level: SourceElement | None = element
        while level is not None:
            identifier = level.attributes.get("id", "")
            if identifier and self.with_id(identifier) is level:
                steps.append(f"#{css_identifier(identifier)}")
                break
            same = [] if level.parent is None else [other for other in level.parent.children if other.tag == level.tag]
            plain = level.tag in ("html", "body") or level.parent is None
            steps.append(level.tag if plain else f"{level.tag}:nth-of-type({same.index(level) + 1})")
            level = level.parent
        return " > ".join(reversed(steps))

    def first(self, tag: str) -> SourceElement | None:
        """The first element of that tag."""
        return next((element for element in self.all() if element.tag == tag), None)

    @cached_property
    def _by_id(self) -> dict[str, list[SourceElement]]:
        found: dict[str, list[SourceElement]] = {}
        for element in self.all():
            if element.attributes.get("id"):
                found.setdefault(element.attributes["id"], []).append(element)
        return found

    def with_id(self, identifier: str) -> SourceElement | None:
        """The only element with that id."""
        found = self._by_id.get(identifier, [])
        return found[0] if len(found) == 1 else None

    def free_id(self, wanted: str) -> str:
        """`wanted`, or that with a number behind it where an element has that id already."""
        names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(self._by_id) + 3)))
        return next(name for name in names if name not in self._by_id)

    def _element(self, node: Node, parent: SourceElement | None) -> SourceElement:
        attributes = {name.lower(): value or "" for name, value in (node.attrs or {}).items()}
        made = SourceElement(self, str(node.name), _written_at(self.text, node), attributes, parent)
        made.is_html = str(node.namespace or "html") == "html"
        children = (child for child in node.children or () if not str(child.name).startswith(("#", "!")))
        made.children = [self._element(child, made) for child in children]
        return made


def attributes_in(tag: str) -> dict[str, str]:
    """The attributes of one start tag as they are written, by lower-case name; the first counts."""
    named = _NAME.match(tag)
    at = named.end() if named is not None else 0
    found: dict[str, str] = {}
    while (match := _ATTRIBUTE.match(tag, at)) is not None:
        value = match["value"] or ""
        found.setdefault(match["name"].lower(), value[1:-1] if value[:1] in ("'", '"') else value)
        at = match.end()
    return found


def _written_at(text: str, node: Node) -> int | None:
    """Where the node's start tag stands; None if another tag or none at all made the parser put it there."""
    at = node.origin_offset
    if at is None or text[at : at + 1 + len(str(node.name))].lower() != f"<{str(node.name).lower()}":
        return None
    return int(at)


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
