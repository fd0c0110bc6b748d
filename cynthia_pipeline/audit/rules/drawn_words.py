"""Words that are the whole of a picture: WCAG 2.2 SC 1.4.5, as far as a vector file tells. Pixels are not read."""

import re

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.content import ImageFacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_WORD = re.compile(r"[^\W\d_]{2}")

_LEAST_WORDS = 2
"""One alone is a brand's name, or a letter in a circle, more often than not."""

_BRAND = re.compile(r"\b(logo|logotype|logotipo|wordmark|brand|marca)\b", re.IGNORECASE)
"""A logotype keeps its letters: SC 1.4.5 takes it for essential."""

_NAMED_IN = ("alt", "aria-label", "title")
_AROUND = 2


def _check(view: ViewportArtifacts) -> Verdict:
    drawings = [image for image in view.content.images if image.format == "svg"]
    findings = tuple(
        Finding(Severity.MINOR, image.words, {"words": image.words[:80]}, view.elements[image.element])
        for image in drawings
        if sum(_WORD.search(word) is not None for word in image.words.split()) >= _LEAST_WORDS
        and not _is_brand(view, image)
    )
    return Verdict(len(drawings), findings)


def _is_brand(view: ViewportArtifacts, image: ImageFacts) -> bool:
    element = view.elements[image.element]
    file = "" if image.source.startswith("data:") else image.source.rpartition("/")[2]
    around = (element, *view.ancestors(element)[:_AROUND])
    said = (file, *(one.id for one in around), *(one.attributes.get(key, "") for one in around for key in _NAMED_IN))
    # In the link to the start page stands whose site it is.
    return bool(_BRAND.search(" ".join(said).replace("_", " "))) or any(
        one.attributes.get("href") == "/" for one in around
    )


RULES = (
    Rule(
        id="img-words-drawn",
        axis=Axis.IMG,
        fix_type=FixType.CONTENT,
        source=cited("1.4.5"),
        measures="SVG files in img that show nothing but two words or more, count",
        texts=bilingual(
            Texts(
                "“{words}” is a picture of words",
                "The SVG in this <img> draws nothing but text.",
                "WCAG 2.2 success criterion 1.4.5, Images of Text: words are text wherever the design can be had so.",
                "Nobody can set other letters, colours or spacing, select the words or have them translated.",
                "Write the words into the page and style them with CSS, or put the SVG itself into the page.",
            ),
            Texts(
                "«{words}» es una imagen de palabras",
                "El SVG de este <img> no dibuja más que texto.",
                "Criterio 1.4.5 de WCAG 2.2, Imágenes de texto: las palabras son texto si el diseño lo permite.",
                "Nadie puede cambiar letra, color o espaciado, seleccionar las palabras ni hacerlas traducir.",
                "Escribe las palabras en la página y dales estilo con CSS, o pon el propio SVG en la página.",
            ),
        ),
        check=_check,
        viewports=(Viewport.DESKTOP,),
        act_rules=("0va7u6",),
        needs=frozenset({Part.NAMES}),
    ),
)
