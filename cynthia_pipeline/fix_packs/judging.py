"""A patched page against the original: what is mended, and what must not have happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.colour import parse
from cynthia_pipeline.audit.pictures import opened
from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.fix_packs.alignment import Pairs, aligned
from cynthia_pipeline.fix_packs.faults import Fault, FaultKey, Faults, faults_of
from cynthia_pipeline.fix_packs.guard import losses
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.pictures import Difference, difference, restless_by_itself, same_at
from cynthia_pipeline.fix_packs.probing import WHOLE, Probe, Scope, ViewProbe
from cynthia_pipeline.fix_packs.remedies import Remedy, Way
from cynthia_pipeline.fix_packs.second_opinions import PAIRED, Engine, first_engine, second_opinion

_CONTRAST_ENHANCED: Final = ("axe-color-contrast-enhanced", "clr-text-contrast-enhanced")
_COMFORTABLE: Final = "acc-touch-target"
_NEEDS: Final = {rule.id: rule.needs for rule in RULES}
_AXES: Final = {rule.id: rule.axis for rule in RULES}
_OF_PLACES: Final = frozenset((Axis.LFT, Axis.GRD, Axis.SPC, Axis.RSP))
"""What is said of where things are."""
_CONTRAST_MINIMUM: Final = frozenset(("axe-color-contrast", "clr-text-contrast"))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the patched page must not show.

    Attributes:
        path: selector before of the element; empty for the page as a whole.
        what: in words.
        rule: whose finding is new.
        shown_by: the parts of the measurement that it was seen by, beyond what is always measured.
    """

    viewport: Viewport
    path: str
    what: str
    rule: str = ""
    shown_by: frozenset[Part] = frozenset()


@dataclass(frozen=True)
class Comparison:
    """The original and a patched page side by side.

    Attributes:
        applied: what the patch is made of.
        reworded: whether its texts may differ.
        restless: by viewport the elements that look different whenever the page is opened.
        again: the original, opened once more: where it looks different each time, the patched page has to look like
            one of the two.
        scope: what was measured of the patched page; rules that need more are not asked.
    """

    page: FixablePage
    after: Probe
    applied: Sequence[tuple[Remedy, Way]]
    reworded: bool
    restless: Mapping[Viewport, frozenset[int]] = field(default_factory=dict)
    again: Probe | None = None
    scope: Scope = WHOLE
    pictures: dict[Viewport, Difference] = field(default_factory=dict)

    @cached_property
    def faults(self) -> Faults:
        """What is wrong with the patched page."""
        return faults_of(self.after.artifacts, [rule for rule in RULES if self.scope.covers(rule)])

    @cached_property
    def pairs(self) -> dict[Viewport, Pairs]:
        """Which element is which."""
        return {
            viewport: aligned(self.page.view(viewport).artifacts, self.after.view(viewport).artifacts)
            for viewport in Viewport
        }

    @cached_property
    def _remaining(self) -> frozenset[tuple[str, Viewport, str]]:
        """What is still or newly wrong, by rule, view and selector before."""
        return frozenset((fault.rule.id, fault.viewport, self._path_before(fault)) for fault in self.faults.every)

    def _path_before(self, fault: Fault) -> str:
        if fault.element is None:
            return self._renamed.get((fault.rule.id, fault.viewport, fault.path), fault.path)
        back = self._back[fault.viewport].get(fault.element.index)
        view = self.page.view(fault.viewport).artifacts
        return f"+{fault.path}" if back is None else view.path(view.elements[back])

    @cached_property
    def _renamed(self) -> dict[tuple[str, Viewport, str], str]:
        """What was called otherwise before. Outside the body axe makes up selectors from what else is there."""
        before, after = _outside(self.page.everything), _outside(self.faults)
        found = {}
        for (rule, viewport), paths in after.items():
            were = before.get((rule, viewport), [])
            new = [path for path in paths if path not in were]
            old = [path for path in were if path not in paths]
            found.update({(rule, viewport, now): was for now, was in zip(new, old, strict=False)})
        return found

    @cached_property
    def _back(self) -> dict[Viewport, dict[int, int]]:
        return {viewport: {after: before for before, after in pairs.items()} for viewport, pairs in self.pairs.items()}

    def is_gone(self, fault: Fault) -> bool:
        """Whether the engine that found it no longer does, and a second one agrees where one covers it."""
        return self.engines(fault) is not None

    def engines(self, fault: Fault) -> tuple[Engine, ...] | None:
        """Which engines find the fault gone; None if one of them does not."""
        if (fault.rule.id, fault.viewport, fault.path) in self._remaining or not self._is_to_be_seen(fault):
            return None
        element = self._now(fault)
        view = self.after.view(fault.viewport)
        if fault.element is not None and element is None:
            return None
        path = view.artifacts.path(element) if element is not None else fault.path
        other = second_opinion(fault.rule.id, view, element, path, self.faults)
        if other is not None and not other[1]:
            return None
        return (first_engine(fault.rule.id),) if other is None else (first_engine(fault.rule.id), other[0])

    def _is_to_be_seen(self, fault: Fault) -> bool:
        """Whether its rule can see its element: of a picture that is loaded later now, nothing is to be seen yet.

        Of what a remedy is for, that is the remedy's matter.
        """
        if fault.element is None or fault.key in self._meant:
            return True
        before, after = self.page.view(fault.viewport).artifacts, self.after.view(fault.viewport).artifacts
        now = self.pairs[fault.viewport].get(fault.element.index)
        return fault.element.index not in _come(before) or now in _come(after)

    @cached_property
    def _meant(self) -> frozenset[FaultKey]:
        return frozenset(key for remedy, _ in self.applied for key in remedy.faults)

    def _now(self, fault: Fault) -> Element | None:
        if fault.element is None:
            return None
        index = self.pairs[fault.viewport].get(fault.element.index)
        return None if index is None else self.after.view(fault.viewport).artifacts.elements[index]

    def problems(self) -> list[Problem]:
        """All that must not have happened: new findings, lost meaning, changed text, a different picture elsewhere."""
        found = [*self._new_findings()]
        for viewport in Viewport:
            found += self._of_view(viewport)
        return found

    def _new_findings(self) -> Iterable[Problem]:
        known = {(fault.rule.id, fault.viewport, fault.path) for fault in self.page.everything.every}
        # AAA is asked for only where AA is reached: what has come up to AA is no worse than before.
        below = [(viewport, path) for rule, viewport, path in known if rule in _CONTRAST_MINIMUM]
        known |= {(rule, *place) for rule in _CONTRAST_ENHANCED for place in below}
        # Likewise a target that is no longer below 24 px, and still below 44.
        known |= {(_COMFORTABLE, viewport, path) for rule, viewport, path in known if rule == "acc-target-size"}
        # What one engine found before and the other one finds now is the same fault, and still there.
        known |= {(PAIRED[rule][0], viewport, path) for rule, viewport, path in known if rule in PAIRED}
        for rule, viewport, path in sorted(self._remaining - known):
            if path in self._moving[viewport] and _AXES[rule] in _OF_PLACES:
                continue
            if Part.PIXELS in _NEEDS[rule] and self._looks_as_before(viewport, path):
                continue  # measured on the picture, which is the same there
            yield Problem(viewport, path.removeprefix("+"), f"new finding: {rule}", rule, _NEEDS[rule])

    @cached_property
    def _moving(self) -> Mapping[Viewport, frozenset[str]]:
        """What moves by itself and is not touched: where it is in one moment is nobody's doing."""
        touched = {path for remedy, _ in self.applied for path in remedy.touched}
        views = {viewport: self.page.view(viewport).artifacts for viewport in Viewport}
        return {
            viewport: frozenset(view.path(view.elements[index]) for index in restless_by_itself(view)) - touched
            for viewport, view in views.items()
        }

    def _of_view(self, viewport: Viewport) -> Iterable[Problem]:
        before, after, pairs = self.page.view(viewport), self.after.view(viewport), self.pairs[viewport]
        view = before.artifacts
        lost = losses(
            before,
            after,
            pairs,
            decorative=self._indices(before, (r for r, way in self.applied if way.decorative)),
            renamed=self._indices(before, (r for r, way in self.applied if way.renames)),
            reworded=self.reworded,
            heard=Part.NAMES in self.scope.parts,
        )
        for loss in lost:
            yield Problem(viewport, view.path(view.elements[loss.element]), loss.loss.value)
        if not self.reworded and not same_text(before.text, after.text, added=self._added):
            yield Problem(viewport, "", "the visible text differs")
        picture = self.pictures[viewport] = self._picture(viewport)
        if not picture.bounded:
            where = [view.path(view.elements[index]) for index in picture.where]
            for path in where or [""]:
                what = f"the picture differs elsewhere by {picture.share:.2%}"
                yield Problem(viewport, path, what, shown_by=frozenset((Part.PICTURE,)))

    @property
    def _added(self) -> list[str]:
        return [words for _, way in self.applied for words in way.adds]

    def _looks_as_before(self, viewport: Viewport, path: str) -> bool:
        before, after = self.page.view(viewport).artifacts, self.after.view(viewport).artifacts
        first, shot = self.page.pictures.get(viewport), after.screenshot
        index = next((index for index, known in _paths(self.page.view(viewport)) if known == path), None)
        other = self.pairs[viewport].get(index) if index is not None else None
        if index is None or other is None or first is None or shot is None:
            return False
        was, now = before.elements[index], after.elements[other]
        return was.style == now.style and same_at((first, was.rect), (opened(shot), now.rect))

    def _picture(self, viewport: Viewport) -> Difference:
        """Against the original as it was first, or else as it was again; parts that differ there are left out last."""
        view, now, pairs = self.page.view(viewport).artifacts, self.after.view(viewport).artifacts, self.pairs[viewport]
        changed, first = self._changed(viewport), self.page.pictures.get(viewport)
        restless = restless_by_itself(view)
        picture = difference(view, now, pairs, changed, restless=restless, first=first)
        other = None if self.again is None else self.again.view(viewport).artifacts
        if picture.bounded or other is None or other.screenshot is None:
            return picture
        if len(other.elements) == len(view.elements) and all(a == b for a, b in aligned(view, other).items()):
            then = difference(other, now, pairs, changed, restless=restless)
            if then.bounded:
                return then
        restless |= self.restless.get(viewport, frozenset())
        return difference(view, now, pairs, changed, restless=restless, first=first)

    def _indices(self, view: ViewProbe, remedies: Iterable[Remedy]) -> frozenset[int]:
        paths = {path for remedy in remedies for path in remedy.touched}
        return frozenset(index for index, path in _paths(view) if path in paths) if paths else frozenset()

    def _changed(self, viewport: Viewport) -> frozenset[int]:
        """What is meant to look different: what is touched, and what shares a declaration with it."""
        before, after, pairs = self.page.view(viewport), self.after.view(viewport), self.pairs[viewport]
        touched = self._indices(before, (remedy for remedy, _ in self.applied))
        sets = frozenset[tuple[str, str]]().union(*(_effects(way) for _, way in self.applied))
        names = {name for name, _ in sets}
        shared = {
            one
            for one, other in pairs.items()
            for name in names
            if (value := after.artifacts.elements[other].style.get(name)) is not None
            and value != before.artifacts.elements[one].style.get(name)
            and _normal(name, value) in sets
        }
        return touched | shared

    def restyled(self, viewport: Viewport, elements: Iterable[int]) -> frozenset[tuple[str, str]]:
        """The styles that these elements have now and had not before."""
        before, after = self.page.view(viewport).artifacts, self.after.view(viewport).artifacts
        pairs = self.pairs[viewport]
        return frozenset(
            _normal(name, value)
            for index in elements
            if index in pairs
            for name, value in after.elements[pairs[index]].style.items()
            if value != before.elements[index].style.get(name)
        )

    def remaining_of(self, remedy: Remedy) -> frozenset[FaultKey]:
        """Which of its faults are still there, in either view."""
        wanted = frozenset(remedy.faults)
        return frozenset(f.key for f in self.page.faults if f.key in wanted and not self.is_gone(f))


def same_text(before: str, after: str, *, added: Iterable[str] = ()) -> bool:
    """Whether two texts read the same, but for words that were added on purpose, each once.

    Capitals can be the style sheet's doing: what is read stays the same.
    """
    return _same_words(before.casefold().split(), after.casefold().split(), [text.casefold().split() for text in added])


def _same_words(before: Sequence[str], after: Sequence[str], added: Sequence[Sequence[str]]) -> bool:
    if not added:
        return before == after
    one, *others = added
    places = (at for at in range(len(after) - len(one) + 1) if after[at : at + len(one)] == one)
    return any(_same_words(before, [*after[:at], *after[at + len(one) :]], others) for at in places)


def _come(view: ViewportArtifacts) -> frozenset[int]:
    """The images whose files have come."""
    return frozenset(image.element for image in view.content.images)


def _outside(faults: Faults) -> dict[tuple[str, Viewport], list[str]]:
    """The selectors of what is not among the measured elements, by rule and view."""
    found: dict[tuple[str, Viewport], list[str]] = {}
    for fault in faults.every:
        if fault.element is None:
            found.setdefault((fault.rule.id, fault.viewport), []).append(fault.path)
    return found


def _paths(view: ViewProbe) -> list[tuple[int, str]]:
    return [(element.index, view.artifacts.path(element)) for element in view.artifacts.elements]


def _normal(name: str, value: str) -> tuple[str, str]:
    colour = parse(value) if "color" in name else None
    return name, f"{colour[0]}/{colour[1]:.2f}" if colour is not None else value


def suspected(problems: Iterable[Problem], comparison: Comparison) -> dict[int, frozenset[str]]:
    """Whose doing the problems may be: of each remedy, by its place, the touched elements nearest to one of them.

    Near is what few steps through the page's tree lead to: what grows pushes its neighbours first. Where an element has
    a style now that remedies bring about, or stands in one that has, it is one of these: they share a declaration.
    """
    found: dict[int, set[str]] = {}
    trees = {viewport: _Tree.of(comparison.page.view(viewport)) for viewport in Viewport}
    for problem in {(item.viewport, item.path): item for item in problems}.values():
        tree = trees[problem.viewport]
        restyled = comparison.restyled(problem.viewport, tree.ways.get(problem.path, ()))
        by = [place for place, (_, way) in enumerate(comparison.applied) if restyled & _effects(way)]
        steps = {
            (place, path): count
            for place in by or range(len(comparison.applied))
            for path in comparison.applied[place][0].touched
            if (count := tree.steps(problem.path, path)) is not None
        }
        least = min(steps.values(), default=0)
        for (place, path), count in steps.items():
            if count == least:
                found.setdefault(place, set()).add(path)
    return {place: frozenset(paths) for place, paths in found.items()}


def shown_on(problems: Iterable[Problem], remedies: Sequence[Remedy]) -> frozenset[str]:
    """The touched elements that show one of the problems, or in which, and nearest around it, one is shown."""
    touched = {path for remedy in remedies for path in remedy.touched}
    around = (
        [path for path in touched if f"{problem.path} > ".startswith(f"{path} > ")]
        for problem in problems
        if problem.path
    )
    return frozenset(max(paths, key=len) for paths in around if paths)


def _effects(way: Way) -> frozenset[tuple[str, str]]:
    return frozenset(_normal(name, value) for name, value in way.sets)


@dataclass(frozen=True)
class _Tree:
    """The elements of a view by their selectors, each with the way from the root."""

    ways: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, view: ViewProbe) -> "_Tree":
        elements = view.artifacts.elements
        ways: list[tuple[int, ...]] = []
        for element in elements:
            above = ways[element.parent] if element.parent is not None else ()
            ways.append((*above, element.index))
        return cls({view.artifacts.path(element): way for element, way in zip(elements, ways, strict=True)})

    def steps(self, one: str, other: str) -> int | None:
        """How many steps lead from one element to the other; None if one of them is not here."""
        first, second = self.ways.get(one), self.ways.get(other)
        if first is None or second is None:
            return None
        shared = 0
        while shared < min(len(first), len(second)) and first[shared] == second[shared]:
            shared += 1
        return len(first) + len(second) - 2 * shared
