"""How the first screen is filled: how much of it, and on which side. Measures of taste cost nothing unless extreme."""

from cynthia_pipeline.audit.alignment import balance, coverage, equilibrium, symmetry
from cynthia_pipeline.audit.artifacts import Viewport, ViewportArtifacts
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.boxes import MEDIA
from cynthia_pipeline.audit.rules.first_impression import CONFIDENCE
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number

_CROWDED = 0.7
"""Share of the first screen under text and pictures from which there is no room left. A threshold of this project."""

_ONE_SIDED = 0.35
"""Balance below which nearly all lies in one half both ways. A threshold of this project."""

_LEAST = 6
"""Fewer things make no composition."""


_ORDERLY = 0.5
"""Mean of the three measures below which a screen counts as unordered: half of what they reach. A house threshold."""


def _weights(view: ViewportArtifacts) -> list[Rect]:
    """The boxes of text and of pictures that begin on the first screen, cut at its edges."""
    width, height = view.viewport.width, view.viewport.height
    rects = [rect for index, rect in view.layout.ink.items() if index not in view.moving]
    rects += [
        element.rect
        for element in view.visible
        if element.tag in MEDIA and element.rect.area < 0.5 * width * height and element.index not in view.moving
    ]
    seen = [rect for rect in rects if rect.x < width and rect.y < height and rect.right > 0 and rect.bottom > 0]
    return [
        Rect(x, y, min(rect.right, width) - x, min(rect.bottom, height) - y)
        for rect in seen
        for x, y in [(max(rect.x, 0.0), max(rect.y, 0.0))]
    ]


def _check_whitespace(view: ViewportArtifacts) -> Verdict:
    rects = _weights(view)
    if len(rects) < _LEAST:
        return Verdict(0)
    share = coverage(rects, Rect(0, 0, view.viewport.width, view.viewport.height))
    note = f"{number(100 * (1 - share), 0)} % free"
    if share <= _CROWDED:
        return Verdict(1, note=note)
    facts = {
        "share": f"{number(100 * share, 0)} %",
        "free": f"{number(100 * (1 - share), 0)} %",
        "most": f"{number(100 * _CROWDED, 0)} %",
    }
    return Verdict(1, (Finding(Severity.MINOR, "page", facts),), note=note)


def _check_balance(view: ViewportArtifacts) -> Verdict:
    rects = _weights(view)
    if len(rects) < _LEAST or view.document.scroll_height < view.viewport.height:
        return Verdict(0)
    value = balance(rects, Rect(0, 0, view.viewport.width, view.viewport.height))
    note = f"{number(value)}"
    if value >= _ONE_SIDED:
        return Verdict(1, note=note)
    facts = {"measured": number(value), "least": number(_ONE_SIDED)}
    return Verdict(1, (Finding(Severity.INFO, "page", facts),), note=note)


def _check_order(view: ViewportArtifacts) -> Verdict:
    rects = _weights(view)
    if len(rects) < _LEAST or view.document.scroll_height < view.viewport.height:
        return Verdict(0)
    frame = Rect(0, 0, view.viewport.width, view.viewport.height)
    parts = {
        "balance": balance(rects, frame),
        "equilibrium": equilibrium(rects, frame),
        "symmetry": symmetry(rects, frame),
    }
    order = sum(parts.values()) / len(parts)
    readings = {name: round(value, 2) for name, value in parts.items()}
    readings |= {"order": round(order, 2), "white_space": round(1 - coverage(rects, frame), 2)}
    if order >= _ORDERLY:
        return Verdict(1, note=CONFIDENCE, readings=readings)
    facts = {"measured": number(order), "least": number(_ORDERLY)} | {n: number(value) for n, value in parts.items()}
    return Verdict(1, (Finding(Severity.MINOR, "page", facts),), note=CONFIDENCE, readings=readings)


RULES = (
    Rule(
        id="lft-whitespace",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source="Ngo, Teo and Byrne 2003, density; house threshold 70 %",
        measures="share of the first screen that text and pictures cover, %",
        texts=bilingual(
            Texts(
                "Only {free} of the first screen is free",
                "Text and pictures cover {share} of the first screen; {most} are the most expected.",
                "Free room is what tells groups apart and leads the eye.",
                "Everything asks for attention at once, and nothing gets it.",
                "Leave things out of the first screen, or move them down, until at most {most} are covered.",
            ),
            Texts(
                "Solo el {free} de la primera pantalla está libre",
                "Texto e imágenes cubren el {share} de la primera pantalla; se espera el {most} como máximo.",
                "El espacio libre separa los grupos y guía la vista.",
                "Todo pide atención a la vez y nada la consigue.",
                "Quita cosas de la primera pantalla o bájalas hasta que se cubra el {most} como máximo.",
            ),
        ),
        check=_check_whitespace,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="lft-balance",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source="Ngo, Teo and Byrne 2003, balance; house threshold 0.35",
        measures="balance of text and pictures on the first screen, 0 to 1",
        texts=bilingual(
            Texts(
                "The first screen leans to one side: balance {measured}",
                "By area and distance from the middle, text and pictures balance to {measured}; {least} and more is "
                "usual.",
                "A screen whose weight lies in one corner is read as unfinished, unless that is the point.",
                "Part of the screen is empty without a reason that visitors see.",
                "Move something of weight across the middle, or centre the content; aim at {least}.",
            ),
            Texts(
                "La primera pantalla se inclina a un lado: equilibrio {measured}",
                "Por área y distancia al centro, texto e imágenes equilibran {measured}; lo habitual es {least} o más.",
                "Una pantalla con el peso en una esquina parece sin terminar, salvo que sea la intención.",
                "Parte de la pantalla está vacía sin una razón que se vea.",
                "Pasa algo de peso al otro lado o centra el contenido; el objetivo es {least}.",
            ),
        ),
        check=_check_balance,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="emo-order",
        axis=Axis.EMO,
        fix_type=FixType.LAYOUT,
        source="Ngo, Teo and Byrne 2003, balance, equilibrium and symmetry; house threshold 0.5; a heuristic",
        measures="mean of balance, equilibrium and symmetry of text and pictures on the first screen, 0 to 1",
        texts=bilingual(
            Texts(
                "The first screen looks unordered: {measured}",
                "Balance {balance}, equilibrium {equilibrium} and symmetry {symmetry} make {measured} in the mean; "
                "below {least} counts as low.",
                "In studies of screens, order of this kind goes with being liked. A heuristic: taste differs.",
                "The page may look accidental before a word of it is read.",
                "Spread things of weight over the halves of the first screen, or centre them; aim at {least}.",
            ),
            Texts(
                "La primera pantalla parece desordenada: {measured}",
                "Equilibrio de pesos {balance}, centro de masas {equilibrium} y simetría {symmetry} dan {measured} de "
                "media; menos de {least} se considera bajo.",
                "En estudios de pantallas, un orden así va con el agrado. Es una heurística: los gustos difieren.",
                "La página puede parecer casual antes de leerse una palabra.",
                "Reparte lo que pesa entre las mitades de la primera pantalla o céntralo; el objetivo es {least}.",
            ),
        ),
        check=_check_order,
        viewports=(Viewport.DESKTOP,),
    ),
)
