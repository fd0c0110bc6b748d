"""Tables: head cells that say so, and descriptions that are not given twice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.each import ElementMend, each_element
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each table."""
    return each_element(page, faults, _MENDS)


def _heads(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """The cells of the first row become the heads of their columns, and keep their look."""
    del fault
    rows = [child for child in element.descendants() if child.tag == "tr"]
    cells = [child for child in rows[0].children if child.tag == "td" and child.start is not None] if rows else []
    if len(rows) < 2 or not cells or any(not cell.words for cell in cells):
        return None
    edits = [cell.set_attribute("role", "columnheader") for cell in cells]
    return Way(FixState.DRAFT, "the first row is the table's head", edits=page.in_document(*edits), renames=True)


def _said_once(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """The summary that repeats the caption goes; the caption says it."""
    del fault
    edits = page.in_document(element.remove_attribute("summary"))
    return Way(FixState.SOUND, "the caption alone", edits=edits) if edits else None


_MENDS: Final[Mapping[str, ElementMend]] = {
    "axe-td-has-header": _heads,
    "axe-table-duplicate-name": _said_once,
}
