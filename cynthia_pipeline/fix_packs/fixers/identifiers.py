"""Ids that stand more than once: each after the first gets one of its own."""

from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

RULES: Final = frozenset(("axe-duplicate-id", "axe-duplicate-id-active", "axe-duplicate-id-aria"))


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each id. A draft: scripts may look for it.

    What refers to an id means its first element, as browsers do, and still does.
    """
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.rule.id in RULES and fault.element is not None and fault.element.id:
            found.setdefault(fault.element.id, []).append(fault)
    taken = {element.attributes.get("id", "") for element in page.html.all()}
    for identifier, same in found.items():
        others = [e for e in page.html.all() if e.attributes.get("id") == identifier and e.start is not None][1:]
        edits = []
        for other in others:
            name = next(f"{identifier}-{n}" for n in range(2, len(taken) + 3) if f"{identifier}-{n}" not in taken)
            taken.add(name)
            edits.append(other.set_attribute("id", name))
        if edits:
            way = Way(FixState.DRAFT, page.say(Phrase.OWN_ID, id=identifier), edits=page.in_document(*edits))
            paths = {fault.path for fault in same} | {page.html.path(other) for other in others}
            yield Remedy(keys_of(same), (way,), tuple(sorted(paths)))
