"""Images: their size in the markup, when they are loaded, and proportions that are kept."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.rules.model import number
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault, keys_of, paths_of
from cynthia_pipeline.fix_packs.fixers.css import override, winning
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_UNSIZED: Final = "img-unsized"
_LOADING: Final = {"img-eager-below": "lazy", "img-lazy-first-view": "eager"}
_SIDES: Final = ("width", "height")

_Image: TypeAlias = tuple[list[Fault], SourceElement]
"""What is wrong with one image, and where it is written."""


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each way to mend: sizes and loading together, apart by what the style sheets leave open.

    An image that is loaded late needs its size in the markup: without it there is nothing to see until it comes.
    """
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.path and (fault.rule.id == _UNSIZED or fault.rule.id in _LOADING):
            found.setdefault(fault.path, []).append(fault)
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[_Image]] = {}
    for same in found.values():
        written = page.written(same[0])
        if written is None:
            continue
        rules = tuple(sorted({fault.rule.id for fault in same}))
        sides = _open_sides(page, same[0]) if _UNSIZED in rules else ()
        groups.setdefault((rules, sides), []).append((same, written))
    for (rules, sides), images in groups.items():
        edits = [edit for same, written in images for edit in _edits(page, same[0], written, rules)]
        paths = paths_of(fault for same, _ in images for fault in same)
        keys = keys_of(fault for same, _ in images for fault in same)
        overrides = (override(paths, [(side, "auto") for side in sides]),) if sides else ()
        said = "; ".join(_said(page, rule) for rule in rules)
        yield Remedy(keys, (Way(FixState.SOUND, said, edits=page.in_document(*edits), overrides=overrides),), paths)


def _said(page: FixablePage, rule: str) -> str:
    return page.say(Phrase.SIZE_OF_FILE) if rule == _UNSIZED else f'loading="{_LOADING[rule]}"'


def _edits(page: FixablePage, fault: Fault, written: SourceElement, rules: Sequence[str]) -> Iterator[Edit]:
    if _UNSIZED in rules:
        yield from _attributes(page, fault, written)
    for rule in rules:
        if rule in _LOADING:
            yield written.set_attribute("loading", _LOADING[rule])


def _open_sides(page: FixablePage, fault: Fault) -> tuple[str, ...]:
    """The sides that would follow the attributes where they should follow the other side: those have to stay `auto`."""
    declarations = page.declarations(fault)
    values = {side: winning(declarations, side) for side in _SIDES}
    unsaid = tuple(side for side, declared in values.items() if declared is None)
    if any(declared is not None and declared.value.strip() != "auto" for declared in values.values()):
        return unsaid
    natural = _natural(page, fault)
    shown = fault.element.rect if fault.element is not None else None
    shrunk = shown is not None and natural is not None and abs(shown.width - natural[0]) > 1
    return ("height",) if shrunk and "height" in unsaid else ()


def _natural(page: FixablePage, fault: Fault) -> tuple[float, float] | None:
    images = page.view(Viewport.DESKTOP).artifacts.content.images
    found = next((i for i in images if fault.element is not None and i.element == fault.element.index), None)
    return None if found is None else (found.natural_width, found.natural_height)


def _attributes(page: FixablePage, fault: Fault, written: SourceElement) -> Iterator[Edit]:
    natural = _natural(page, fault)
    for side, size in zip(_SIDES, natural or (), strict=False):
        yield written.set_attribute(side, number(size, 0))
