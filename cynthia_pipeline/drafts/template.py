"""The drafter that needs no one: a one-page site from a template and the idea's own words."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cynthia_pipeline.drafts.drafter import DraftedPage
from cynthia_pipeline.drafts.wording import Action, Wording, wording_of
from cynthia_pipeline.markup import render_page
from cynthia_pipeline.messages import Language
from cynthia_pipeline.text import clip

TEMPLATE: Final = "one-page-1"
"""The template's name and version, as stored with each draft; a change that shows gets a new number."""

PALETTES: Final = 5
"""How many palettes style.css holds, palette-0 and up."""

DESCRIPTION_LENGTH: Final = 155
"""Characters of a description that search engines show before they cut it."""

_TILES: Final = 16


@dataclass(frozen=True, slots=True)
class Texts:
    """What the page's frame says in one language."""

    skip: str
    sections: str
    name: str
    headline: str
    offers: str
    about: str
    contact: str
    your_name: str
    your_email: str
    your_message: str
    to_top: str
    actions: Mapping[Action, str]


_TEXTS: Final[Mapping[Language, Texts]] = {
    Language.ENGLISH: Texts(
        skip="Skip to the content",
        sections="Sections",
        name="A new site",
        headline="A new site is taking shape",
        offers="What you will find",
        about="About",
        contact="Contact",
        your_name="Your name",
        your_email="Your e-mail address",
        your_message="Your message",
        to_top="Back to the top",
        actions={
            Action.BOOK: "Book now",
            Action.BUY: "Order now",
            Action.JOIN: "Join",
            Action.CONTACT: "Get in touch",
        },
    ),
    Language.SPANISH: Texts(
        skip="Saltar al contenido",
        sections="Secciones",
        name="Un sitio nuevo",
        headline="Un sitio nuevo está tomando forma",
        offers="Lo que vas a encontrar",
        about="Sobre nosotros",
        contact="Contacto",
        your_name="Tu nombre",
        your_email="Tu correo electrónico",
        your_message="Tu mensaje",
        to_top="Volver arriba",
        actions={
            Action.BOOK: "Reservar",
            Action.BUY: "Hacer un pedido",
            Action.JOIN: "Apuntarse",
            Action.CONTACT: "Escríbenos",
        },
    ),
}


class TemplateDrafter:
    """Makes a clean, responsive page of one file. The same idea in the same language gives the same page.

    The form is sent to the page's own address: whoever publishes the page connects it.
    """

    def draft(self, idea: str, language: Language) -> DraftedPage:
        """See Drafter."""
        wording = wording_of(idea)
        texts = _TEXTS[language]
        look = hashlib.sha256(wording.name.encode()).digest()
        html = render_page(
            "cynthia_pipeline.drafts",
            f"{TEMPLATE}.html.j2",
            form_action="'self'",
            language=language.value,
            texts=texts,
            wording=wording,
            name=wording.name or texts.name,
            headline=wording.headline or texts.headline,
            description=_description(wording, texts),
            action=texts.actions[wording.action],
            palette=look[0] % PALETTES,
            tiles=_tiles(look[1 : 1 + _TILES]),
        )
        return DraftedPage(html=html, template=TEMPLATE)


def _description(wording: Wording, texts: Texts) -> str:
    told = ". ".join(filter(None, (wording.headline, wording.lead))) or texts.headline
    return clip(told, DESCRIPTION_LENGTH)


def _tiles(look: bytes) -> list[tuple[int, int, int, int]]:
    """Column, row, quarter turn and shade of each tile of the page's motif, four by four."""
    return [(number % 4, number // 4, byte % 4, byte // 4 % 3) for number, byte in enumerate(look)]
