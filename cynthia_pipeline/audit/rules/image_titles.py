"""Images whose attributes contradict each other, that only make room, or that move for ever: SC 1.1.1 and 2.2.2."""

import re

from cynthia_pipeline.audit.artifacts import Element, Flag, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_HIDING = ("presentation", "none")

_LOGO = re.compile(r"(^|[-_./])(logo|logotype|logotipo|wordmark)s?([-_.0-9]|$)", re.IGNORECASE)
"""In a file's name: a logo names its owner, so it is no decoration."""

_SPACER = re.compile(r"(^|/)(spacer|blank|pixel|transparent|clear|shim|1x1|dot)[-_]?\d*\.(gif|png)$", re.IGNORECASE)

_MEANINGS = re.compile(
    r"(^|[-_./])(warning|alert|error|danger|caution|important|attention|success|failed|forbidden|required|info)"
    r"([-_.0-9]|$)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r'url\("([^"]*)"\)')


def _images(view: ViewportArtifacts) -> list[Element]:
    return [element for element in view.visible if element.tag == "img"]


def _is_loaded(image: Element) -> bool:
    return "natural-size" in image.attributes


def _file(element: Element) -> str:
    return element.attributes.get("src", "").split("?")[0].rpartition("/")[2][:60]


def _check_titles(view: ViewportArtifacts) -> Verdict:
    images = [image for image in _images(view) if image.attributes.get("title", "").strip()]
    findings = []
    for image in images:
        title = " ".join(image.attributes["title"].split())
        alt = " ".join(image.attributes.get("alt", "").split())
        if "alt" not in image.attributes or alt.casefold() == title.casefold():
            continue
        facts = {"text": f"“{alt}”", "title": f"“{title}”"}
        severity = Severity.INFO if alt else Severity.MINOR
        findings.append(Finding(severity, "differs" if alt else "empty", facts, image, before=f'title="{title}"'))
    return Verdict(len(images), tuple(findings))


def _check_hidden(view: ViewportArtifacts) -> Verdict:
    images = _images(view)
    findings = []
    for image in images:
        alt = " ".join(image.attributes.get("alt", "").split())
        hidden = image.attributes.get("role") in _HIDING or image.attributes.get("aria-hidden") == "true"
        if alt and hidden:
            findings.append(Finding(Severity.MINOR, "hidden", {"text": f"“{alt}”"}, image, before=f'alt="{alt}"'))
    return Verdict(len(images), tuple(findings))


def _check_logos(view: ViewportArtifacts) -> Verdict:
    hidden = [
        image for image in _images(view) if _LOGO.search(_file(image)) and _is_loaded(image) and _is_unheard(image)
    ]
    logos = sum(bool(_LOGO.search(_file(image))) for image in _images(view))
    findings = tuple(
        Finding(Severity.MINOR, "logo", {"file": _file(image)}, image, after='alt="…"')
        for image in hidden
        if not _words_beside(view, image)
    )
    return Verdict(logos, findings)


def _is_unheard(image: Element) -> bool:
    alt = image.attributes.get("alt")
    named = image.attributes.get("aria-label") or image.attributes.get("aria-labelledby")
    hidden = Flag.HIDDEN_FROM_AT in image.flags or image.attributes.get("role") in _HIDING
    return hidden or (alt is not None and not alt.strip() and not named)


def _words_beside(view: ViewportArtifacts, image: Element) -> bool:
    """Whether the link, the heading or the box around it says something."""
    for level in view.ancestors(image)[:3]:
        if level.tag in ("body", "html", "main", "header"):
            return False
        inside = (level, *view.descendants(level))
        if any(one.text or one.attributes.get("aria-label") for one in inside):
            return True
    return False


def _check_spacers(view: ViewportArtifacts) -> Verdict:
    images = _images(view)
    findings = tuple(
        Finding(Severity.INFO, "spacer", {"file": _file(image) or "–", "size": _size(image)}, image)
        for image in images
        if image.attributes.get("natural-size") == "1x1" or _SPACER.search(_file(image))
    )
    return Verdict(len(images), findings)


def _size(image: Element) -> str:
    return f"{image.rect.width:.0f} × {image.rect.height:.0f} px"


def _check_backgrounds(view: ViewportArtifacts) -> Verdict:
    checked = 0
    findings = []
    for element in view.texts:
        address = _ADDRESS.search(element.style.get("background-image", ""))
        if address is None or address[1].startswith("data:"):
            continue
        checked += 1
        name = address[1].split("?")[0].rpartition("/")[2]
        meaning = _MEANINGS.search(name)
        if meaning is None or element.attributes.get("role") or element.attributes.get("aria-label"):
            continue
        if meaning[2].casefold() in f"{element.text} {view.name_of(element)}".casefold():
            continue
        said = " ".join(one.text for one in view.descendants(element))
        if meaning[2].casefold() in said.casefold():
            continue
        facts = {"file": name[:60], "text": f"“{meaning[2]}”"}
        findings.append(Finding(Severity.MINOR, meaning[2].casefold(), facts, element))
    return Verdict(checked, tuple(findings))


def _check_moving(view: ViewportArtifacts) -> Verdict:
    images = view.content.images
    findings = tuple(
        Finding(
            Severity.MINOR,
            "moves",
            {"file": _file(view.elements[image.element]) or "–", "count": str(image.frames)},
            view.elements[image.element],
        )
        for image in images
        if image.frames > 1
    )
    return Verdict(len(images), findings)


_DESKTOP = (Viewport.DESKTOP,)

RULES = (
    Rule(
        id="img-title-differs",
        axis=Axis.IMG,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.1.1')}, technique H67",
        measures="images whose title says something else than their alt text, count",
        texts=bilingual(
            Texts(
                "An image's title {title} and its alt text {text} differ",
                "The title attribute says {title}, the alt attribute {text}.",
                'Technique H67 for WCAG 2.2: decoration has alt="" and no title; a title adds nothing that matters.',
                "Some screen readers read the title, some the alt text, some both; on a phone nobody sees a title.",
                "Put what matters into the alt text, and take the title away.",
            ),
            Texts(
                "El title {title} de una imagen y su alt {text} no coinciden",
                "El atributo title dice {title} y el alt, {text}.",
                'Técnica H67 de WCAG 2.2: lo decorativo lleva alt="" y ningún title; un title no añade nada.',
                "Unos lectores leen el title, otros el alt y otros ambos; en el móvil nadie ve el title.",
                "Pon lo importante en el alt y quita el title.",
            ),
        ),
        check=_check_titles,
        viewports=_DESKTOP,
    ),
    Rule(
        id="img-alt-hidden",
        axis=Axis.IMG,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.1.1')}, technique H67",
        measures="images with an alt text that are hidden from assistive technology, count",
        texts=bilingual(
            Texts(
                "An image has the alt text {text} and is hidden from those it is for",
                "It is marked as decoration (role or aria-hidden), yet its alt says {text}.",
                'Technique H67 for WCAG 2.2 success criterion 1.1.1: decoration has alt="".',
                "One of both is wrong: either the words are never heard, or they are not needed.",
                'Take the role or aria-hidden away if the image tells something, else set alt="".',
            ),
            Texts(
                "Una imagen tiene el alt {text} y está oculta para quien lo necesita",
                "Está marcada como decoración (role o aria-hidden), pero su alt dice {text}.",
                'Técnica H67 del criterio 1.1.1 de WCAG 2.2: lo decorativo lleva alt="".',
                "Una de las dos cosas sobra: o las palabras no se oyen nunca, o no hacen falta.",
                'Quita el role o aria-hidden si la imagen dice algo; si no, pon alt="".',
            ),
        ),
        check=_check_hidden,
        viewports=_DESKTOP,
    ),
    Rule(
        id="img-logo-unheard",
        axis=Axis.IMG,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.1.1')}, failure F39",
        measures="logos without a text alternative and without words beside them, count",
        texts=bilingual(
            Texts(
                "The logo {file} is marked as decoration",
                "It has no text alternative, and no words stand in the same link or box.",
                "WCAG failure F39: an image that tells something is treated as decoration. A logo tells a name.",
                "Who does not see it is not told whose page it is.",
                "Give it the name that it shows as alt text.",
            ),
            Texts(
                "El logotipo {file} está marcado como decoración",
                "No tiene texto alternativo ni hay palabras en el mismo enlace o caja.",
                "Fallo F39 de WCAG: una imagen que dice algo se trata como decoración. Un logotipo dice un nombre.",
                "Quien no lo ve no sabe de quién es la página.",
                "Ponle como alt el nombre que muestra.",
            ),
        ),
        check=_check_logos,
        viewports=_DESKTOP,
        act_rules=("e88epe",),
    ),
    Rule(
        id="img-spacer",
        axis=Axis.IMG,
        fix_type=FixType.LAYOUT,
        source="HTML Living Standard, 4.8.3: img must not be used to make room",
        measures="images that only make room, count",
        texts=bilingual(
            Texts(
                "The image {file} only makes room",
                "It is one px of a file, or named for it, and drawn {size} large.",
                "HTML: the img element must not be used as a layout tool.",
                "It costs a request, and where its alt text is forgotten it is read out.",
                "Remove it, and set the distance as margin, padding or gap.",
            ),
            Texts(
                "La imagen {file} solo deja espacio",
                "Es un archivo de un px, o se llama así, y se dibuja a {size}.",
                "HTML: img no debe usarse para maquetar.",
                "Cuesta una petición y, si se olvida su alt, se lee en voz alta.",
                "Quítala y pon la distancia como margin, padding o gap.",
            ),
        ),
        check=_check_spacers,
        viewports=_DESKTOP,
    ),
    Rule(
        id="img-background-meaning",
        axis=Axis.IMG,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.1.1')}, failure F3",
        measures="background images named for a meaning that the text beside them does not say, count",
        texts=bilingual(
            Texts(
                "The background image {file} says {text}, and the text does not",
                "The picture is drawn by CSS, so it has no alternative, and its element's words do not hold {text}.",
                "WCAG failure F3: a background image that conveys information has no text alternative.",
                "Who does not see it misses that this is more than plain text.",
                "Say it in words, if need be visually hidden ones, or use an <img> with an alt text.",
            ),
            Texts(
                "La imagen de fondo {file} dice {text}, y el texto no",
                "La dibuja CSS, así que no tiene alternativa, y las palabras de su elemento no contienen {text}.",
                "Fallo F3 de WCAG: una imagen de fondo que informa no tiene texto alternativo.",
                "Quien no la ve no sabe que es más que texto corriente.",
                "Dilo con palabras, ocultas a la vista si hace falta, o usa un <img> con alt.",
            ),
        ),
        check=_check_backgrounds,
        viewports=_DESKTOP,
    ),
    Rule(
        id="mot-animated-image",
        axis=Axis.MOT,
        fix_type=FixType.MOTION,
        source=f"{cited('2.2.2')}, technique G152",
        measures="frames of looping GIF images",
        texts=bilingual(
            Texts(
                "The image {file} moves for ever",
                "It is a GIF of {count} frames that starts by itself, repeats, and cannot be stopped.",
                "WCAG 2.2 success criterion 2.2.2: what moves for more than five seconds can be paused or hidden.",
                "People with attention deficits cannot read beside it; it also costs many times a film's bytes.",
                "Use a <video> with controls, let it end within five seconds, or show a still picture.",
            ),
            Texts(
                "La imagen {file} se mueve sin parar",
                "Es un GIF de {count} fotogramas que empieza solo, se repite y no se puede detener.",
                "Criterio 2.2.2 de WCAG 2.2: lo que se mueve más de cinco segundos se puede pausar u ocultar.",
                "Quien tiene déficit de atención no puede leer al lado; además pesa mucho más que un vídeo.",
                "Usa un <video> con controles, que termine en cinco segundos, o una imagen fija.",
            ),
        ),
        check=_check_moving,
        viewports=_DESKTOP,
        needs=frozenset({Part.NAMES}),
    ),
)
