"""The top of a picture, decoded alone, is the top of the whole picture."""

import io
from dataclasses import dataclass

import pytest
from PIL import Image

from cynthia_pipeline.audit.pictures import opened, top_of

_WIDTH, _HEIGHT = 37, 500


@dataclass(frozen=True)
class File:
    content: bytes


def file(kind: str, **options: object) -> File:
    picture = Image.merge("RGB", [Image.effect_noise((_WIDTH, _HEIGHT), spread) for spread in (30, 80, 120)])
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return File(buffer.getvalue())


@pytest.mark.parametrize("rows", [1, 15, 16, 17, 100, _HEIGHT - 1, _HEIGHT, 2 * _HEIGHT])
@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(file("JPEG", subsampling="4:2:0"), id="half the colours"),
        pytest.param(file("JPEG", subsampling="4:4:4"), id="all colours"),
        pytest.param(file("JPEG", progressive=True), id="in several passes"),
        pytest.param(file("JPEG", exif=b"Exif\0\0" + b"\xff\xc0" * 200), id="with what looks like a frame before it"),
        pytest.param(file("PNG"), id="PNG"),
        pytest.param(file("WEBP"), id="WebP"),
    ],
)
def test_the_top_is_that_of_the_whole_picture(picture: File, rows: int) -> None:
    top, whole = top_of(picture, rows), opened(picture)
    box = (0, 0, _WIDTH, min(rows, _HEIGHT))
    assert top.height >= box[3]
    assert top.crop(box).tobytes() == whole.crop(box).tobytes()


def test_of_a_jpeg_hardly_more_is_decoded() -> None:
    assert top_of(file("JPEG"), 100).height <= 132
