"""Tables: head cells that say so, and descriptions that are not given twice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.each import ElementMend, each_element
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
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
    return Way(FixState.DRAFT, page.say(Phrase.FIRST_ROW_HEADS), edits=page.in_document(*edits), renames=True)


def _said_once(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """The summary that repeats the caption goes; the caption says it."""
    del fault
    edits = page.in_document(element.remove_attribute("summary"))
    return Way(FixState.SOUND, page.say(Phrase.CAPTION_ALONE), edits=edits) if edits else None


def _scopes(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """Header cells of the head and of the first row head columns; those that begin other rows head their row."""
    del fault
    edits = []
    for place, row in enumerate(_rows(element)):
        cells = [cell for cell in row.children if cell.tag in ("td", "th")]
        is_head = place == 0 or (row.parent is not None and row.parent.tag == "thead")
        is_head = is_head or all(cell.tag == "th" for cell in cells)
        for at, cell in enumerate(cells):
            begins = all(before.tag == "th" for before in cells[:at])
            if cell.tag == "th" and cell.start is not None and "scope" not in cell.attributes:
                if not is_head and not begins:
                    return None
                edits.append(cell.set_attribute("scope", "col" if is_head else "row"))
    return Way(FixState.SOUND, page.say(Phrase.SCOPES), edits=page.in_document(*edits)) if edits else None


def _rows(table: SourceElement) -> list[SourceElement]:
    """Its own rows, those of tables in it left out."""
    parts = [part for child in table.children for part in ((child,) if child.tag == "tr" else child.children)]
    return [part for part in parts if part.tag == "tr"]


_MENDS: Final[Mapping[str, ElementMend]] = {
    "axe-td-has-header": _heads,
    "axe-table-duplicate-name": _said_once,
    "acc-table-scope": _scopes,
}
