"""Instructions that need eyes: a place, a shape or a colour as the only sign: WCAG 2.2 SC 1.3.3 and 1.4.1."""

import colorsys
import re

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.colour import parse
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_PLACE = re.compile(
    r"\b(?:the|an?|this|that|these|those|your|our)\s+(?P<thing>[^\W\d_]{3,})\s+"
    r"(?:(?:on|at|in)\s+(?:the|your)\s+)(?:far\s+)?(?:right|left)"
    r"(?:\s+(?:side|column|hand side|of the (?:page|screen)))?"
    r"(?=\s*(?:[.,;:!?)]|$|to\b|for\b|and\b|will\b|won\b|is\b|has\b))"
    r"|\b(?:el|la|los|las|un|una|del|al|este|esta|tu|su)\s+(?P<cosa>[^\W\d_]{3,})\s+(?:de|a|en)\s+(?:la\s+)?"
    r"(?:derecha|izquierda)\b",
    re.IGNORECASE,
)
_SHAPE = re.compile(
    r"\b(?:click|press|use|select|choose|tap|find|see)\b[^.!?]{0,40}"
    r"\b(?:round|square|triangular|triangle|circular|oval)"
    r"\s+(?P<thing>button|icon|menu|link|box|sign)\b"
    r"|\b(?:pulsa|usa|elige|busca)\b[^.!?]{0,40}\b(?P<cosa>botón|icono|menú|enlace)"
    r"\s+(?:redondo|cuadrado|triangular|ovalado)\b",
    re.IGNORECASE,
)
_LANDMARK = re.compile(
    r"\b(?:look|see|found|click|check|press|tap)\b[^.!?]{0,40}"
    r"\b(?:underneath|beneath|below|above|under|over|beside|behind|next to)\s+the\s+"
    r"(?P<thing>star|circle|square|triangle|arrow|diamond|heart|dot|cross|ring|oval|rectangle)\b"
    r"|\b(?:mira|busca|ve|verás|encontrarás|pulsa)\b[^.!?]{0,40}"
    r"\b(?:debajo|encima|detrás|al lado|junto|arriba|abajo)\s+(?:del?|al?)\s+(?:la\s+)?"
    r"(?P<cosa>estrella|círculo|cuadrado|triángulo|flecha|rombo|corazón|punto|cruz|anillo|óvalo|rectángulo)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«»]|\b(labell?ed|called|named|heading|llamad[oa]|titulad[oa])\b", re.IGNORECASE)

_NOT_THINGS = frozenset({"angle", "angles", "the", "turn", "hand", "and", "is", "are", "that", "this", "one"})
"""Words before the place that name nothing on a page."""

_HUES = {
    "red": (345, 15),
    "rojo": (345, 15),
    "roja": (345, 15),
    "orange": (16, 44),
    "naranja": (16, 44),
    "yellow": (45, 69),
    "amarillo": (45, 69),
    "amarilla": (45, 69),
    "green": (70, 165),
    "verde": (70, 165),
    "blue": (180, 260),
    "azul": (180, 260),
    "purple": (261, 310),
    "morado": (261, 310),
    "morada": (261, 310),
}
"""Degrees of hue that a colour's name covers."""

_NAMED = re.compile(rf"\b({'|'.join(_HUES)})(es|s)?\b", re.IGNORECASE)
_LEAST_SATURATION = 0.35


def _check_places(view: ViewportArtifacts) -> Verdict:
    checked = reviews = 0
    findings = []
    for element in view.texts:
        for pattern in (_PLACE, _SHAPE, _LANDMARK):
            found = pattern.search(element.text)
            if found is None:
                continue
            thing = (found["thing"] or found["cosa"]).casefold()
            checked += 1
            if thing in _NOT_THINGS or _QUOTED.search(element.text) or _is_named(view, element, thing):
                continue
            if _leads_away(view, element):
                reviews += 1
                break
            facts = {"text": f"“{' '.join(found[0].split())[:60]}”"}
            findings.append(Finding(Severity.INFO, thing, facts, element))
            break
    return Verdict(checked, tuple(findings), reviews)


def _leads_away(view: ViewportArtifacts, element: Element) -> bool:
    """Whether the text links to another page: what it points to may be there, and bear its name there."""
    return any(
        part.tag == "a" and not part.attributes.get("href", "#").strip().startswith("#")
        for part in view.descendants(element)
    )


def _is_named(view: ViewportArtifacts, element: Element, thing: str) -> bool:
    """Whether something else on the page bears the name of what is spoken of, so that it can be looked for."""
    stem = thing.rstrip("s")
    if stem in ("navigation", "nav", "menu", "navegación", "menú"):
        marked = [
            one for one in view.visible if one.tag == "nav" or one.attributes.get("role") in ("navigation", "menu")
        ]
        if len(marked) == 1:
            return True
    for one in view.visible:
        if one.index == element.index:
            continue
        is_heading = re.fullmatch("h[1-6]|button|a|legend|caption|summary|img|nav|section|aside", one.tag)
        said = f"{view.name_of(one)} {one.attributes.get('aria-label', '')} {one.attributes.get('alt', '')}"
        if is_heading and stem in said.casefold():
            return True
    return False


def _check_colours(view: ViewportArtifacts) -> Verdict:
    """Items of one list or row that only their text colour sets apart, on a page whose words name that colour."""
    named = {match[1].casefold() for element in view.texts for match in _NAMED.finditer(element.text)}
    if not named:
        return Verdict(0)
    checked = 0
    findings = []
    for items in view.children.values():
        texts = [item for item in items if item.text and item.tag in ("li", "td", "span", "p", "div", "a", "option")]
        if len(texts) < 2 or len({item.tag for item in texts}) != 1:
            continue
        checked += 1
        hues = {item.index: _hue(item) for item in texts}
        spoken = {
            item.index: next((name for name in sorted(named) if _covers(name, hues[item.index])), None)
            for item in texts
        }
        if len({item.style["color"] for item in texts}) < 2 or len(set(filter(None, spoken.values()))) < 1:
            continue
        marked = [item for item in texts if spoken[item.index]]
        looks = {_look(item) for item in texts}  # a handful, however many items there are
        if any(_differs_otherwise(one, other) for one in {_look(item) for item in marked} for other in looks) or any(
            _NAMED.search(item.text) for item in texts
        ):
            continue
        name = spoken[marked[0].index] or ""
        facts = {"text": f"“{name}”", "count": str(len(marked))}
        findings.append(Finding(Severity.MINOR, name, facts, marked[0]))
    return Verdict(checked, tuple(findings))


def _hue(element: Element) -> float | None:
    ink = parse(element.style.get("color", ""))
    if ink is None:
        return None
    red, green, blue = (int(ink[0][at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    del lightness
    return hue * 360 if (max(red, green, blue) - min(red, green, blue)) >= _LEAST_SATURATION and saturation else None


def _covers(name: str, hue: float | None) -> bool:
    if hue is None:
        return False
    low, high = _HUES[name]
    return low <= hue <= high if low < high else hue >= low or hue <= high


_LOOK = ("font-weight", "font-style", "text-decoration-line", "background-color", "background-image", "border-left")


def _look(element: Element) -> tuple[str, ...]:
    return tuple(element.style.get(key, "") for key in _LOOK)


def _differs_otherwise(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(mine != theirs and "rgb" not in mine for mine, theirs in zip(one, other, strict=True))


RULES = (
    Rule(
        id="ctx-by-place",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.3')}, failure F14",
        measures="sentences that point to something by its place or shape alone, count",
        texts=bilingual(
            Texts(
                "{text} can be found with the eyes only",
                "The sentence points to something by its place or shape, and nothing on the page bears that name.",
                "WCAG failure F14: content is identified only by its shape or location.",
                "By ear there is no left and right, and on a phone it stands somewhere else.",
                "Name what is meant as it names itself: the heading, the button's words.",
            ),
            Texts(
                "{text} solo se encuentra con la vista",
                "La frase señala algo por su lugar o forma y nada en la página lleva ese nombre.",
                "Fallo F14 de WCAG: el contenido se identifica solo por su forma o posición.",
                "De oído no hay izquierda ni derecha, y en el móvil está en otro sitio.",
                "Nómbralo como se llama en la página: el título, las palabras del botón.",
            ),
        ),
        check=_check_places,
        viewports=(Viewport.DESKTOP,),
        act_rules=("9bd38c",),
    ),
    Rule(
        id="clr-colour-named",
        axis=Axis.CLR,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.4.1')}, failure F13",
        measures="items that only a colour named in the text sets apart, count",
        texts=bilingual(
            Texts(
                "{count} items are told apart by the colour {text} alone",
                "The text speaks of {text}, and the items differ from their neighbours in nothing but colour.",
                "WCAG failure F13 and success criterion 1.4.1: colour is not the only means of telling things.",
                "By ear, in print and for one man in twelve they are all the same.",
                "Say it in words or with a sign beside each item.",
            ),
            Texts(
                "{count} elementos se distinguen solo por el color {text}",
                "El texto habla de {text} y los elementos no se diferencian de sus vecinos más que en el color.",
                "Fallo F13 y criterio 1.4.1 de WCAG: el color no es el único medio para distinguir.",
                "De oído, impreso y para uno de cada doce hombres son todos iguales.",
                "Dilo con palabras o con un signo junto a cada elemento.",
            ),
        ),
        check=_check_colours,
        viewports=(Viewport.DESKTOP,),
    ),
)
