"""Pictures of a page, decoded."""

import io
from collections.abc import Sequence
from typing import Protocol

from PIL import Image


class Encoded(Protocol):
    """A picture as its file's bytes."""

    @property
    def content(self) -> bytes:
        """The file, of any format that Pillow reads."""


class EncodedStrip(Encoded, Protocol):
    """A part of a picture, as wide as it."""

    @property
    def top(self) -> int:
        """Its first row in the whole picture, px."""

    @property
    def height(self) -> int:
        """In px."""


class Striped(Protocol):
    """A picture in strips, from top to bottom."""

    @property
    def width(self) -> int:
        """In px."""

    @property
    def height(self) -> int:
        """Of all strips together, px."""

    @property
    def strips(self) -> Sequence[EncodedStrip]:
        """At least one, without gaps."""


def opened(picture: Encoded) -> Image.Image:
    """The picture in RGB, decoded; a picture of a whole page has millions of px, so it is copied only if it must be."""
    image = Image.open(io.BytesIO(picture.content))
    if image.mode != "RGB":
        return image.convert("RGB")
    image.load()
    return image


def upper(picture: Striped, height: int, first: Image.Image | None = None) -> Image.Image:
    """The uppermost `height` px of a picture, or all of it if it is less tall; no strip below them is decoded.

    Args:
        first: the first strip, where it is decoded already.
    """
    first = first or opened(picture.strips[0])
    rows = min(height, picture.height)
    if first.height >= rows:
        return first.crop((0, 0, picture.width, rows))
    shown = Image.new("RGB", (picture.width, rows))
    shown.paste(first)
    for strip in picture.strips[1:]:
        if strip.top < rows:
            shown.paste(opened(strip), (0, strip.top))
    return shown
