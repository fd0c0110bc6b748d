"""Motion for those who wish for less of it, and motion that lasts too long or moves the wrong thing."""

from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.audit.declared import Style, style_in
from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.fixers.css import override
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_REDUCED: Final = "(prefers-reduced-motion: reduce)"
_TIMING: Final = frozenset(("mot-slow-transition", "mot-transition-all", "mot-linear-easing"))
_SHORT: Final = ("transition-duration", "200ms")
_EASED: Final = ("transition-timing-function", "ease-out")
_NO_ALL: Final = (
    "transition-property",
    "color, background-color, border-color, box-shadow, opacity, transform",
)


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for all that should rest when less motion is wished for, one for each set of transition faults."""
    still = [(fault, style) for fault in faults if (style := _calm(fault)) is not None]
    if still:
        rules = dict.fromkeys(
            override([fault.path or "html"], style.declarations, condition=style.condition, suffix=style.pseudo)
            for fault, style in still
        )
        way = Way(FixState.SOUND, page.say(Phrase.LESS_MOTION), overrides=tuple(rules))
        paths = tuple(dict.fromkeys(fault.path or "html" for fault, _ in still))
        yield Remedy(keys_of(fault for fault, _ in still), (way,), paths)
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


def _calm(fault: Fault) -> Style | None:
    """What a finding wants where less motion is wished for."""
    style = style_in(fault.finding.after or "")
    return style if style is not None and style.condition == _REDUCED else None


def _values(broken: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What is shortened becomes noticeable as a move, so it gets an easing too; and what names `all`, its own list."""
    if "mot-slow-transition" in broken:
        yield _SHORT
    yield _EASED
    if "mot-transition-all" in broken:
        yield _NO_ALL
