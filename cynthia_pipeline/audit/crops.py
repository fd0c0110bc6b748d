"""Pictures for a report: the whole page in each view, and each issue's own element with a little of its surroundings.

All pictures of one audit together stay within a budget; pages come first, then issues as they weigh.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from PIL import Image, ImageDraw

from cynthia_pipeline.audit.artifacts import PageArtifacts, Screenshot, Viewport
from cynthia_pipeline.audit.assemble import Spot
from cynthia_pipeline.audit.engine import Evidence
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.pictures import opened

MEDIA_TYPE = "image/jpeg"
"""A WebP of the same looks is a fifth smaller, and takes seven times as long to make."""

_OUTLINE = (208, 0, 80)

_Box = tuple[int, int, int, int]
"""Left, top, right and bottom, px."""


@dataclass(frozen=True, slots=True)
class CropLimits:
    """How large and how many the pictures may be.

    Attributes:
        total_bytes: of all pictures of one audit.
        crops: most issues that get a picture.
        margin: px shown around an element.
        max_width, max_height: of a crop, px; a larger element shows its top left.
        page_width: a page's picture is scaled down to it, px.
        page_height: of a page's picture after scaling, px; the rest is cut off.
        quality: of the JPEG, 1 to 100.
    """

    total_bytes: int = 1_500_000
    crops: int = 40
    margin: int = 24
    max_width: int = 640
    max_height: int = 360
    page_width: int = 480
    page_height: int = 2400
    quality: int = 60


def crop_evidence(
    artifacts: PageArtifacts, spots: Sequence[Spot], limits: CropLimits | None = None
) -> tuple[Evidence, ...]:
    """The pictures of one audit: "page-desktop", "page-mobile", and one for each spot, named by its issue.

    An element outside the screenshot (below its cap, or of no size) gets none.
    """
    limits = limits or CropLimits()
    taken: list[Evidence] = []
    left = limits.total_bytes
    for picture in _pictures(artifacts, spots, limits):
        if len(picture.content) <= left:
            taken.append(picture)
            left -= len(picture.content)
    return tuple(taken)


def frame_around(rect: Rect, width: int, height: int, limits: CropLimits) -> _Box | None:
    """The part of a picture of `width` × `height` px that shows `rect`: left, top, right, bottom.

    None where the element lies outside of the picture.
    """
    left, top = max(0, int(rect.x) - limits.margin), max(0, int(rect.y) - limits.margin)
    right = min(width, int(rect.right) + limits.margin, left + limits.max_width)
    bottom = min(height, int(rect.bottom) + limits.margin, top + limits.max_height)
    inside = rect.x < width and rect.y < height and rect.right > 0 and rect.bottom > 0
    return (left, top, right, bottom) if inside and right > left and bottom > top else None


def _pictures(artifacts: PageArtifacts, spots: Iterable[Spot], limits: CropLimits) -> Iterator[Evidence]:
    """The pages, then the spots in their order; each strip of a page is decoded once, and let go of before the next."""
    shown = {view: shot for view in Viewport if (shot := artifacts.view(view).screenshot) is not None}
    cuts = list(islice(_cuts(shown, spots, limits), limits.crops))
    crops: dict[str, Evidence] = {}
    for view, shot in shown.items():
        page, here = _SmallPage(shot, limits), [cut for cut in cuts if cut.spot.viewport is view]
        rows = max((page.rows, *(cut.box[3] for cut in here)))
        for strip in shot.strips:
            if strip.top >= rows:
                break
            image = shot.first if strip.top == 0 else opened(strip)
            page.add(strip.top, image)
            for cut in here:
                whole = cut.add(strip.top, image)
                if whole is not None:
                    crops[cut.spot.issue_id] = _crop(cut, whole, limits)
        yield _evidence(f"page-{view}", page.image, limits)
    yield from (crops[cut.spot.issue_id] for cut in cuts)


def _cuts(shown: Mapping[Viewport, Screenshot], spots: Iterable[Spot], limits: CropLimits) -> Iterator["_Cut"]:
    for spot in spots:
        shot = shown.get(spot.viewport)
        box = frame_around(spot.rect, shot.width, shot.height, limits) if shot is not None else None
        if box is not None:
            yield _Cut(spot, box)


class _SmallPage:
    """The picture of a whole page, made small strip by strip.

    Attributes:
        rows: of the whole picture that it shows.
    """

    def __init__(self, shot: Screenshot, limits: CropLimits) -> None:
        self._scale = min(1.0, limits.page_width / shot.width)
        self.rows = min(shot.height, round(limits.page_height / self._scale))
        self.image = Image.new("RGB", (max(1, self._small(shot.width)), max(1, self._small(self.rows))))

    def add(self, top: int, strip: Image.Image) -> None:
        """Puts a strip at its place."""
        rows = min(strip.height, self.rows - top)
        if rows <= 0:
            return
        first, last = self._small(top), max(self._small(top + rows), 1)
        size, box = (self.image.width, max(1, last - first)), (0, 0, strip.width, rows)
        # Fewer pixels first: the reducing step makes the smooth one cheap.
        small = strip.resize(size, Image.Resampling.BILINEAR, box, reducing_gap=1.2)
        self.image.paste(small, (0, first))

    def _small(self, px: int) -> int:
        return round(px * self._scale)


class _Cut:
    """What is shown of one spot, put together of the strips that it reaches into."""

    def __init__(self, spot: Spot, box: _Box) -> None:
        self.spot = spot
        self.box = box
        self._begun: Image.Image | None = None

    def add(self, top: int, strip: Image.Image) -> Image.Image | None:
        """The picture, if the strip shows what was missing of it."""
        left, first, right, last = self.box
        upper, lower = max(first, top), min(last, top + strip.height)
        if upper >= lower:
            return None
        shown = strip.crop((left, upper - top, right, lower - top))
        if upper > first or lower < last:
            part, shown = shown, self._begun or Image.new("RGB", (right - left, last - first))
            shown.paste(part, (0, upper - first))
        self._begun = shown if lower < last else None
        return shown if lower == last else None


def _crop(cut: _Cut, picture: Image.Image, limits: CropLimits) -> Evidence:
    rect, (left, top, *_) = cut.spot.rect, cut.box
    outline = (rect.x - left - 2, rect.y - top - 2, rect.right - left + 2, rect.bottom - top + 2)
    ImageDraw.Draw(picture).rectangle(outline, outline=_OUTLINE, width=2)
    return _evidence(cut.spot.issue_id, picture, limits)


def _evidence(name: str, picture: Image.Image, limits: CropLimits) -> Evidence:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=limits.quality)
    return Evidence(name, MEDIA_TYPE, picture.width, picture.height, buffer.getvalue())
