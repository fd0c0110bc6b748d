"""What is tapped or clicked: its size, WCAG 2.2 SC 2.5.8, and the product's own 44 px on phones."""

from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.audit.declared import NARROW
from cynthia_pipeline.fix_packs.faults import Fault, keys_of, paths_of
from cynthia_pipeline.fix_packs.fixers.css import override
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Override, Remedy, Way

RULES: Final = frozenset(("acc-target-size", "axe-target-size", "acc-touch-target"))

_MINIMUM: Final = 24
_COMFORTABLE: Final = 44
_FINGER: Final = f"(pointer: coarse), {NARROW}"
"""Screens that are touched, and narrow ones: the browser takes a picture as if it had a mouse."""


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each rule and kind of box."""
    groups: dict[tuple[bool, str], list[Fault]] = {}
    for fault in faults:
        if fault.rule.id in RULES and fault.element is not None and ">>>" not in fault.path:
            groups.setdefault((fault.rule.id == "acc-touch-target", _kind(fault)), []).append(fault)
    for (comfortable, kind), same in groups.items():
        size = _COMFORTABLE if comfortable else _MINIMUM
        condition = _FINGER if comfortable else ""
        paths = paths_of(same)
        ways = tuple(
            Way(FixState.SOUND, page.say(Phrase.AT_LEAST, size=size), overrides=(rule,))
            for rule in _rules(kind, size, paths, condition)
        )
        yield Remedy(keys_of(same), ways, paths)


def _kind(fault: Fault) -> str:
    element = fault.element
    if element is None:
        return "box"
    if element.tag == "input" and element.attributes.get("type", "").lower() in ("checkbox", "radio"):
        return "tick"
    return "inline" if element.style.get("display") == "inline" else "box"


def _rules(kind: str, size: int, paths: Sequence[str], condition: str) -> Iterator[Override]:
    least = (("min-width", f"{size}px"), ("min-height", f"{size}px"))
    match kind:
        case "tick":
            exact = (("width", f"{size}px"), ("height", f"{size}px"))
            yield override(paths, exact, condition=condition)
        case "inline":
            centred = (("display", "inline-flex"), ("align-items", "center"), *least)
            yield override(paths, centred, condition=condition)
            yield override(paths, (("display", "inline-block"), *least), condition=condition)
        case _:
            yield override(paths, (*least, ("box-sizing", "border-box")), condition=condition)
            yield override(paths, (*least, ("margin", "4px")), condition=condition)
