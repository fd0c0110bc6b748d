"""The exact changes that findings carry as text: CSS declarations with where they apply, or markup."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from cynthia_pipeline.text import ELLIPSIS

Declarations: TypeAlias = tuple[tuple[str, str], ...]
"""Property and value, in the order of the style sheet."""

WIDE: Final = "(min-width: 768px)"
NARROW: Final = "(max-width: 767.98px)"
"""Where CSS tells a phone from a desktop: what was seen in one view alone is changed there alone. 768 px is the usual
boundary (RSP measures at it)."""

_STYLE = re.compile(r"(?P<pseudo>::?[a-z-]+)?\s*(?:\{(?P<block>[^{}]*)\}|(?P<plain>[^{}@<>]*))")
_MEDIA = re.compile(r"@media (?P<condition>[^{}]+?) \{ [^{}]+?(?P<pseudo>::[a-z-]+)? \{ (?P<block>[^{}]*?) \} \}")
_DECLARATION = re.compile(r"(?P<name>-{0,2}[a-z][a-z-]*)\s*:\s*(?P<value>[^;:{}<>]+)")
_MARKUP = re.compile(r'<[a-z!][^\n]*>|[a-z-]+="[^"]*"|>[^<>]*</[a-z0-9]+>', re.IGNORECASE)
_TO_BE_WRITTEN: Final = (f'="{ELLIPSIS}"', f">{ELLIPSIS}<")
"""Where a person still has to find the words."""


@dataclass(frozen=True, slots=True)
class Style:
    """Declarations as a finding gives them.

    Attributes:
        pseudo: appended to the element's selector, which is not part of it: "::placeholder", ":focus-visible".
        condition: of the @media block around them; empty for none.
    """

    declarations: Declarations
    pseudo: str = ""
    condition: str = ""


@lru_cache(maxsize=1024)  # the elements of one fault say the same, by the hundred
def style_in(text: str) -> Style | None:
    """The declarations of a finding's `before` or `after`; None if it is anything else."""
    media = _MEDIA.fullmatch(text.strip())
    if media is not None:
        found = _declarations(media["block"])
        return None if found is None else Style(found, media["pseudo"] or "", media["condition"])
    plain = _STYLE.fullmatch(text.strip())
    if plain is None:
        return None
    found = _declarations(plain["plain"] if plain["block"] is None else plain["block"])
    return None if found is None else Style(found, pseudo=plain["pseudo"] or "")


def is_markup(text: str) -> bool:
    """Whether it is HTML, or one attribute of an element, with nothing left for a person to write."""
    return _MARKUP.fullmatch(text.strip()) is not None and not any(gap in text for gap in _TO_BE_WRITTEN)


def _declarations(block: str) -> Declarations | None:
    """None unless every part is a declaration, and there is one."""
    parts = [part.strip() for part in block.split(";") if part.strip()]
    matches = [_DECLARATION.fullmatch(part) for part in parts]
    found = tuple((match["name"], match["value"].strip()) for match in matches if match is not None)
    return found if found and len(found) == len(parts) else None
