"""Why a fix did not pass, for a reader: the English sentence that the search and the comparison give is the key."""

import re
from collections.abc import Mapping
from typing import Final, assert_never

from cynthia_pipeline.fix_packs.guard import Loss
from cynthia_pipeline.messages import Language

_SPANISH: Final[Mapping[str, str]] = {
    "the finding is still there": "el problema sigue ahí",
    "it undoes another fix": "deshace otra corrección",
    "not proven in time": "no se pudo comprobar a tiempo",
    "it changes the same place as another fix": "cambia el mismo sitio que otra corrección",
    "the visible text differs": "cambia el texto visible",
    Loss.GONE.value: "falta el elemento",
    Loss.INVISIBLE.value: "ya no se ve",
    Loss.HIDDEN.value: "se oculta a las ayudas técnicas",
    Loss.ROLE.value: "pierde o cambia su función",
    Loss.NAME.value: "pierde su nombre",
    Loss.FOCUS.value: "el teclado ya no llega a él",
    Loss.DISABLED.value: "queda desactivado",
    Loss.TEXT.value: "pierde texto",
    Loss.SHRUNK.value: "su texto es más pequeño",
    Loss.FUNCTION.value: "ya no hace lo que hacía",
    "new finding: {}": "problema nuevo: {}",
    "the picture differs elsewhere by {}": "la imagen cambia en otro sitio: {}",
}
_VIEWS: Final[Mapping[str, str]] = {"desktop": "escritorio", "mobile": "móvil"}
_REASON: Final = re.compile(r"(?P<what>.*?)(?: \((?P<view>desktop|mobile)\))?", re.DOTALL)
_FACT: Final = re.compile(r"(?P<before>new finding: |the picture differs elsewhere by )(?P<fact>.+)", re.DOTALL)


def told(reason: str, language: Language) -> str:
    """The reason in this language; one that is not known here stays as it is."""
    match language:
        case Language.ENGLISH:
            return reason
        case Language.SPANISH:
            return _in_spanish(reason)
        case _:
            assert_never(language)


def _in_spanish(reason: str) -> str:
    parts = _REASON.fullmatch(reason)
    what, view = (parts["what"], parts["view"]) if parts is not None else (reason, None)
    fact = _FACT.fullmatch(what)
    sentence = _SPANISH.get(what) if fact is None else _SPANISH[f"{fact['before']}{{}}"].format(fact["fact"])
    if sentence is None:
        return reason
    return sentence if view is None else f"{sentence} ({_VIEWS[view]})"
