"""Motion for those who wish for less of it, and motion that lasts too long or moves the wrong thing."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.fixers.css import override
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Override, Remedy, Way

_REDUCED: Final = "(prefers-reduced-motion: reduce)"
_WITHIN = re.compile(r"@media \(prefers-reduced-motion: reduce\) \{ (?P<selector>[^{}]+) \{ (?P<body>[^{}]+) \} \}")
_TIMING: Final = frozenset(("mot-slow-transition", "mot-transition-all", "mot-linear-easing"))
_SHORT: Final = ("transition-duration", "200ms")
_EASED: Final = ("transition-timing-function", "ease-out")
_NO_ALL: Final = (
    "transition-property",
    "color, background-color, border-color, box-shadow, opacity, transform",
)


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for all that should rest when less motion is wished for, one for each set of transition faults."""
    del page
    still = [fault for fault in faults if fault.finding.after and _WITHIN.fullmatch(fault.finding.after)]
    if still:
        rules = tuple(dict.fromkeys(_calm(fault.finding.after or "") for fault in still))
        way = Way(FixState.SOUND, "rests when less motion is wished for", overrides=rules)
        paths = tuple(dict.fromkeys(fault.path or "html" for fault in still))
        yield Remedy(keys_of(still), (way,), paths)
    by_path: dict[str, set[str]] = {}
    for fault in faults:
        if fault.rule.id in _TIMING and fault.path:
            by_path.setdefault(fault.path, set()).add(fault.rule.id)
    groups: dict[frozenset[str], list[str]] = {}
    for path, rules_broken in by_path.items():
        groups.setdefault(frozenset(rules_broken), []).append(path)
    for broken, found in groups.items():
        values = tuple(_values(broken))
        keys = keys_of(f for f in faults if f.rule.id in _TIMING and f.path in found)
        said = "; ".join(f"{name}: {value}" for name, value in values)
        way = Way(FixState.SOUND, said, overrides=(override(found, values),), sets=values)
        yield Remedy(keys, (way,), tuple(found))


def _calm(after: str) -> Override:
    match = _WITHIN.fullmatch(after)
    if match is None:
        raise ValueError(after)
    name, _, value = match["body"].partition(": ")
    return override([match["selector"]], [(name.strip(), value.strip())], condition=_REDUCED)


def _values(broken: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What is shortened becomes noticeable as a move, so it gets an easing too; and what names `all`, its own list."""
    if "mot-slow-transition" in broken:
        yield _SHORT
    yield _EASED
    if "mot-transition-all" in broken:
        yield _NO_ALL
