"""Pictures of a page, decoded."""

import io
from typing import Protocol

from PIL import Image


class Encoded(Protocol):
    """A picture as its file's bytes."""

    @property
    def content(self) -> bytes:
        """The file, of any format that Pillow reads."""


def opened(picture: Encoded) -> Image.Image:
    """The picture in RGB, decoded; a picture of a whole page has millions of px, so it is copied only if it must be."""
    image = Image.open(io.BytesIO(picture.content))
    if image.mode != "RGB":
        return image.convert("RGB")
    image.load()
    return image
