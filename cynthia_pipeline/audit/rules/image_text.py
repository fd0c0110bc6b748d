"""Text alternatives of images: missing, or of no use to those who hear them."""

import re
from urllib.parse import unquote

from cynthia_pipeline.audit.artifacts import Element, Flag, Part, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_FILE_NAME = re.compile(
    r"\S+\.(jpe?g|png|gif|webp|avif|svg|bmp|tiff?|heic)|(img|dsc|dscn|dscf|pxl|image)[-_ ]?\d{2,}"
    r"|(?=[a-f]*\d)[\da-f]{16,}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}",
    re.IGNORECASE,
)
"""A file's name: with its ending, as a camera counts, or a checksum or UUID that a store of files gave it."""

_PLACEHOLDER = re.compile(
    r"(an? )?(image|img|picture|pic|photo|photograph|graphic|icon|spacer|placeholder|untitled)|alt|alt text|null"
    r"|undefined|click( here)?|button|submit button|press( here)?"
    r"|bot[oó]n|clic( aquí)?|pulsa( aquí)?"
    r"|(una? )?(imagen|foto|fotografía|gráfico|icono|ícono|sin título|texto alternativo)",
    re.IGNORECASE,
)


def _images(view: ViewportArtifacts) -> list[Element]:
    return [
        element
        for element in view.visible
        if element.tag == "img"
        and Flag.HIDDEN_FROM_AT not in element.flags
        and element.attributes.get("role") not in ("presentation", "none")
    ]


def _image_buttons(view: ViewportArtifacts) -> list[Element]:
    inputs = (element for element in view.visible if element.tag == "input")
    return [element for element in inputs if element.attributes.get("type", "").lower() == "image"]


def _alternative(image: Element) -> str:
    """aria-label goes before alt in the computation of names."""
    return image.attributes.get("aria-label") or image.attributes.get("alt", "")


def _source(element: Element) -> str:
    return _file_of(element.attributes.get("src", ""))[:60]


def _file_of(address: str) -> str:
    return re.split("[?#]", address, maxsplit=1)[0].rpartition("/")[2]


def _names_what_is_offered(view: ViewportArtifacts, image: Element, name: str) -> bool:
    """In a link to the very file, its name says what the link offers."""
    links = (element.attributes.get("href", "") for element in view.ancestors(image) if element.tag == "a")
    return any(unquote(_file_of(address)).casefold() == name.casefold() for address in links)


def _check_missing(view: ViewportArtifacts) -> Verdict:
    # What has a name by ARIA or a title, and what axe lets pass for other reasons, is axe's to know.
    result = view.axe.get("image-alt")
    if result is None:
        return Verdict(0)
    images = _images(view)
    blamed = {node.element for node in result.violations}
    return Verdict(
        len(images),
        tuple(
            Finding(
                Severity.CRITICAL,
                "missing",
                {"file": _source(element) or "–"},
                element,
                before=f'<img src="…{_source(element)}">',
                after=f'<img src="…{_source(element)}" alt="…">',
            )
            for element in images
            if element.index in blamed
        ),
    )


def _check_useless(view: ViewportArtifacts) -> Verdict:
    images = [image for image in (*_images(view), *_image_buttons(view)) if _alternative(image).strip()]
    findings = []
    for image in images:
        alt = " ".join(_alternative(image).split())
        cause = "file name" if _FILE_NAME.fullmatch(alt) else "placeholder" if _PLACEHOLDER.fullmatch(alt) else None
        if cause and not _names_what_is_offered(view, image, alt):
            before = f'{"aria-label" if image.attributes.get("aria-label") else "alt"}="{alt}"'
            findings.append(Finding(Severity.MAJOR, cause, {"text": f"“{alt}”"}, image, before=before, after='alt="…"'))
    return Verdict(len(images), tuple(findings))


def _check_repeated(view: ViewportArtifacts) -> Verdict:
    images = [image for image in _images(view) if image.attributes.get("alt", "").strip()]
    findings = []
    for image in images:
        alt = " ".join(image.attributes["alt"].split())
        figure = next((element for element in view.ancestors(image) if element.tag == "figure"), None)
        if figure is None:
            continue
        captions = [element for element in view.descendants(figure) if element.tag == "figcaption"]
        if any(" ".join(caption.text.split()).casefold() == alt.casefold() for caption in captions):
            facts = {"text": f"“{alt}”"}
            findings.append(Finding(Severity.MINOR, alt, facts, image, before=f'alt="{alt}"', after='alt="…"'))
    return Verdict(len(images), tuple(findings))


RULES = (
    Rule(
        id="img-alt-missing",
        axis=Axis.IMG,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.1.1')}; axe-core image-alt",
        measures="images without a text alternative, count",
        texts=bilingual(
            Texts(
                "Image without a text alternative",
                "The image {file} has no alt attribute and no other name.",
                "WCAG 2.2 success criterion 1.1.1, Non-text Content, asks for a text that serves the same purpose.",
                "Screen readers read out the file name or skip the image; who cannot see it misses what it tells.",
                'Add an alt text that says what the image tells here; alt="" if it is decoration.',
            ),
            Texts(
                "Imagen sin texto alternativo",
                "La imagen {file} no tiene atributo alt ni otro nombre.",
                "El criterio 1.1.1 de WCAG 2.2, Contenido no textual, pide un texto que cumpla la misma función.",
                "El lector de pantalla lee el nombre del archivo o se la salta; quien no la ve se lo pierde.",
                'Añade un alt que diga lo que la imagen cuenta aquí; alt="" si es decoración.',
            ),
        ),
        check=_check_missing,
        absorbs=("image-alt",),
        needs=frozenset({Part.AXE}),
    ),
    Rule(
        id="img-alt-useless",
        axis=Axis.IMG,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.1.1')}, failure F30",
        measures="text alternatives that are a file name or a placeholder, count",
        texts=bilingual(
            Texts(
                "The alt text says {text} and nothing of the image",
                "The image's text alternative is {text}.",
                "WCAG failure F30: a file name or a placeholder is no alternative for what the image shows.",
                "Screen reader users hear that there is an image, and not what is on it.",
                'Say in a few words what the image tells here; alt="" if it is decoration.',
            ),
            Texts(
                "El alt dice {text} y nada de la imagen",
                "El texto alternativo de la imagen es {text}.",
                "Fallo F30 de WCAG: un nombre de archivo o un texto de relleno no sustituye lo que muestra la imagen.",
                "Quien usa lector de pantalla oye que hay una imagen, pero no qué hay en ella.",
                'Di en pocas palabras lo que la imagen cuenta aquí; alt="" si es decoración.',
            ),
        ),
        check=_check_useless,
        act_rules=("9eb3f6", "qt1vmo"),
    ),
    Rule(
        id="img-alt-repeated",
        axis=Axis.IMG,
        fix_type=FixType.CONTENT,
        source="HTML Living Standard, 4.8.4.4: alternatives must not repeat the caption",
        measures="text alternatives equal to the figure's caption, count",
        texts=bilingual(
            Texts(
                "The alt text repeats the caption",
                "The image's text alternative and its caption are both {text}.",
                "The alternative stands in for the picture; the caption is read out anyway.",
                "Screen reader users hear the same words twice and learn nothing of the picture.",
                "Describe in the alt text what the picture shows, and leave the caption as it is.",
            ),
            Texts(
                "El alt repite el pie de foto",
                "El texto alternativo y el pie de la imagen son ambos {text}.",
                "El alternativo sustituye a la imagen; el pie se lee de todos modos.",
                "Quien usa lector de pantalla oye dos veces lo mismo y no sabe qué se ve.",
                "Describe en el alt lo que se ve en la imagen y deja el pie como está.",
            ),
        ),
        check=_check_repeated,
    ),
)
