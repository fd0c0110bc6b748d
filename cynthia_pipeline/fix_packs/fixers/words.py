"""Names and titles from the page's own words: what stands beside, what it is called in the source, where it leads."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from cynthia_pipeline.fix_packs.drafts import NAME_MOST
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.messages import Language
from cynthia_pipeline.text import one_line

_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_TITLING: Final = frozenset(("label", "legend", "span", "strong", "dt", "b", "p", "div", *_HEADINGS))
_FIELDS: Final = frozenset(("input", "select", "textarea", "button"))
_ICON = re.compile(r"\b(?:fa|bi|icon|mdi|ti|ri|lni|glyphicon|feather|octicon)-(?P<name>[a-z][a-z-]*)")
_SIZES: Final = frozenset(
    (
        "fw",
        "lg",
        "xs",
        "sm",
        "2x",
        "3x",
        "stack",
        "inverse",
        "spin",
        "solid",
        "regular",
        "brands",
        "o",
        "f",
        "alt",
        "square",
    )
)
_MEANT: Final = {
    Language.ENGLISH: {
        "bars": "Menu", "menu": "Menu", "navbar": "Menu", "toggler": "Menu", "times": "Close", "close": "Close",
        "x": "Close", "search": "Search", "home": "Home", "user": "Account", "cart": "Cart", "envelope": "E-mail",
        "phone": "Telephone", "bell": "Notifications", "angle-up": "Back to top", "arrow-up": "Back to top",
        "chevron-up": "Back to top", "next": "Next", "prev": "Previous", "chevron-right": "Next",
        "chevron-left": "Previous", "play": "Play", "download": "Download", "sidebartoggle": "Toggle sidebar",
    },
    Language.SPANISH: {
        "bars": "Menú", "menu": "Menú", "navbar": "Menú", "toggler": "Menú", "times": "Cerrar", "close": "Cerrar",
        "x": "Cerrar", "search": "Buscar", "home": "Inicio", "user": "Cuenta", "cart": "Carrito",
        "envelope": "Correo", "phone": "Teléfono", "bell": "Avisos", "angle-up": "Volver arriba",
        "arrow-up": "Volver arriba", "chevron-up": "Volver arriba", "next": "Siguiente", "prev": "Anterior",
        "chevron-right": "Siguiente", "chevron-left": "Anterior", "play": "Reproducir", "download": "Descargar",
        "sidebartoggle": "Mostrar u ocultar el lateral",
    },
}  # fmt: skip
"""What usual icons stand for. Any other is called by its own name."""

_PASSAGE_LEAST, _PASSAGE_MOST = 40, 300
"""Characters of the text around: what is shorter is seldom a sentence."""

_NAME_ATTRIBUTES: Final = (
    "aria-label",
    "title",
    "alt",
    "placeholder",
    "data-title",
    "data-original-title",
    "data-label",
)


def told_name(element: SourceElement, language: Language) -> str:
    """What an element may be called, by what is written on it and in it; empty if nothing tells."""
    for candidate in (element, *element.descendants()):
        for name in _NAME_ATTRIBUTES:
            if candidate.attributes.get(name, "").strip():
                return shortened(candidate.attributes[name])
        title = next((child for child in candidate.children if child.tag == "title"), None)
        if title is not None and title.words:
            return shortened(title.words)
    for candidate in (element, *element.descendants()):
        icon = _icon_name(candidate.attributes.get("class", ""), language)
        if icon:
            return icon
    return ""


def destination_name(address: str, language: Language) -> str:
    """What a link may be called, by where it leads; empty for nowhere in particular."""
    parts = urlsplit(address)
    meant = _MEANT[language]
    if parts.scheme == "mailto":
        return meant["envelope"]
    if parts.scheme == "tel":
        return meant["phone"]
    if parts.fragment and not parts.path:
        return meant["angle-up"] if parts.fragment.lower() in ("top", "page-top") else readable(parts.fragment)
    last = parts.path.rstrip("/").rpartition("/")[2]
    words = readable(last.rpartition(".")[0] or last)
    if words and words.lower() not in ("index", "default"):
        return words
    host = (parts.hostname or "").removeprefix("www.")
    if host:
        return readable(host.rpartition(".")[0] or host)
    return meant["home"] if parts.path in ("/", "index.html") else ""


def file_words(address: str) -> str:
    """The words in a file's name; empty where it has none but numbers and codes."""
    words = readable(_file_name(address).partition(".")[0])
    letters = sum(char.isalpha() for char in words)
    return words if letters >= 3 and letters * 2 > len(words) else ""


def _file_name(address: str) -> str:
    """The last part of an address; empty for data that is written out in it."""
    parts = urlsplit(address)
    return "" if parts.scheme == "data" else unquote(parts.path).rpartition("/")[2]


def readable(identifier: str) -> str:
    """An identifier as words: userEmail, user_email and user-email all become "User email"."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", identifier)
    words = " ".join(re.sub(r"[\W_]+", " ", spaced).split())
    return shortened(words[:1].upper() + words[1:].lower() if words else "")


def shortened(text: str, most: int = NAME_MOST) -> str:
    """At most a line, or so many characters, cut between words."""
    joined = " ".join(text.split())
    if len(joined) <= most:
        return joined
    return joined[: most + 1].rsplit(" ", 1)[0][:most].rstrip(" ,;:.")


def words_of(element: SourceElement, most: int) -> str:
    """Its first words, at most so many."""
    return " ".join(element.words.split()[:most]).strip(" ,;:.–—-|·")


def nearest_heading(element: SourceElement, *, inside: bool = False) -> str:
    """The words of the heading in it, or the nearest one before it unless it has to be `inside`."""
    within = next((child for child in element.descendants() if child.tag in _HEADINGS and child.words), None)
    if within is not None:
        return shortened(within.words)
    if inside:
        return ""
    start = element.start or 0
    found = ""
    for other in element.source.all():
        if other.start is not None and other.start >= start:
            break
        if other.tag in _HEADINGS and other.words:
            found = shortened(other.words)
    return found


def caption_of(element: SourceElement) -> str:
    """What the caption of the figure around it says; empty where it stands in none."""
    figure = next((level for level in element.ancestors() if level.tag == "figure"), None)
    inside = figure.descendants() if figure is not None else iter(())
    return next((shortened(child.words) for child in inside if child.tag == "figcaption"), "")


def beside(element: SourceElement) -> str:
    """The text right beside it: a caption, a label without a `for`, its cell's heading."""
    caption = caption_of(element)
    if caption:
        return caption
    parent = element.parent
    if parent is None:
        return ""
    place = parent.children.index(element)
    for other in reversed(parent.children[:place]):
        if other.tag in ("label", "span", "strong", "dt", "b", "p", *_HEADINGS) and 0 < len(other.words) <= NAME_MOST:
            return shortened(other.words.rstrip(":* "))
    return ""


def right_above(element: SourceElement) -> str:
    """What the sibling right before it says, if that is short enough to be a question or a title."""
    siblings = element.parent.children if element.parent is not None else [element]
    place = siblings.index(element)
    above = siblings[place - 1] if place else None
    if above is None or above.tag not in _TITLING or any(inner.tag in _FIELDS for inner in above.descendants()):
        return ""
    words = above.words.rstrip(":* ")
    return words if len(words) <= NAME_MOST else ""


def surroundings(element: SourceElement) -> dict[str, str]:
    """What the page tells of the place that an element's words are drafted for, by name; what is not told is left out.

    The address is the path alone: what follows it may be somebody's own.
    """
    attributes = element.attributes
    text = next((level.words for level in (element, *element.ancestors()) if len(level.words) >= _PASSAGE_LEAST), "")
    told = {
        "element": element.tag,
        "heading": nearest_heading(element),
        "text": shortened(text, _PASSAGE_MOST),
        "address": unquote(urlsplit(attributes.get("href", "")).path),
        "file": _file_name(attributes.get("src", "")),
    }
    return {name: one_line(said) for name, said in told.items() if said}


def _icon_name(classes: str, language: Language) -> str:
    meant = _MEANT[language]
    for known in _names_in(classes):
        if known in meant:
            return meant[known]
    for match in _ICON.finditer(classes):
        name = "-".join(part for part in match["name"].split("-") if part not in _SIZES)
        if name:
            return readable(name)
    return ""


def _names_in(classes: str) -> Iterator[str]:
    for match in _ICON.finditer(classes):
        yield match["name"]
        yield from match["name"].split("-")
    for word in classes.lower().split():
        yield from (word, *word.split("-"))
