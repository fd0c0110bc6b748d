"""Words of a pack's own that it adds to a page: few, and in the page's language or not at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cynthia_pipeline.audit.languages import contradicts, likely
from cynthia_pipeline.fix_packs.page import FixablePage


@dataclass(frozen=True, slots=True)
class PageWords:
    """What is said in one language.

    Attributes:
        skip: a link past what every page repeats.
        new_tab: that a link opens in one.
    """

    skip: str
    new_tab: str


_WORDS: Final[Mapping[str, PageWords]] = {
    "en": PageWords("Skip to content", "opens in a new tab"),
    "es": PageWords("Saltar al contenido", "se abre en otra pestaña"),
}
"""The languages in which the audit knows such words when it meets them."""


def words_for(page: FixablePage) -> PageWords | None:
    """The words in the page's language, as it says and as its text bears out; None where there are none."""
    declared = page.html.root.attributes.get("lang", "").strip().lower()
    text = " ".join(page.probe.desktop.text.split())
    if not declared:
        declared = likely(text) or ""
    elif contradicts(declared, text) is not None:
        return None
    return _WORDS.get(re.split("[-_]", declared)[0])
