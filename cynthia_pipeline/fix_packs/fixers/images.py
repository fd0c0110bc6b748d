"""Images: their size in the markup, when they are loaded, and proportions that are kept."""

from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.rules.model import number
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.css import override, winning
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_SIDES: Final = ("width", "height")


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each rule; sizes apart by what the style sheets leave open."""
    yield from _sized(page, [fault for fault in faults if fault.rule.id == "img-unsized"])
    for rule, name, value in (
        ("img-eager-below", "loading", "lazy"),
        ("img-lazy-first-view", "loading", "eager"),
    ):
        found = {f.path: (f, w) for f in faults if f.rule.id == rule and (w := page.written(f)) is not None}
        if found:
            edits = [written.set_attribute(name, value) for _, written in found.values()]
            way = Way(FixState.SOUND, f'{name}="{value}"', edits=page.in_document(*edits))
            yield Remedy(tuple(fault.key for fault, _ in found.values()), (way,), tuple(found))


def _sized(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """Width and height of the file as attributes. What no style sheet sets would follow them: it stays `auto`."""
    groups: dict[tuple[str, ...], list[tuple[Fault, SourceElement]]] = {}
    for fault in faults:
        written = page.written(fault)
        if written is not None:
            groups.setdefault(_open_sides(page, fault), []).append((fault, written))
    for sides, found in groups.items():
        edits = [edit for fault, written in found for edit in _attributes(page, fault, written)]
        paths = tuple(dict.fromkeys(fault.path for fault, _ in found))
        rules = (override(paths, [(side, "auto") for side in sides]),) if sides else ()
        way = Way(FixState.SOUND, "width and height of the file", edits=page.in_document(*edits), overrides=rules)
        yield Remedy(tuple(dict.fromkeys(fault.key for fault, _ in found)), (way,), paths)


def _open_sides(page: FixablePage, fault: Fault) -> tuple[str, ...]:
    declarations = page.declarations(fault)
    free = [side for side in _SIDES if winning(declarations, side) is None]
    if len(free) < len(_SIDES):
        return tuple(free)
    facts = _natural(page, fault)
    shown = fault.element.rect if fault.element is not None else None
    shrunk = shown is not None and facts is not None and abs(shown.width - facts[0]) > 1
    return ("height",) if shrunk else ()


def _natural(page: FixablePage, fault: Fault) -> tuple[float, float] | None:
    images = page.view(Viewport.DESKTOP).artifacts.content.images
    found = next((i for i in images if fault.element is not None and i.element == fault.element.index), None)
    return None if found is None else (found.natural_width, found.natural_height)


def _attributes(page: FixablePage, fault: Fault, written: SourceElement) -> Iterator[Edit]:
    natural = _natural(page, fault)
    for side, size in zip(_SIDES, natural or (), strict=False):
        yield written.set_attribute(side, number(size, 0))
