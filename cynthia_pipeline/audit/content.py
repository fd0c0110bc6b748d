"""What a view shows and says, beside its boxes and styles: names, running text, images, and what it is built with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cynthia_pipeline.audit.markup import Styled, parse_styled
from cynthia_pipeline.audit.untrusted import number, text

_PASSAGE_CAP = 2_000


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """One visible, loaded <img>.

    Attributes:
        element: index of it.
        source: address that the browser chose, its end where it is long; the beginning of a data: address.
        natural_width, natural_height: CSS px that the file asks for, after srcset's density.
        density: px of the file for each of them; 0 where it cannot be told.
        width, height: of the box that the picture is drawn into, CSS px.
        fit, rendering: computed object-fit and image-rendering.
        is_sized: whether the layout keeps its place before it is loaded.
        is_responsive: whether the browser may choose among files.
        bytes: of the file as it came; 0 where the browser does not tell (another origin, data:).
        frames: of a looping GIF; 0 for all that was not looked into.
        words: of an SVG that shows nothing but words; empty for every other, and for all that was not looked into.
    """

    element: int
    source: str
    natural_width: float
    natural_height: float
    density: float
    width: float
    height: float
    fit: str
    rendering: str
    is_sized: bool
    is_responsive: bool
    bytes: float
    frames: int = 0
    words: str = ""

    @property
    def format(self) -> str:
        """What the address says it is: "jpg", "svg"; empty where it does not say."""
        if self.source.startswith("data:"):
            return self.source[5:].split(";")[0].split(",")[0].split("+")[0].rpartition("/")[2].lower()
        name = self.source.split("?")[0].split("#")[0].rpartition("/")[2]
        return name.rpartition(".")[2].lower() if "." in name else ""


@dataclass(frozen=True, slots=True)
class Content:
    """What one view shows and says.

    Attributes:
        names: what links, buttons and headings say, by element, where it is not their own text alone.
        passages: words of running text, by element, each capped.
        images: in document order.
        features: parts of the web platform that the page uses, by the names in browser/js/features.js; a phone's view
            has only what hangs on its orientation.
        styled: what style rules do that the elements do not tell.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    passages: Mapping[int, str] = field(default_factory=dict)
    images: tuple[ImageFacts, ...] = ()
    features: Mapping[str, int] = field(default_factory=dict)
    styled: Styled = field(default_factory=Styled)


def parse_content(answer: Mapping[str, Any], count: int) -> Content:
    """The content among `count` elements of what the in-page script answered.

    Raises:
        ValueError, KeyError, TypeError, IndexError, AttributeError: the answer is not in the script's shape.
    """
    return Content(
        names={int(index): text(name) for index, name in answer["names"] if 0 <= int(index) < count},
        passages={
            int(index): text(passage, _PASSAGE_CAP) for index, passage in answer["passages"] if 0 <= int(index) < count
        },
        images=tuple(_image(image) for image in answer["images"] if 0 <= int(image["element"]) < count),
        features={text(name): int(number(value)) for name, value in answer["features"].items()},
        styled=parse_styled(answer["styled"], count),
    )


def _image(image: Mapping[str, Any]) -> ImageFacts:
    return ImageFacts(
        element=int(image["element"]),
        source=text(image["source"]),
        natural_width=number(image["naturalWidth"]),
        natural_height=number(image["naturalHeight"]),
        density=number(image["density"]),
        width=number(image["width"]),
        height=number(image["height"]),
        fit=text(image["fit"]),
        rendering=text(image["rendering"]),
        is_sized=bool(image["isSized"]),
        is_responsive=bool(image["isResponsive"]),
        bytes=number(image["bytes"]),
        frames=int(number(image["frames"])),
        words=text(image["words"]),
    )
