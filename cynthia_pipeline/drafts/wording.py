"""What a page says, taken from an idea's own words. Nothing is made up: what the idea does not say, the page lacks."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cynthia_pipeline.text import REPLACEMENT, clip, neutralise, one_line

READ_AT_MOST: Final = 4_000
"""Characters of an idea that are read; a page of more words than this is no longer a draft."""

NAME_LENGTH: Final = 40
HEADLINE_LENGTH: Final = 90
SENTENCE_LENGTH: Final = 400
OFFER_LENGTH: Final = 60
MOST_OFFERS: Final = 6
MOST_SENTENCES: Final = 8
_NAME_WORDS: Final = 4


class Action(StrEnum):
    """What the page asks its visitor to do."""

    BOOK = "book"
    BUY = "buy"
    JOIN = "join"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a page.

    Attributes:
        name: what the site is called; empty if the idea has no words for it.
        headline: what it is, in a line; empty if the idea says nothing.
        lead: the sentence after it, or empty.
        offers: what the idea lists.
        about: the sentences that are left.
        action: what the visitor is asked to do.
    """

    name: str
    headline: str
    lead: str
    offers: tuple[str, ...]
    about: tuple[str, ...]
    action: Action


_BULLET: Final = re.compile(r"^\s*(?:[-*•–—·]|\d{1,2}[.)])\s+")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…\u3002\uff01\uff1f\u061f])\s+")  # also full-width and Arabic marks
_QUOTED: Final = re.compile(r"[\"“«„']([^\"“”«»„'\n]{2,40})[\"”»“'](?!\w)")
_NAMED: Final = re.compile(
    r"\b(?:called|named|llamad[oa]|se llama|de nombre)\s+((?:[^\W\d_a-z][\w&’'-]*\s?){1,4})"  # capitalised words
)
_LEAD_IN: Final = re.compile(
    r"""^(?:(?:
        (?:i|we)(?:['’]d\s+like|\s+would\s+like|\s+want|\s+need)(?:\s+to\s+(?:build|make|create|have|launch|start|open))?
        |(?:please\s+)?(?:build|make|create|design)(?:\s+(?:me|us))?
        |quiero|queremos|necesito|necesitamos|me\s+gustaría|nos\s+gustaría|haz(?:me)?|crea(?:me)?
      )(?:\s+(?:crear|hacer|tener|montar|abrir|lanzar))?\s+)?
      (?:(?:an?|the|my|our|un|una|el|la|mi|nuestro|nuestra)\s+)?
      (?:(?:simple|new|small|nuevo|nueva|sencillo|sencilla)\s+)?
      (?:(?:web\s?site|site|web\s?page|landing\s+page|page|sitio\s+web|sitio|página\s+web|página|web)
         \s+(?:for|about|of|to\s+sell|para|sobre|de)\s+)?
      (?:(?:an?|the|my|our|un|una|el|la|mi|nuestro|nuestra)\s+)?""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME_ENDS: Final = frozenset(
    {"and", "at", "for", "from", "in", "near", "on", "selling", "that", "to", "where", "which", "with", "who"}
    | {"al", "con", "desde", "donde", "en", "para", "por", "que", "y"}
)
_HEADLINE_ENDS: Final = re.compile(r"[,;:،]\s|\s(?:called|named|llamad[oa])\s|\s[-\u2013\u2014]\s")
_LISTED: Final = re.compile(
    r"\b(?:with|offer(?:s|ing)?|sell(?:s|ing)?|including|such as|con|ofrec\w+|vend\w+|incluy\w+|como)\b:?\s+(.+)",
    re.IGNORECASE,
)
_COMMA: Final = re.compile(r"\s*[,;،、]\s*(?:and\s+|y\s+|e\s+)?|\s+(?:and|y|&)\s+", re.IGNORECASE)

# The beginnings of words that show what a visitor comes for, in the order in which they decide.
_SIGNS: Final[Mapping[Action, tuple[str, ...]]] = {
    Action.BOOK: ("booking", "book a", "reserv", "appointment", "restaurant", "hotel", "salon", "cita", "peluquer"),
    Action.BUY: ("shop", "store", "sell", "buy", "order", "tienda", "vend", "compr", "pedido"),
    Action.JOIN: ("sign up", "subscri", "newsletter", "communit", "club", "course", "suscri", "comunidad", "curso"),
}


def wording_of(idea: str) -> Wording:
    """The words of a page for `idea`. The same idea gives the same words."""
    text = neutralise(idea[:READ_AT_MOST])
    sentences, bullets = _sentences_and_bullets(text)
    opening = _without_lead_in(sentences[0]) if sentences else ""
    headline = clip(_brief(opening), HEADLINE_LENGTH)
    offers = bullets or next(filter(None, map(_listed, sentences)), [])
    said = headline == opening or any(offer in opening for offer in offers)
    rest = [clip(sentence, SENTENCE_LENGTH) for sentence in sentences[1 if said else 0 :]][:MOST_SENTENCES]
    return Wording(
        name=_name(text, headline),
        headline=headline,
        lead=rest[0] if rest else "",
        offers=tuple(dict.fromkeys(_capitalised(clip(offer, OFFER_LENGTH)) for offer in offers))[:MOST_OFFERS],
        about=tuple(rest[1:]),
        action=_action(text),
    )


def _action(text: str) -> Action:
    return next(
        (action for action, signs in _SIGNS.items() if re.search(rf"\b(?:{'|'.join(signs)})", text, re.IGNORECASE)),
        Action.CONTACT,
    )


def _sentences_and_bullets(text: str) -> tuple[list[str], list[str]]:
    sentences: list[str] = []
    bullets: list[str] = []
    for line in text.split("\n"):
        if item := _BULLET.match(line):
            bullets.append(one_line(line[item.end() :]).rstrip(".;,"))
        else:
            sentences += _SENTENCE_END.split(one_line(line))
    return [sentence for sentence in sentences if _says_something(sentence)], list(filter(_says_something, bullets))


def _says_something(text: str) -> bool:
    """Whether there is a letter, a digit or a symbol (an emoji is one) among the punctuation and the space."""
    return any(unicodedata.category(character)[0] in "LNS" for character in text if character != REPLACEMENT)


def _without_lead_in(sentence: str) -> str:
    told = _LEAD_IN.sub("", sentence, count=1)
    return _capitalised(told if _says_something(told) else sentence).rstrip(".\u3002")


def _brief(opening: str) -> str:
    """The opening up to where its details begin."""
    head = _HEADLINE_ENDS.split(opening, maxsplit=1)[0]
    return head if _says_something(head) else opening


def _name(text: str, headline: str) -> str:
    given = _QUOTED.search(text) or _NAMED.search(text)
    if given and _says_something(given[1]):
        return clip(one_line(given[1]), NAME_LENGTH)
    words = _before_first(_NAME_ENDS, re.split(r"[,;:.!?()\u2013\u2014]", headline, maxsplit=1)[0].split())
    name = " ".join(words[:_NAME_WORDS])
    return clip(name, NAME_LENGTH) if any(map(str.isalnum, name)) else ""


def _before_first(stops: frozenset[str], words: Sequence[str]) -> list[str]:
    taken: list[str] = []
    for word in words:
        if taken and word.lower() in stops:
            break
        taken.append(word)
    return taken


def _listed(sentence: str) -> list[str]:
    """The items of the list that a sentence holds; none if it holds no list."""
    introduced = _LISTED.search(sentence)
    items = _COMMA.split((introduced[1] if introduced else sentence).rstrip(".!?"))
    told = [item for item in map(str.strip, items) if _says_something(item)]
    enough = 2 if introduced else 4
    short = all(len(item) <= OFFER_LENGTH for item in told)
    return told if len(told) >= enough and short else []


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
