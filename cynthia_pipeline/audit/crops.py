"""Pictures for a report: the whole page in each view, and each issue's own element with a little of its surroundings.

All pictures of one audit together stay within a budget; pages come first, then issues as they weigh.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from cynthia_pipeline.audit.artifacts import PageArtifacts, Viewport
from cynthia_pipeline.audit.assemble import Spot
from cynthia_pipeline.audit.engine import Evidence
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.pictures import opened

MEDIA_TYPE = "image/webp"

_OUTLINE = (208, 0, 80)


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
        quality: of the WebP, 1 to 100.
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


def frame_around(rect: Rect, width: int, height: int, limits: CropLimits) -> tuple[int, int, int, int] | None:
    """The part of a picture of `width` × `height` px that shows `rect`: left, top, right, bottom.

    None where the element lies outside of the picture.
    """
    left, top = max(0, int(rect.x) - limits.margin), max(0, int(rect.y) - limits.margin)
    right = min(width, int(rect.right) + limits.margin, left + limits.max_width)
    bottom = min(height, int(rect.bottom) + limits.margin, top + limits.max_height)
    inside = rect.x < width and rect.y < height and rect.right > 0 and rect.bottom > 0
    return (left, top, right, bottom) if inside and right > left and bottom > top else None


def _pictures(artifacts: PageArtifacts, spots: Iterable[Spot], limits: CropLimits) -> Iterator[Evidence]:
    shown = {view: artifacts.view(view).screenshot for view in Viewport}
    pages = {view: opened(screenshot) for view, screenshot in shown.items() if screenshot is not None}
    for view, page in pages.items():
        yield _page(f"page-{view}", page, limits)
    made = 0
    for spot in spots:
        of = pages.get(spot.viewport)
        box = frame_around(spot.rect, of.width, of.height, limits) if of is not None else None
        if of is not None and box is not None and made < limits.crops:
            made += 1
            yield _crop(spot, of, box, limits)


def _page(name: str, page: Image.Image, limits: CropLimits) -> Evidence:
    scale = min(1.0, limits.page_width / page.width)
    rows = min(page.height, round(limits.page_height / scale))
    small = page.crop((0, 0, page.width, rows))
    # Fewer pixels first: the reducing decoder step makes the smooth one cheap.
    small = small.resize((max(1, round(page.width * scale)), max(1, round(rows * scale))), reducing_gap=1.2)
    return _evidence(name, small, limits)


def _crop(spot: Spot, page: Image.Image, box: tuple[int, int, int, int], limits: CropLimits) -> Evidence:
    picture = page.crop(box)
    left, top = box[0], box[1]
    outline = (spot.rect.x - left - 2, spot.rect.y - top - 2, spot.rect.right - left + 2, spot.rect.bottom - top + 2)
    ImageDraw.Draw(picture).rectangle(outline, outline=_OUTLINE, width=2)
    return _evidence(spot.issue_id, picture, limits)


def _evidence(name: str, picture: Image.Image, limits: CropLimits) -> Evidence:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=limits.quality, method=0)
    return Evidence(name, MEDIA_TYPE, picture.width, picture.height, buffer.getvalue())
