"""The viewport meta tag: whether phones lay the page out at their own width, and let people zoom."""

import re
from math import inf

from cynthia_pipeline.audit.artifacts import Part, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

WANTED = "width=device-width, initial-scale=1"

_ZOOM_REQUIRED = 2.0
"""SC 1.4.4 asks for text at 200 %."""

_ZOOM_WANTED = 5.0
"""axe-core's best practice: 500 %."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


def parse_viewport(content: str) -> dict[str, str]:
    """The properties of a viewport meta tag, by lower-case name; separators as CSS Device Adaptation has them."""
    pairs = (part.partition("=") for part in content.replace(";", ",").split(","))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs if name.strip()}


def largest_zoom(properties: dict[str, str]) -> float:
    """How far the tag lets people zoom in; infinite where it sets no limit.

    Values count as CSS Device Adaptation 1, sections 9.4 to 9.6, translates them: "yes" is 1, the device's width or
    height is 10, any other word next to nothing, and a negative scale is no limit.
    """
    scalable, scale = properties.get("user-scalable"), properties.get("maximum-scale")
    if scalable is not None and abs(_value(scalable)) < 1:
        return 1.0
    if scale is None or _value(scale) < 0:
        return inf
    return _value(scale)


def _value(written: str) -> float:
    match written:
        case "yes":
            return 1.0
        case "device-width" | "device-height":
            return 10.0
        case _:
            number = _NUMBER.match(written)
            return float(number[0]) if number else 0.1


def _check_width(view: ViewportArtifacts) -> Verdict:
    content = view.document.meta.get("viewport")
    if content is None:
        return Verdict(1, (_finding(Severity.CRITICAL, "missing", "–", None),))
    properties = parse_viewport(content)
    fixed = properties.get("width", "device-width") != "device-width"
    return Verdict(1, (_finding(Severity.MAJOR, "fixed", content, _path(view)),) if fixed else ())


def _check_zoom(view: ViewportArtifacts) -> Verdict:
    content = view.document.meta.get("viewport")
    if content is None:
        return Verdict(0)
    zoom = largest_zoom(parse_viewport(content))
    if zoom >= _ZOOM_WANTED:
        return Verdict(1)
    severity = Severity.MAJOR if zoom < _ZOOM_REQUIRED else Severity.MINOR
    return Verdict(1, (_finding(severity, "zoom", content, _path(view), f"{zoom:.0%}"),))


def _path(view: ViewportArtifacts) -> str:
    """As axe names the tag, where axe complains of it too: so the findings meet."""
    for rule in ("meta-viewport", "meta-viewport-large"):
        for node in view.axe[rule].violations if rule in view.axe else ():
            return node.target
    return 'meta[name="viewport"]'


def _finding(severity: Severity, cause: str, content: str, path: str | None, zoom: str = "") -> Finding:
    before = None if path is None else f'<meta name="viewport" content="{content}">'
    facts = {"measured": content, "wanted": WANTED} | ({"zoom": zoom} if zoom else {})
    return Finding(
        severity,
        cause,
        facts,
        path=path,
        before=before,
        after=f'<meta name="viewport" content="{WANTED}">',
    )


RULES = (
    Rule(
        id="rsp-viewport",
        axis=Axis.RSP,
        fix_type=FixType.COMPONENT,
        source="CSS Viewport Module; Lighthouse viewport audit",
        measures="content of the viewport meta tag",
        texts=bilingual(
            Texts(
                "Phones show the page as a shrunken desktop",
                "The viewport meta tag says: {measured}. It should say: {wanted}.",
                "Without width=device-width phones lay a page out at about 980 px and shrink it.",
                "Everything is tiny on a phone, and visitors have to zoom and pan.",
                "Set the tag's content to {wanted}.",
            ),
            Texts(
                "Los móviles muestran la página como un escritorio encogido",
                "La etiqueta meta viewport dice: {measured}. Debería decir: {wanted}.",
                "Sin width=device-width, los móviles maquetan la página a unos 980 px y la encogen.",
                "Todo es diminuto en el móvil, y hay que ampliar y arrastrar.",
                "Pon {wanted} como contenido de la etiqueta.",
            ),
        ),
        check=_check_width,
    ),
    Rule(
        id="rsp-zoom",
        axis=Axis.RSP,
        fix_type=FixType.COMPONENT,
        source=cited("1.4.4"),
        measures="largest zoom that the viewport meta tag allows, percent",
        texts=bilingual(
            Texts(
                "Zooming is limited to {zoom}",
                "The viewport meta tag says: {measured}. It lets people zoom to {zoom} only.",
                "WCAG 2.2 success criterion 1.4.4, Resize Text, asks for 200 %; 500 % is good practice.",
                "People with low vision cannot enlarge the text they need to read.",
                "Remove user-scalable and maximum-scale: {wanted}.",
            ),
            Texts(
                "El zoom está limitado al {zoom}",
                "La etiqueta meta viewport dice: {measured}. Solo deja ampliar hasta el {zoom}.",
                "El criterio 1.4.4 de WCAG 2.2, Cambio de tamaño del texto, pide 200 %; 500 % es buena práctica.",
                "Quienes ven poco no pueden agrandar el texto que necesitan leer.",
                "Quita user-scalable y maximum-scale: {wanted}.",
            ),
        ),
        check=_check_zoom,
        absorbs=("meta-viewport", "meta-viewport-large"),
        needs=frozenset({Part.AXE}),
    ),
)
