"""What of a page could not be measured whole, and how the report says so.

A cut is a code with its figures; the sentence is made in the report's language. Whoever cuts something short
adds a code here with both sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cynthia_pipeline.messages import Language


class CutCode(StrEnum):
    """Why something was left out."""

    TOO_MANY_ELEMENTS = "too_many_elements"
    PAGE_TOO_TALL = "page_too_tall"
    FRAMES_NOT_MEASURED = "frames_not_measured"
    STILL_LOADING = "still_loading"
    TRANSFER_CAPPED = "transfer_capped"
    STILL_CHANGING = "still_changing"
    SCRIPTS_STOPPED = "scripts_stopped"


@dataclass(frozen=True, slots=True)
class Cut:
    """One thing that was left out, with the figures its sentence names."""

    code: CutCode
    facts: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, language: Language) -> str:
        """What the report says about it."""
        return _SENTENCES[language][self.code].format_map(self.facts)


_SENTENCES: Mapping[Language, Mapping[CutCode, str]] = {
    Language.ENGLISH: {
        CutCode.TOO_MANY_ELEMENTS: "The first {measured} of {total} elements were measured.",
        CutCode.PAGE_TOO_TALL: "The screenshot shows the first {shown} px of {total} px of the page's height.",
        CutCode.FRAMES_NOT_MEASURED: "{count} embedded frames could not be looked into.",
        CutCode.STILL_LOADING: "The page was still loading after {seconds} s and was measured as it stood.",
        CutCode.TRANSFER_CAPPED: "The page transferred more than {limit_mb} MB; the rest was not loaded.",
        CutCode.STILL_CHANGING: "The page was still changing {seconds} s after loading and was measured as it stood.",
        CutCode.SCRIPTS_STOPPED: "The page's scripts kept it from answering and were stopped.",
    },
    Language.SPANISH: {
        CutCode.TOO_MANY_ELEMENTS: "Se midieron los primeros {measured} de {total} elementos.",
        CutCode.PAGE_TOO_TALL: "La captura muestra los primeros {shown} px de los {total} px de alto de la página.",
        CutCode.FRAMES_NOT_MEASURED: "No se pudieron examinar {count} marcos incrustados.",
        CutCode.STILL_LOADING: "La página seguía cargando tras {seconds} s y se midió tal como estaba.",
        CutCode.TRANSFER_CAPPED: "La página transfirió más de {limit_mb} MB; el resto no se cargó.",
        CutCode.STILL_CHANGING: "La página seguía cambiando {seconds} s tras cargarse y se midió tal como estaba.",
        CutCode.SCRIPTS_STOPPED: "Los programas de la página le impedían responder y se detuvieron.",
    },
}
