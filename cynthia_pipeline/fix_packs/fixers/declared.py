"""Findings whose rule already names the exact CSS: sizes, line heights, borders, placeholders, widths.

Rules of this project give `before` and `after` as declarations, measured on the element. A rule that is added later
and does so is mended here without another line.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.declared import NARROW, Style, style_in
from cynthia_pipeline.fix_packs.faults import Fault, keys_of, paths_of
from cynthia_pipeline.fix_packs.fixers.css import Spot, override, value_spot
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_COMPANIONS: Final = {"rsp-wide-media": (("height", "auto"),), "rsp-overflow": (("min-width", "0"),)}
"""What else such a change needs to do what it says: a picture that is narrowed keeps its proportions."""

_BREAK: Final = (("overflow-wrap", "anywhere"), ("white-space", "normal"), ("max-width", "100%"))
_WRAPS: Final = {"rsp-overflow": _BREAK, "rsp-text-scrolls": _BREAK}
"""The second way, for content that is wide by its words."""


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each rule and change."""
    groups: dict[tuple[str, Style], list[Fault]] = {}
    for fault in faults:
        style = style_in(fault.finding.after or "")
        if fault.path and style is not None and not style.condition:
            groups.setdefault((fault.rule.id, style), []).append(fault)
    for (rule, style), same in groups.items():
        yield _remedy(page, rule, same, style)


def _remedy(page: FixablePage, rule: str, faults: Sequence[Fault], style: Style) -> Remedy:
    pseudo, values = style.pseudo, style.declarations
    paths = paths_of(faults)
    phone_only = {fault.viewport for fault in faults} == {Viewport.MOBILE}
    condition = NARROW if phone_only else ""
    said = "; ".join(f"{name}: {value}" for name, value in values)
    more = _COMPANIONS.get(rule, ())
    ways: list[Way] = []
    spots = _spots(page, faults, values, pseudo) if not (phone_only or more) else []
    if spots:
        edits = tuple(dict.fromkeys(spot.edit(values[0][1]) for spot in spots))
        ways.append(Way(FixState.SOUND, said, edits=edits, sets=values))
    overrides = (override(paths, (*values, *more), condition=condition, suffix=pseudo),)
    ways.append(Way(FixState.SOUND, said, overrides=overrides, sets=(*values, *more)))
    if rule in _WRAPS:
        wrapped = override(paths, _WRAPS[rule], condition=condition)
        ways.append(Way(FixState.SOUND, page.say(Phrase.LONG_WORDS), overrides=(wrapped,), sets=_WRAPS[rule]))
    return Remedy(keys_of(faults), tuple(ways), paths)


def _spots(
    page: FixablePage, faults: Sequence[Fault], values: Sequence[tuple[str, str]], pseudo: str
) -> Sequence[Spot]:
    """Where a single property is written for all of them; empty if one of them has no such place."""
    if len(values) != 1 or pseudo:
        return ()
    found = [value_spot(page, fault, values[0][0]) for fault in faults]
    return [] if any(spot is None for spot in found) else [spot for spot in found if spot is not None]
