"""What a patch comes to on a page that is open already: the part of it that can be made and taken back there.

Rules and declarations, and attributes of elements that the source has. What else changes a document (an element more,
another tag) is only seen when the patched file is opened.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from cynthia_pipeline.fix_packs.edits import Edit, edited
from cynthia_pipeline.fix_packs.html_source import SourceElement, attributes_in
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.probing import AttributeChange, LiveChanges
from cynthia_pipeline.fix_packs.remedies import SourceEdit, Way, stylesheet


@dataclass(frozen=True)
class Stage:
    """A page as one on which patches are rehearsed."""

    page: FixablePage
    _known: dict[int, bool] = field(default_factory=dict)

    def can(self, way: Way) -> bool:
        """Whether a way can be rehearsed at all."""
        known = self._known.get(id(way))
        if known is None:
            known = self._known[id(way)] = self.changes([way]) is not None
        return known

    def changes(self, ways: Sequence[Way]) -> LiveChanges | None:
        """What these ways change; None if one of them does what cannot be rehearsed."""
        overrides = [rule for way in ways for rule in way.overrides if rule.selectors]
        sheets: dict[str, dict[Edit, None]] = {}
        tags: dict[SourceElement, dict[Edit, None]] = {}
        for item in _every(ways):
            if item.url != self.page.probe.page_url:
                sheets.setdefault(item.url, {})[item.edit] = None
                continue
            element = self._around(item.edit)
            if element is None:
                return None
            if item.edit.end < element.opened:
                tags.setdefault(element, {})[item.edit] = None
            elif element.tag == "style":
                sheets.setdefault(item.url, {})[item.edit] = None
            else:
                return None
        attributes = [change for element, edits in tags.items() for change in self._attributes(element, edits)]
        return LiveChanges(
            stylesheet(overrides), {url: tuple(edits) for url, edits in sheets.items()}, tuple(attributes)
        )

    @cached_property
    def _written(self) -> list[SourceElement]:
        found = [element for element in self.page.html.all() if element.start is not None]
        return sorted(found, key=lambda element: element.start or 0)

    def _around(self, edit: Edit) -> SourceElement | None:
        """The element whose start tag, or whose style sheet, an edit lies in."""
        place = bisect_right(self._written, edit.start, key=lambda element: element.start or 0) - 1
        element = self._written[place] if place >= 0 else None
        if element is None or element.start is None or edit.start <= element.start:
            return None
        inside = edit.end < element.opened
        in_sheet = element.tag == "style" and edit.start >= element.opened and edit.end <= (element.closing or (0,))[0]
        return element if inside or in_sheet else None

    def _attributes(self, element: SourceElement, edits: Iterable[Edit]) -> Iterable[AttributeChange]:
        start, text = element.start or 0, self.page.html.text
        before = text[start : element.opened]
        after = edited(before, [Edit(edit.start - start, edit.end - start, edit.text) for edit in edits])
        was, now = attributes_in(before), attributes_in(after)
        for name in {**was, **now}:
            if was.get(name) != now.get(name):
                value = now.get(name)
                yield AttributeChange(element.path, element.tag, name, None if value is None else unescape(value))


def _every(ways: Iterable[Way]) -> Iterable[SourceEdit]:
    return (item for way in ways for item in way.edits)
