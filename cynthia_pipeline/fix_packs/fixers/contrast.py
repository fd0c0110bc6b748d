"""Colours of text: the smallest move of lightness in OKLCH that reaches the ratio on every background it stands on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from cynthia_pipeline.audit.colour import contrast, difference, nearest_pair, nearest_passing, parse
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.css import Spot, colour_spot, override, style_attribute, winning
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

RULES: Final = frozenset(("clr-text-contrast", "axe-color-contrast", "axe-color-contrast-enhanced"))

_GENTLE: Final = 0.15
"""Distance in OKLab up to which a colour is moved for level AAA. Further would be another design than the site's."""

_HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One text that is too faint.

    Attributes:
        enhanced: it is only level AAA that it misses.
    """

    fault: Fault
    text: str
    behind: str
    required: float
    enhanced: bool


@dataclass(slots=True)
class _Group:
    """Texts whose colour comes from the same place."""

    spot: Spot | None
    readings: list[_Reading] = field(default_factory=list)


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each place that a colour comes from."""
    readings = list(_readings(page, faults))
    filled = [reading for reading in readings if not reading.enhanced and _moves_fill(reading)]
    texts = [reading for reading in readings if reading not in filled]
    for group in _by_place(page, texts):
        remedy = _text_remedy(group)
        if remedy is not None:
            yield remedy
    fills: dict[tuple[str, str, float], list[_Reading]] = {}
    for reading in filled:
        fills.setdefault((reading.text, reading.behind, reading.required), []).append(reading)
    for same in fills.values():
        yield _fill_remedy(page, same)


def _readings(page: FixablePage, faults: Iterable[Fault]) -> Iterator[_Reading]:
    """What axe read of each faulty text; the strictest of what it misses."""
    basic = {(fault.viewport, fault.path) for fault in faults if fault.rule.id != "axe-color-contrast-enhanced"}
    for fault in faults:
        enhanced = fault.rule.id == "axe-color-contrast-enhanced"
        if fault.rule.id not in RULES or (enhanced and (fault.viewport, fault.path) in basic):
            continue
        data = _measured(page, fault, "color-contrast-enhanced" if enhanced else "color-contrast")
        text, behind = str(data.get("fgColor")), str(data.get("bgColor"))
        ratio = str(data.get("expectedContrastRatio", "")).removesuffix(":1")
        if _HEX.fullmatch(text) and _HEX.fullmatch(behind) and ratio:
            yield _Reading(fault, text, behind, float(ratio), enhanced)


def _measured(page: FixablePage, fault: Fault, rule: str) -> dict[str, object]:
    result = page.view(fault.viewport).artifacts.axe.get(rule)
    if result is None or fault.element is None:
        return {}
    return next((dict(node.data) for node in result.violations if node.element == fault.element.index), {})


def _moves_fill(reading: _Reading) -> bool:
    return nearest_pair(reading.text, reading.behind, reading.required).text == reading.text


def _by_place(page: FixablePage, readings: Iterable[_Reading]) -> list[_Group]:
    groups: dict[object, _Group] = {}
    for reading in readings:
        spot = _spot(page, reading)
        key: object = (spot.url, spot.start) if spot is not None else (reading.text, reading.behind, reading.enhanced)
        groups.setdefault(key, _Group(spot)).readings.append(reading)
    return list(groups.values())


def _spot(page: FixablePage, reading: _Reading) -> Spot | None:
    fault = reading.fault
    inline = style_attribute(page, fault, "color")
    if inline is not None:
        return inline if parse(inline.value) is not None else None
    declarations = page.declarations(fault)
    declaration = winning(declarations, "color")
    computed = fault.element.style.get("color", "") if fault.element is not None else ""
    return colour_spot(page, declaration, computed, declarations) if declaration is not None else None


def _text_remedy(group: _Group) -> Remedy | None:
    colour = _passing_all(group.readings)
    keys = tuple(dict.fromkeys(reading.fault.key for reading in group.readings))
    paths = tuple(dict.fromkeys(reading.fault.path for reading in group.readings))
    if colour is None:
        return None
    ways: list[Way] = []
    sets = (("color", colour),)
    if group.spot is not None:
        named = f"{group.spot.variable or 'color'}: {group.spot.value} → {colour}"
        ways.append(Way(FixState.SOUND, named, edits=(group.spot.edit(colour),), sets=sets))
    ways.append(Way(FixState.SOUND, f"color: {colour}", overrides=(override(paths, sets),), sets=sets))
    return Remedy(keys, tuple(ways), paths)


def _passing_all(readings: Sequence[_Reading]) -> str | None:
    """The nearest colour that passes on every background; None if there is none, or AAA alone would ask too much."""
    start = readings[0].text
    candidates = {
        passing
        for reading in readings
        if (passing := nearest_passing(start, reading.behind, reading.required)) is not None
    } | {"#000000", "#ffffff"}
    passing_all = [
        candidate
        for candidate in candidates
        if all(contrast(candidate, reading.behind) >= reading.required for reading in readings)
    ]
    if not passing_all:
        return None
    best = min(passing_all, key=lambda candidate: (difference(start, candidate), candidate))
    if all(reading.enhanced for reading in readings) and difference(start, best) > _GENTLE:
        return None
    return best


def _fill_remedy(page: FixablePage, same: Sequence[_Reading]) -> Remedy:
    """A fill behind its text that moves, or else the text."""
    first = same[0]
    pair = nearest_pair(first.text, first.behind, first.required)
    paths = tuple(dict.fromkeys(reading.fault.path for reading in same))
    boxes = tuple(dict.fromkeys(path for reading in same if (path := _filled(page, reading.fault)) is not None))
    fill = (("background-color", pair.behind),)
    ways: list[Way] = []
    spots = [_fill_spot(page, reading) for reading in same]
    if all(spot is not None for spot in spots):
        edits = tuple(dict.fromkeys(spot.edit(pair.behind) for spot in spots if spot is not None))
        said = f"background-color: {first.behind} → {pair.behind}"
        ways.append(Way(FixState.SOUND, said, edits=edits, sets=fill))
    if boxes:
        said = f"background-color: {pair.behind}"
        ways.append(Way(FixState.SOUND, said, overrides=(override(boxes, fill),), sets=fill))
    text = nearest_passing(first.text, first.behind, first.required) or pair.text
    if contrast(text, first.behind) >= first.required:
        sets = (("color", text),)
        ways.append(Way(FixState.SOUND, f"color: {text}", overrides=(override(paths, sets),), sets=sets))
    return Remedy(tuple(dict.fromkeys(reading.fault.key for reading in same)), tuple(ways), (*paths, *boxes))


def _fill_spot(page: FixablePage, reading: _Reading) -> Spot | None:
    fault = reading.fault
    inline = style_attribute(page, fault, "background-color")
    if inline is not None:
        return inline if parse(inline.value) is not None else None
    declarations = page.declarations(fault)
    declaration = winning(declarations, "background-color")
    computed = fault.element.style.get("background-color", "") if fault.element is not None else ""
    return colour_spot(page, declaration, computed, declarations) if declaration is not None else None


def _filled(page: FixablePage, fault: Fault) -> str | None:
    """The element whose fill lies behind the text."""
    if fault.element is None:
        return None
    view = page.view(fault.viewport).artifacts
    for level in (fault.element, *view.ancestors(fault.element)):
        fill = parse(level.style.get("background-color", ""))
        if fill is not None and fill[1] > 0:
            return view.path(level)
    return None
