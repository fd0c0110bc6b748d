"""Mends that look at one element at a time: a function for each rule, one remedy for each element."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

ElementMend: TypeAlias = Callable[[FixablePage, SourceElement, Fault], Way | None]


def each_element(page: FixablePage, faults: Sequence[Fault], mends: Mapping[str, ElementMend]) -> Iterator[Remedy]:
    """One remedy for each rule and element that is written in the source and that its rule's mend knows a way for.

    Args:
        mends: by the rule's id.
    """
    seen = set()
    for fault in faults:
        mend = mends.get(fault.rule.id)
        if mend is None or fault.key in seen:
            continue
        seen.add(fault.key)
        written = page.written(fault)
        way = mend(page, written, fault) if written is not None else None
        if way is not None:
            yield Remedy((fault.key,), (way,), (fault.path,))


def way_of(page: FixablePage, state: FixState, said: str, *edits: Edit | None, renames: bool = False) -> Way | None:
    """The way that makes these edits of the document; None if there are none."""
    made = page.in_document(*edits)
    return Way(state, said, edits=made, renames=renames) if made else None
