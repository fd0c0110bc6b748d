"""Findings -> the plan of changes that would mend them: what is written where, and what stood there.

Style changes are rules for one stylesheet that is added beside the document (OVERRIDES), so that taking them away again
leaves the site as it was; changes of markup name what stands in the document now. Only what a finding says exactly is
planned: a suggestion (info), or a change whose words a person has to find, is left to the issue. A plan is not proven;
a fix pack is.

Where two findings want another value of the same property, the heavier one is planned; of lower bounds (min-width,
min-height, font-size) the larger, which satisfies both.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.declared import NARROW, WIDE, Declarations, Style, is_markup, style_in
from cynthia_pipeline.audit.report import ChangelogEntry, PatchPlan
from cynthia_pipeline.audit.site_files import OVERRIDES, file_name
from cynthia_pipeline.audit.wording import links_the_changes, on_further_elements
from cynthia_pipeline.messages import Language

SELECTORS_CAP: Final = 50
"""Most elements that one entry names; it says how many more there are."""

_CONDITIONS: Final[Mapping[Viewport | None, str]] = {
    None: "",
    Viewport.DESKTOP: WIDE,
    Viewport.MOBILE: NARROW,
}

_LOWER_BOUNDS: Final = frozenset({"min-width", "min-height", "font-size"})
_PX = re.compile(r"(?P<size>\d+(?:\.\d+)?)px")

_FRAME: Final = " >>> "
"""Stands in the path of what lies in a frame or a shadow tree, which no stylesheet of the document reaches."""

_HEAD_END: Final = "</head>"


@dataclass(frozen=True, slots=True)
class Wish:
    """What one finding wants of one element.

    Attributes:
        why: one phrase: the issue's title.
        path: a selector.
        view: the only view that it was seen in; None for both.
        before, after: as the rule wrote them: CSS declarations or markup.
    """

    why: str
    path: str
    view: Viewport | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _StyleWish:
    why: str
    path: str
    view: Viewport | None
    before: Declarations
    after: Style


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of the added stylesheet: one reason, one set of values, however many elements."""

    why: str
    pseudo: str
    condition: str
    before: Declarations
    after: Declarations


_Key: TypeAlias = tuple[str, str, str, str, Viewport]
"""Selector, pseudo, own condition, property, view: what can have one value only."""


def patch_plan(wishes: Iterable[Wish], *, page_url: str, language: Language) -> PatchPlan | None:
    """The plan that grants the wishes, which come heaviest first; None if none of them says an exact change.

    Args:
        page_url: of the audited page; its path gives the document's name.
        language: of the descriptions.
    """
    reachable = [wish for wish in wishes if wish.path and _FRAME not in wish.path]
    document = file_name(page_url)
    sheet = posixpath.join(posixpath.dirname(document), OVERRIDES)
    entries = [_style_entry(sheet, rule, paths, language) for rule, paths in _rules(_styles(reachable)).items()]
    if entries:
        link = f'<link rel="stylesheet" href="{OVERRIDES}">\n{_HEAD_END}'
        entries.append(
            ChangelogEntry(
                file=document, type="modify", description=links_the_changes(language), before=_HEAD_END, after=link
            )
        )
    entries += _markup_entries(document, reachable, language)
    if not entries:
        return None
    return PatchPlan(reversible=all(_can_be_undone(entry) for entry in entries), changelog=tuple(entries))


def _can_be_undone(entry: ChangelogEntry) -> bool:
    """An addition is undone by taking it out; anything else wants to be told what stood there."""
    return entry.after is not None if entry.type == "add" else entry.before is not None


def _styles(wishes: Iterable[Wish]) -> Iterator[_StyleWish]:
    for wish in wishes:
        before, after = style_in(wish.before), style_in(wish.after)
        if before is not None and after is not None:
            yield _StyleWish(wish.why, wish.path, wish.view, before.declarations, after)


def _rules(wishes: Iterable[_StyleWish]) -> dict[_Rule, list[str]]:
    """The rules that give every property one value, with the elements of each."""
    wishes = list(wishes)
    granted = _granted(wishes)
    rules: dict[_Rule, dict[str, None]] = {}
    for place, wish in enumerate(wishes):
        for view, after in _parts(wish, place, granted):
            condition = " and ".join(part for part in (_CONDITIONS[view], wish.after.condition) if part)
            rules.setdefault(_Rule(wish.why, wish.after.pseudo, condition, wish.before, after), {})[wish.path] = None
    return {rule: list(paths) for rule, paths in rules.items()}


def _parts(wish: _StyleWish, place: int, granted: Mapping[_Key, int]) -> Iterator[tuple[Viewport | None, Declarations]]:
    """What is left of a wish: once for both views where it is the same in both, else for each."""
    left: dict[Viewport | None, Declarations] = {
        view: tuple(item for item in wish.after.declarations if granted[_key(wish, item[0], view)] == place)
        for view in _views(wish.view)
    }
    if len(left) == len(Viewport) and len(set(left.values())) == 1:
        left = {None: next(iter(left.values()))}
    yield from ((view, after) for view, after in left.items() if after)


def _granted(wishes: Sequence[_StyleWish]) -> dict[_Key, int]:
    """For whatever can have one value only, the wish that gives it."""
    granted: dict[_Key, int] = {}
    for place, wish in enumerate(wishes):
        for name, value in wish.after.declarations:
            for view in _views(wish.view):
                key = _key(wish, name, view)
                rival = granted.get(key)
                if rival is None or _is_larger_bound(name, value, dict(wishes[rival].after.declarations)[name]):
                    granted[key] = place
    return granted


def _views(view: Viewport | None) -> tuple[Viewport, ...]:
    return tuple(Viewport) if view is None else (view,)


def _key(wish: _StyleWish, name: str, view: Viewport) -> _Key:
    return wish.path, wish.after.pseudo, wish.after.condition, name, view


def _is_larger_bound(name: str, one: str, other: str) -> bool:
    sizes = _PX.fullmatch(one), _PX.fullmatch(other)
    if name not in _LOWER_BOUNDS or sizes[0] is None or sizes[1] is None:
        return False
    return float(sizes[0]["size"]) > float(sizes[1]["size"])


def _style_entry(sheet: str, rule: _Rule, paths: Sequence[str], language: Language) -> ChangelogEntry:
    selectors = [path + rule.pseudo for path in paths[:SELECTORS_CAP]]
    further = on_further_elements(len(paths) - len(selectors), language)
    return ChangelogEntry(
        file=sheet,
        type="add",
        description=" ".join(part for part in (rule.why, further) if part),
        before=_css(selectors, rule.before, ""),
        after=_css(selectors, rule.after, rule.condition),
    )


def _css(selectors: Sequence[str], declarations: Declarations, condition: str) -> str:
    body = " ".join(f"{name}: {value};" for name, value in declarations)
    rule = f"{', '.join(selectors)} {{ {body} }}"
    return f"@media {condition} {{ {rule} }}" if condition else rule


def _markup_entries(document: str, wishes: Iterable[Wish], language: Language) -> list[ChangelogEntry]:
    places: dict[tuple[str, str, str], dict[str, None]] = {}
    taken: set[tuple[str, str]] = set()
    for wish in wishes:
        if wish.before != wish.after and is_markup(wish.before) and is_markup(wish.after):
            paths = places.setdefault((wish.why, wish.before, wish.after), {})
            if (wish.path, wish.before) not in taken:
                taken.add((wish.path, wish.before))
                paths[wish.path] = None
    return [
        ChangelogEntry(
            file=document,
            type="modify",
            description=" ".join(
                part
                for part in (
                    f"{why}: {', '.join(list(paths)[:SELECTORS_CAP])}",
                    on_further_elements(len(paths) - SELECTORS_CAP, language),
                )
                if part
            ),
            before=before,
            after=after,
        )
        for (why, before, after), paths in places.items()
        if paths
    ]
