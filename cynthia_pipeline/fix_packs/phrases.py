"""What a way to mend says of itself, in the languages of the reports. Code, such as an attribute, is said as it is."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Final

from cynthia_pipeline.messages import Language


class Phrase(StrEnum):
    """One phrase; the names in braces are filled in."""

    ALL_NAMED = auto()
    AT_LEAST = auto()
    BY_OWN_ROLE = auto()
    CAPTION_ALONE = auto()
    DEFINED = auto()
    DESCRIPTION = auto()
    FIRST_ROW_HEADS = auto()
    FOCUS_LIKE_HOVER = auto()
    HEADING = auto()
    HEARD_AGAIN = auto()
    ITEMS_IN_LIST = auto()
    ITS_OWN_STATE = auto()
    LESS_MOTION = auto()
    LINKS_IN_LIST = auto()
    LINKS_SHEET = auto()
    LONG_WORDS = auto()
    NO_EMPTY_PARAGRAPH = auto()
    NO_REFRESH = auto()
    NO_TURN = auto()
    OTHER_ITEMS = auto()
    OWN_ID = auto()
    PAGE_HEARD = auto()
    PLAYS_WHEN_ASKED = auto()
    RING = auto()
    ROLE_WITHIN = auto()
    SAYS_FILE = auto()
    SAYS_NEW_TAB = auto()
    SCOPES = auto()
    SHEET_ADDED = auto()
    SIZE_OF_FILE = auto()
    SKIP_LINK = auto()
    SKIP_TARGET = auto()
    STANDS_STILL = auto()
    TERMS_IN_LIST = auto()
    UNDERLINED = auto()
    WORDS_ALONE = auto()


_SAID: Final[Mapping[Phrase, tuple[str, str]]] = {
    Phrase.ALL_NAMED: ("each landmark has a name", "cada región tiene un nombre"),
    Phrase.AT_LEAST: ("at least {size} × {size} px", "al menos {size} × {size} px"),
    Phrase.BY_OWN_ROLE: ("<{tag}> by its own role", "<{tag}> con su propia función"),
    Phrase.CAPTION_ALONE: ("the caption alone", "solo el título de la tabla"),
    Phrase.DEFINED: (
        "everything in the <dl> is a term or a definition",
        "todo lo que hay en el <dl> es un término o una definición",
    ),
    Phrase.DESCRIPTION: ("description: {text}", "descripción: {text}"),
    Phrase.FIRST_ROW_HEADS: (
        "the first row is the table's head",
        "la primera fila es el encabezado de la tabla",
    ),
    Phrase.FOCUS_LIKE_HOVER: (
        "what the pointer shows, the focus shows too",
        "lo que muestra el puntero lo muestra también el foco",
    ),
    Phrase.HEADING: ("heading of level {level}: “{text}”", "título de nivel {level}: «{text}»"),
    Phrase.HEARD_AGAIN: ("no longer hidden from the ear", "ya no se oculta al oído"),
    Phrase.ITEMS_IN_LIST: ("the items are in a <ul>", "los elementos están en un <ul>"),
    Phrase.ITS_OWN_STATE: ("its own state, not aria-checked", "su propio estado, no aria-checked"),
    Phrase.LESS_MOTION: (
        "rests when less motion is wished for",
        "se queda quieto si se prefiere menos movimiento",
    ),
    Phrase.LINKS_IN_LIST: ("the links in a row are a list", "los enlaces seguidos forman una lista"),
    Phrase.LINKS_SHEET: ("links the stylesheet with the changes", "enlaza la hoja de estilo con los cambios"),
    Phrase.LONG_WORDS: ("lets long words wrap", "deja partir las palabras largas"),
    Phrase.NO_EMPTY_PARAGRAPH: (
        "room is made by a margin, not by a paragraph",
        "el espacio lo hace un margen, no un párrafo",
    ),
    Phrase.NO_REFRESH: ("no refresh by itself", "ya no se recarga sola"),
    Phrase.NO_TURN: ("the page is no longer turned", "la página ya no se gira"),
    Phrase.OTHER_ITEMS: (
        "what stood between the items is an item",
        "lo que estaba entre los elementos es un elemento",
    ),
    Phrase.OWN_ID: ("an id of its own: {id}", "un id propio: {id}"),
    Phrase.PAGE_HEARD: ("the page is no longer hidden", "la página ya no está oculta"),
    Phrase.PLAYS_WHEN_ASKED: ("plays when asked to", "suena cuando se le pide"),
    Phrase.RING: ("a ring around what has the focus", "un contorno en lo que tiene el foco"),
    Phrase.ROLE_WITHIN: ('role="{role}" within', 'role="{role}" dentro'),
    Phrase.SAYS_FILE: ("says that it leads to a file: {file}", "dice que lleva a un archivo: {file}"),
    Phrase.SAYS_NEW_TAB: ("says that it opens in a new tab", "dice que se abre en otra pestaña"),
    Phrase.SCOPES: ("each header cell says what it heads", "cada encabezado dice de qué lo es"),
    Phrase.SHEET_ADDED: ("added", "añadido"),
    Phrase.SIZE_OF_FILE: ("width and height of the file", "ancho y alto del archivo"),
    Phrase.SKIP_LINK: (
        "a link to the content, seen with the focus: “{text}”",
        "un enlace al contenido, visible con el foco: «{text}»",
    ),
    Phrase.SKIP_TARGET: ("the skip link leads to #{id}", "el enlace de salto lleva a #{id}"),
    Phrase.STANDS_STILL: ("the text stands still", "el texto está quieto"),
    Phrase.TERMS_IN_LIST: ("the terms are in a <dl>", "los términos están en un <dl>"),
    Phrase.UNDERLINED: ("underlined", "subrayado"),
    Phrase.WORDS_ALONE: ("the words alone, without a title", "solo las palabras, sin title"),
}
"""English and Spanish."""

_PLACES: Final[Mapping[Language, int]] = {Language.ENGLISH: 0, Language.SPANISH: 1}


def said(phrase: Phrase, language: Language, **facts: object) -> str:
    """The phrase in this language, with the facts that it names filled in.

    Raises:
        KeyError: a fact that it names is not given.
    """
    return _SAID[phrase][_PLACES[language]].format(**facts)
