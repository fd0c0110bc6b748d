"""Pictures for a report: the whole page in each view, and each issue's own element with a little of its surroundings.

All pictures of one audit together stay within a budget; pages come first, then issues as they weigh.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from cynthia_pipeline.audit.artifacts import PageArtifacts, Screenshot, Viewport
from cynthia_pipeline.audit.assemble import Spot
from cynthia_pipeline.audit.engine import Evidence
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.pictures import top_of

MEDIA_TYPE = "image/jpeg"
"""A WebP of the same looks is a fifth smaller, and takes seven times as long to make."""

_OUTLINE = (208, 0, 80)

_Box = tuple[int, int, int, int]
"""Left, top, right and bottom, px."""
_Chosen = tuple[Spot, _Box]


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
    shown = {view: shot for view in Viewport if (shot := artifacts.view(view).screenshot) is not None}
    chosen: list[_Chosen] = []
    for spot in spots:
        of = shown.get(spot.viewport)
        box = frame_around(spot.rect, of.width, of.height, limits) if of is not None else None
        if box is not None and len(chosen) < limits.crops:
            chosen.append((spot, box))
    pages: list[Evidence] = []
    crops: dict[str, Evidence] = {}
    for view, shot in shown.items():  # one after the other: a picture of a whole page takes 40 MB
        here = [(spot, box) for spot, box in chosen if spot.viewport is view]
        page = top_of(shot, max((_page_rows(shot, limits), *(bottom for _, (_, _, _, bottom) in here))))
        pages.append(_page(f"page-{view}", page, _page_rows(shot, limits), limits))
        crops |= {spot.issue_id: _crop(spot, page, box, limits) for spot, box in here}
    yield from pages
    yield from (crops[spot.issue_id] for spot, _ in chosen)


def _page_rows(shot: Screenshot, limits: CropLimits) -> int:
    """Rows of a page's picture that are shown once it is scaled."""
    return min(shot.height, round(limits.page_height / _scale(shot.width, limits)))


def _scale(width: int, limits: CropLimits) -> float:
    return min(1.0, limits.page_width / width)


def _page(name: str, page: Image.Image, rows: int, limits: CropLimits) -> Evidence:
    scale = _scale(page.width, limits)
    if scale == 1:
        return _evidence(name, page.crop((0, 0, page.width, rows)), limits)
    size = max(1, round(page.width * scale)), max(1, round(rows * scale))
    # Fewer pixels first: the reducing step makes the smooth one cheap.
    small = page.resize(size, Image.Resampling.BILINEAR, (0, 0, page.width, rows), reducing_gap=1.2)
    return _evidence(name, small, limits)


def _crop(spot: Spot, page: Image.Image, box: _Box, limits: CropLimits) -> Evidence:
    picture = page.crop(box)
    left, top = box[0], box[1]
    outline = (spot.rect.x - left - 2, spot.rect.y - top - 2, spot.rect.right - left + 2, spot.rect.bottom - top + 2)
    ImageDraw.Draw(picture).rectangle(outline, outline=_OUTLINE, width=2)
    return _evidence(spot.issue_id, picture, limits)


def _evidence(name: str, picture: Image.Image, limits: CropLimits) -> Evidence:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=limits.quality)
    return Evidence(name, MEDIA_TYPE, picture.width, picture.height, buffer.getvalue())
