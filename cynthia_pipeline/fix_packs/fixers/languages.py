"""The language of a page by its commonest words: a draft, for a person to look at."""

import re
from collections.abc import Mapping
from typing import Final

_COMMON: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset("the and of to in is you that for with are this have be on your our we or from".split()),  # noqa: SIM905 -- a list of words reads as one
    "es": frozenset("el la de que los del se las por un para con una su más como pero sus lo nuestra".split()),  # noqa: SIM905 -- a list of words reads as one
    "fr": frozenset("le la les des et est une du dans pour que qui sur pas avec vous nous au plus ce".split()),  # noqa: SIM905 -- a list of words reads as one
    "de": frozenset("der die das und ist nicht ein eine mit für auf den von zu sie wir sich dem des im".split()),  # noqa: SIM905 -- a list of words reads as one
    "pt": frozenset("o os que de do da em um uma para com não por mais as dos como mas nossa são você".split()),  # noqa: SIM905 -- a list of words reads as one
    "it": frozenset("il di che la e per un una in del della sono con non gli dei le più alla nostro".split()),  # noqa: SIM905 -- a list of words reads as one
}
_LEAST: Final = 3
"""Common words that must be met before any language is named."""


def language_of(text: str) -> str | None:
    """The code of the language whose commonest words are clearly the most frequent in `text`; None if none is."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = sorted(((sum(word in common for word in words), code) for code, common in _COMMON.items()), reverse=True)
    (most, best), (second, _) = counts[0], counts[1]
    return best if most >= _LEAST and most > 1.3 * second else None
