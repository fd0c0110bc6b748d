"""Whether two screenshots of a page differ only where they should.

Where nothing moved, the whole pictures are compared, the boxes of what was changed left out. Where something moved,
the parts are compared one by one, each at its own place: a part may move, but not look different.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageDraw

from cynthia_pipeline.audit.artifacts import Element, ViewportArtifacts
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.pictures import opened
from cynthia_pipeline.fix_packs.alignment import Pairs

_BLOCK: Final = 4
"""px: the pictures are compared in averages of such squares, which evens out what the JPEG encoder does to edges."""

_NOTICEABLE: Final = 28
"""Difference of a block's channel, of 255, that is more than the encoder's doing."""

_MARGIN: Final = 8
"""px around a box that belong to it: focus rings, shadows, the encoder's squares of 8 px."""

MOST_OUTSIDE: Final = 0.002
"""Share of the compared area that may differ all the same: two in a thousand."""

_STILL: Final = 0.75
"""px that a box may be off and count as not moved."""

_RESIZED: Final = 0.25
"""Share of its width or height that a part may lose or gain when what is beside it grows."""

_MOST_PARTS: Final = 2500
_PICTURES: Final = frozenset(("img", "svg", "canvas", "video", "iframe", "input", "select", "textarea", "object"))


@dataclass(frozen=True, slots=True)
class Difference:
    """How two screenshots differ outside of what was changed.

    Attributes:
        share: of the compared area.
        moved: whether anything moved, so that the parts were compared one by one.
        where: indices before of parts that look different.
    """

    share: float
    moved: bool
    where: tuple[int, ...] = ()

    @property
    def bounded(self) -> bool:
        """Whether it is within what is allowed."""
        return self.share <= MOST_OUTSIDE


def difference(
    before: ViewportArtifacts,
    after: ViewportArtifacts,
    pairs: Pairs,
    changed: Iterable[int],
    *,
    restless: frozenset[int] = frozenset(),
    first: Image.Image | None = None,
) -> Difference:
    """Compares the screenshots of two measurements.

    Args:
        before, after: the same page, without and with a patch.
        pairs: which element is which.
        changed: indices before of the elements that are meant to look different, with all they hold.
        restless: indices before of parts that look different each time: they are left out, without what they hold, and
            with what lies over or under them.
        first: the picture before, if it is decoded already.

    Returns:
        Of measurements without pictures, only whether anything moved.
    """
    free = list(dict.fromkeys((*_free(before, changed), *restless)))
    stayed = _nothing_moved(before, after, pairs, free)
    if before.screenshot is None or after.screenshot is None:
        return Difference(0.0, moved=not stayed)
    first, second = first or opened(before.screenshot), opened(after.screenshot)
    boxes = [before.elements[index].rect for index in free]
    new_boxes = [after.elements[pairs[index]].rect for index in free if index in pairs]
    if first.size == second.size and stayed:
        share = _share(first, second, [*boxes, *new_boxes])
        if share <= MOST_OUTSIDE:
            return Difference(share, moved=False)
        parts = _by_parts(_Compared(before, after, pairs, frozenset(free), restless, first, second))
        return Difference(share, moved=False, where=parts.where)
    return _by_parts(_Compared(before, after, pairs, frozenset(free), restless, first, second))


def restless_by_itself(view: ViewportArtifacts) -> frozenset[int]:
    """What looks different each time a page is opened, because it never stops moving, with all it holds."""
    motion = view.motion
    roots = {item.element for item in motion.animations if item.total == math.inf and not item.paused}
    roots |= {item.element for item in motion.media if item.autoplay}
    roots |= {element.index for element in view.elements if element.tag == "marquee"}
    inside = (child.index for root in roots for child in view.descendants(view.elements[root]))
    return frozenset((*roots, *inside))


def _free(view: ViewportArtifacts, changed: Iterable[int]) -> list[int]:
    """The changed elements and everything in them."""
    found: dict[int, None] = {}
    for index in changed:
        element = view.elements[index]
        if element.tag in ("html", "body"):
            continue
        found[index] = None
        found.update((child.index, None) for child in view.descendants(element))
    return list(found)


def _nothing_moved(before: ViewportArtifacts, after: ViewportArtifacts, pairs: Pairs, free: Sequence[int]) -> bool:
    ignored = frozenset(free)
    return all(
        near(before.elements[one].rect, after.elements[other].rect)
        for one, other in pairs.items()
        if one not in ignored and before.elements[one].visible
    )


def near(one: Rect, other: Rect) -> bool:
    """Whether a box counts as not moved."""
    sides = ((one.x, other.x), (one.y, other.y), (one.width, other.width), (one.height, other.height))
    return all(abs(first - second) <= _STILL for first, second in sides)


def _share(first: Image.Image, second: Image.Image, boxes: Sequence[Rect]) -> float:
    """Share of blocks that differ, outside of `boxes`."""
    differing, compared = _blocks(first, second, boxes)
    return differing / compared if compared else 0.0


def _blocks(first: Image.Image, second: Image.Image, boxes: Sequence[Rect]) -> tuple[int, int]:
    mask = Image.new("L", first.size, 255)
    draw = ImageDraw.Draw(mask)
    for box in boxes:
        corners = (box.x - _MARGIN, box.y - _MARGIN, box.right + _MARGIN, box.bottom + _MARGIN)
        draw.rectangle(corners, fill=0)
    smaller = ImageChops.difference(first.reduce(_BLOCK), second.reduce(_BLOCK))
    red, green, blue = smaller.split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    noticeable = strongest.point([255 if level >= _NOTICEABLE else 0 for level in range(256)])
    outside = mask.reduce(_BLOCK).point([255 if level == 255 else 0 for level in range(256)])
    counted = outside.histogram()[255]
    return ImageChops.multiply(noticeable, outside).histogram()[255], counted


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two measurements and their pictures; `free` is what may look different, `restless` what does by itself."""

    before: ViewportArtifacts
    after: ViewportArtifacts
    pairs: Pairs
    free: frozenset[int]
    restless: frozenset[int]
    first: Image.Image
    second: Image.Image

    def holes(self, was: Element, now: Element) -> Iterator[Rect]:
        """Where a part may look different, from its own corner."""
        for child in self.before.descendants(was):
            if child.index in self.free:
                yield _from_corner(child.rect, was.rect)
        for index in self.restless:
            moving = self.before.elements[index].rect
            yield _from_corner(moving, was.rect)
            if index in self.pairs:
                yield _from_corner(self.after.elements[self.pairs[index]].rect, now.rect)


def _from_corner(box: Rect, around: Rect) -> Rect:
    return Rect(box.x - around.x, box.y - around.y, box.width, box.height)


def _by_parts(compared: _Compared) -> Difference:
    area = differing = 0.0
    where: list[int] = []
    for element in _parts(compared.before, compared.free):
        if element.index not in compared.pairs:
            continue
        now = compared.after.elements[compared.pairs[element.index]]
        area += element.rect.area
        part = _part_difference(element, now, compared)
        if part > 0.02:  # of one part: more than a caret or a rounding at its rim
            differing += part * element.rect.area
            where.append(element.index)
    return Difference(differing / area if area else 0.0, moved=True, where=tuple(where))


def _parts(view: ViewportArtifacts, free: frozenset[int]) -> Iterator[Element]:
    """What a page is seen by: its texts, pictures and controls, without what is meant to look different."""
    count = 0
    for element in view.visible:
        if element.index in free or not (element.text_length or element.tag in _PICTURES):
            continue
        yield element
        count += 1
        if count == _MOST_PARTS:
            return


def _part_difference(was: Element, now: Element, compared: _Compared) -> float:
    """Share of a part that looks different, 0 to 1."""
    if not now.visible:
        return 1.0
    grown = max(abs(now.rect.width - was.rect.width), abs(now.rect.height - was.rect.height))
    if grown > _STILL:
        lost = abs(now.rect.width - was.rect.width) / max(was.rect.width, 1)
        return 1.0 if lost > _RESIZED and now.rect.area < was.rect.area else 0.0
    one, other = _crop(compared.first, was.rect), _crop(compared.second, now.rect)
    if one is None or other is None or one.size != other.size:
        return 0.0
    return _share(one, other, list(compared.holes(was, now)))


def same_at(one: tuple[Image.Image, Rect], other: tuple[Image.Image, Rect]) -> bool:
    """Whether two places in two pictures show the same."""
    first, second = _crop(*one), _crop(*other)
    return first is not None and second is not None and first.size == second.size and not _share(first, second, ())


def _crop(picture: Image.Image, rect: Rect) -> Image.Image | None:
    left, top = round(rect.x), round(rect.y)
    width, height = round(rect.width), round(rect.height)
    if width < _BLOCK or height < _BLOCK or left < 0 or top < 0:
        return None
    if left + width > picture.width or top + height > picture.height:
        return None
    return picture.crop((left, top, left + width, top + height))
