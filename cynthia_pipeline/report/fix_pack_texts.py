"""The words of a pack's page, in English and Spanish."""

from collections.abc import Mapping
from dataclasses import dataclass

from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.messages import Language


@dataclass(frozen=True, slots=True)
class FixPackTexts:
    """Everything the page says in one language."""

    kind: str
    before: str
    after: str
    score: str
    pictures: str
    fixed: str
    partly: str
    elements: str
    not_fixed: str
    changes: str
    verified: str
    engines: str
    worded_by: str
    states: Mapping[FixState, str]


FIX_PACK_TEXTS: Mapping[Language, FixPackTexts] = {
    Language.ENGLISH: FixPackTexts(
        kind="Fix pack",
        before="Before",
        after="After",
        score="Score",
        pictures="Before and after",
        fixed="Fixed",
        partly="Fixed in part",
        elements="elements",
        not_fixed="Not fixed",
        changes="Every change",
        verified="How it was verified",
        engines="gone by",
        worded_by="worded by the language model",
        states={FixState.SOUND: "sound", FixState.DRAFT: "draft, to be read"},
    ),
    Language.SPANISH: FixPackTexts(
        kind="Paquete de correcciones",
        before="Antes",
        after="Después",
        score="Puntuación",
        pictures="Antes y después",
        fixed="Corregido",
        partly="Corregido en parte",
        elements="elementos",
        not_fixed="Sin corregir",
        changes="Todos los cambios",
        verified="Cómo se comprobó",
        engines="comprobado por",
        worded_by="redactado por el modelo de lenguaje",
        states={FixState.SOUND: "segura", FixState.DRAFT: "borrador, por revisar"},
    ),
}
