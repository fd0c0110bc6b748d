"""Which parts of a measurement a pack needs, and when: keys, scrolling and zooming cost seconds and leave traces."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from cynthia_pipeline.audit.artifacts import EVERY_PART, Part, ViewportArtifacts
from cynthia_pipeline.audit.motion import Motion, Reduced
from cynthia_pipeline.audit.rules.model import Rule
from cynthia_pipeline.fix_packs.pictures import near

BY_USE: Final = frozenset((Part.PIXELS, Part.SECOND_LOOK, Part.ENLARGED, Part.KEYBOARD))
"""What is learnt by using a page, which may leave it another one than it was."""

AFTERWARDS: Final = BY_USE | {Part.CHANGES}
"""More than half of a measurement's time, for few rules."""


def at_once(wanted: Iterable[Rule]) -> frozenset[Part]:
    """What has to be measured before anything is tried on the page: all but what none of these rules asks for."""
    asked = frozenset[Part]().union(*(rule.needs for rule in wanted))
    return EVERY_PART - (AFTERWARDS - asked)


def joined(view: ViewportArtifacts, other: ViewportArtifacts, parts: frozenset[Part]) -> ViewportArtifacts | None:
    """`view` with these parts of `other`; None if the two have not the same elements, by which parts are told."""
    if _elements(view) != _elements(other):
        return None
    if Part.PIXELS in parts:
        view = replace(view, pixels=other.pixels)
    if Part.SECOND_LOOK in parts:
        view = replace(view, motion=_motion(view.motion, other.motion))
    if Part.ENLARGED in parts:
        view = replace(view, enlarged=other.enlarged)
    if Part.KEYBOARD in parts:
        view = replace(view, keyboard=other.keyboard)
    if Part.CHANGES in parts:
        view = replace(view, changes=other.changes)
    return view


def _motion(motion: Motion, other: Motion) -> Motion:
    """With what still moves where less motion is wished for: animations come and go, so they are looked up."""
    if not motion.animations and not motion.smooth_scroll:
        return motion
    reduced = other.reduced or Reduced(frozenset(), smooth_scroll=False)
    still = [other.animations[place] for place in reduced.moving]
    moving = frozenset(place for place, animation in enumerate(motion.animations) if animation in still)
    return replace(motion, reduced=replace(reduced, moving=moving))


def look_the_same(view: ViewportArtifacts, other: ViewportArtifacts) -> bool:
    """Whether every element is where it was, with its styles and its text."""
    return _elements(view) == _elements(other) and all(
        one.flags == now.flags and one.text == now.text and one.style == now.style and near(one.rect, now.rect)
        for one, now in zip(view.elements, other.elements, strict=True)
    )


def _elements(view: ViewportArtifacts) -> list[tuple[str, str]]:
    return [(element.tag, element.id) for element in view.elements]
