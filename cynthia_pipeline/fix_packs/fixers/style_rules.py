"""Rules of the site's own style sheets that leave somebody out: shown to the pointer alone, turned with the screen."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from cynthia_pipeline.audit.artifacts import Flag
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault, keys_of, paths_of
from cynthia_pipeline.fix_packs.fixers.css import sheets
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, SourceEdit, Way

_HOVER: Final = "acc-hover-only"
_TURNED: Final = frozenset(("acc-orientation-lock", "axe-css-orientation-lock"))

_RULE = re.compile(r"(?P<selectors>[^{};@]*:hover[^{};@]*)\{(?P<body>[^{}]*)\}")
_SHOWS = re.compile(r"(?:^|[;\s])(?:display\s*:(?!\s*none)|visibility\s*:\s*visible|opacity\s*:\s*(?:1|0?\.[5-9]))")
_LIST = re.compile(r",(?![^(]*\))")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MEDIA = re.compile(r"@media[^{]*orientation[^{]*\{", re.IGNORECASE)
_QUARTER_TURN = re.compile(
    r"rotate\s*[:(]\s*(?P<turn>-?(?:90deg|270deg|0?\.25turn|0?\.75turn|100grad|300grad))(?=\s*[;})])", re.IGNORECASE
)


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for all that the pointer alone shows, one for all that turns."""
    hidden = [fault for fault in faults if fault.rule.id == _HOVER and _is_entered(page, fault)]
    twins = _in_sheets(page, focus_twins) if hidden else ()
    if twins:
        way = Way(FixState.SOUND, page.say(Phrase.FOCUS_LIKE_HOVER), edits=twins)
        yield Remedy(keys_of(hidden), (way,), paths_of(hidden))
    turned = [fault for fault in faults if fault.rule.id in _TURNED]
    straight = _in_sheets(page, straightened) if turned else ()
    if straight:
        # How the page is laid out in the other orientation is not opened.
        way = Way(FixState.DRAFT, page.say(Phrase.NO_TURN), edits=straight)
        yield Remedy(keys_of(turned), (way,), paths_of(turned))


def _is_entered(page: FixablePage, fault: Fault) -> bool:
    """Whether the focus gets to what the pointer is on: something in it is reached while the rest is hidden."""
    if fault.element is None:
        return False
    view = page.view(fault.viewport).artifacts
    inside = (fault.element, *view.descendants(fault.element))
    return any(Flag.FOCUSABLE in element.flags and element.visible for element in inside)


def _in_sheets(page: FixablePage, change: Callable[[str], Iterator[Edit]]) -> tuple[SourceEdit, ...]:
    return tuple(
        SourceEdit(url, Edit(start + edit.start, start + edit.end, edit.text))
        for url, start, css in sheets(page)
        for edit in change(css)
    )


def focus_twins(css: str) -> Iterator[Edit]:
    """Beside each selector by which the pointer on a box shows another element, the same with the focus in the box."""
    for rule in _RULE.finditer(_COMMENT.sub(lambda match: " " * len(match[0]), css)):
        selectors = [" ".join(selector.split()) for selector in _LIST.split(rule["selectors"])]
        twins = [selector.replace(":hover", ":focus-within") for selector in selectors if _shows_another(selector)]
        new = [twin for twin in twins if twin not in selectors]
        if new and _SHOWS.search(rule["body"]) is not None:
            at = rule.start() + len(rule["selectors"].rstrip())
            yield Edit(at, at, "".join(f", {twin}" for twin in new))


def _shows_another(selector: str) -> bool:
    """Whether what is shown is another element than the one that the pointer is on."""
    return re.search(r":hover\S*(?:\s*[>+~]|\s+)\s*[^\s>+~]", selector) is not None


def straightened(css: str) -> Iterator[Edit]:
    """Quarter turns in rules for one orientation of the screen become none."""
    done = 0
    for media in _MEDIA.finditer(css):
        end = _closing(css, media.end())
        for turn in _QUARTER_TURN.finditer(css, max(done, media.end()), end):
            yield Edit(turn.start("turn"), turn.end("turn"), "0deg")
        done = max(done, end)


def _closing(css: str, at: int) -> int:
    """Where the block that was opened before `at` ends."""
    depth = 1
    for place in range(at, len(css)):
        depth += {"{": 1, "}": -1}.get(css[place], 0)
        if not depth:
            return place
    return len(css)
