"""Which CSS declarations apply to an element and where they are written, as Chromium itself says."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession

from cynthia_pipeline.browser.element_order import BrowserNode
from cynthia_pipeline.fix_packs.probing import Declaration, Source


@dataclass
class StyleAuthor:
    """Answers for one page. Made by `begin`.

    Attributes:
        document: the text of the main document, which <style> elements are part of.
    """

    session: CDPSession
    sources: Mapping[str, Source]
    page_url: str
    sheets: dict[str, dict[str, Any]] = field(default_factory=dict)
    _measures: dict[str, "_Measure"] = field(default_factory=dict)

    @classmethod
    async def begin(cls, session: CDPSession, sources: Mapping[str, Source], page_url: str) -> "StyleAuthor":
        """Learns of all stylesheets; `session` has its DOM domain enabled."""
        author = cls(session, sources, page_url)
        session.on("CSS.styleSheetAdded", author.note)
        await session.send("CSS.enable")
        return author

    def note(self, event: dict[str, Any]) -> None:
        """Learns of one stylesheet."""
        self.sheets[event["header"]["styleSheetId"]] = event["header"]

    def address(self, header: dict[str, Any]) -> str:
        """Of the file that a style sheet is written in: its own or the document."""
        return self.page_url if header.get("isInline") else str(header["sourceURL"])

    def extent(self, header: dict[str, Any]) -> tuple[int, int]:
        """Where in its file a style sheet begins and ends; only for files among the sources."""
        source = self.sources[self.address(header)]
        if not header.get("isInline"):
            return 0, len(source.text)
        start = self._offset(source, None, int(header["startLine"]), int(header["startColumn"]))
        return start, self._offset(source, None, int(header["endLine"]), int(header["endColumn"]))

    async def declarations(self, node: BrowserNode) -> tuple[Declaration, ...]:
        """What applies to `node`, weakest first: inherited before its own, normal before important."""
        answer = await self.session.send("CSS.getMatchedStylesForNode", {"nodeId": node.node})
        levels = [answer, *answer.get("inherited", ())]
        found: list[Declaration] = []
        for depth in range(len(levels) - 1, -1, -1):
            own = list(self._level(levels[depth], depth))
            found += [item for item in own if not item.important] + [item for item in own if item.important]
        return tuple(found)

    def _level(self, level: dict[str, Any], depth: int) -> Iterator[Declaration]:
        for match in level.get("matchedCSSRules", ()):
            rule = match["rule"]
            if rule["origin"] == "regular":
                selectors = rule["selectorList"]["selectors"]
                matching = [selectors[place]["text"] for place in match.get("matchingSelectors", ())]
                conditions = tuple(query["text"] for query in rule.get("media", ()))
                yield from self._style(rule["style"], matching[0] if matching else "", depth, conditions)
        inline = level.get("inlineStyle")
        if inline is not None:
            yield from self._style(inline, "", depth, ())

    def _style(
        self, style: dict[str, Any], selector: str, depth: int, conditions: tuple[str, ...]
    ) -> Iterator[Declaration]:
        header = self.sheets.get(style.get("styleSheetId", ""))
        for given in style["cssProperties"]:
            if "range" not in given or given.get("disabled") or not given.get("parsedOk", True):
                continue
            value = given["value"].removesuffix("!important").rstrip()
            important = bool(given.get("important"))
            place = self._place(header, given["range"], given["name"]) if selector and header is not None else None
            if place is None:
                yield Declaration(given["name"], value, important, selector, depth, None, conditions=conditions)
            else:
                address, start, end = place
                yield Declaration(given["name"], value, important, selector, depth, address, start, end, conditions)

    def _place(self, header: dict[str, Any], span: dict[str, int], name: str) -> tuple[str, int, int] | None:
        """Where a declaration is written; None if it is not to be found there."""
        address = self.address(header)
        source = self.sources.get(address)
        if source is None:
            return None
        around = header if header.get("isInline") else None
        start = self._offset(source, around, span["startLine"], span["startColumn"])
        end = self._offset(source, around, span["endLine"], span["endColumn"])
        written = source.text[start:end].rstrip().removesuffix(";").rstrip()
        if not written.lower().startswith(name.lower()) or ":" not in written:
            return None
        return address, start, start + len(written)

    def _offset(self, source: Source, header: dict[str, Any] | None, line: int, column: int) -> int:
        if header is not None:
            column += int(header["startColumn"]) if line == 0 else 0
            line += int(header["startLine"])
        measure = self._measures.get(source.url)
        if measure is None:
            measure = self._measures[source.url] = _Measure.of(source.text)
        return measure.offset(line, column)


@dataclass(frozen=True, slots=True)
class _Measure:
    """Lines and columns of one text -> offsets. CDP counts columns in UTF-16 code units.

    Attributes:
        lines: where each line starts.
        wide: where the characters stand that take two code units.
    """

    lines: list[int]
    wide: list[int]
    length: int

    @classmethod
    def of(cls, text: str) -> "_Measure":
        wide = [] if text.isascii() else [place for place, char in enumerate(text) if char > "\uffff"]
        return cls(_line_starts(text), wide, len(text))

    def offset(self, line: int, column: int) -> int:
        if line >= len(self.lines):
            return self.length
        start = self.lines[line]
        at = start + column
        first = bisect_left(self.wide, start)
        while first < len(self.wide) and self.wide[first] < at:
            at -= 1
            first += 1
        return at


def _line_starts(text: str) -> list[int]:
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts
