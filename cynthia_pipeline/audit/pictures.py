"""Pictures of a page, decoded."""

import io
from typing import Final, Protocol

from PIL import Image

_JPEG: Final = b"\xff\xd8"
_FRAMES: Final = frozenset({b"\xff\xc0", b"\xff\xc1"})
"""Markers of a frame that is coded from top to bottom (ITU-T T.81, table B.1); one in several passes is not."""
_BLOCK: Final = 16
"""Rows of the largest block that is coded as a whole where colours have half the resolution."""


class Encoded(Protocol):
    """A picture as its file's bytes."""

    @property
    def content(self) -> bytes:
        """The file, of any format that Pillow reads."""


def opened(picture: Encoded) -> Image.Image:
    """The picture in RGB, decoded; a picture of a whole page has millions of px, so it is copied only if it must be."""
    return _decoded(picture.content)


def top_of(picture: Encoded, rows: int) -> Image.Image:
    """The picture in RGB, its first `rows` rows at least, as `opened` has them; of a JPEG hardly more is decoded."""
    return _decoded(_shortened(picture.content, (rows // _BLOCK + 2) * _BLOCK))


def _decoded(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    if image.mode != "RGB":
        return image.convert("RGB")
    image.load()
    return image


def _shortened(content: bytes, rows: int) -> bytes:
    """The file, saying that it is `rows` rows tall if it is taller: a decoder leaves alone what comes after them."""
    if not content.startswith(_JPEG):
        return content
    at = len(_JPEG)
    while at + 7 <= len(content) and content[at : at + 2] not in _FRAMES:
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    height = content[at + 5 : at + 7]
    if len(height) < 2 or int.from_bytes(height) <= rows:
        return content
    return content[: at + 5] + rows.to_bytes(2) + content[at + 7 :]
