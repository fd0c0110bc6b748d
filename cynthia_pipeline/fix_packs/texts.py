"""The words of a pack, in English and Spanish."""

from collections.abc import Mapping
from dataclasses import dataclass

from cynthia_pipeline.fix_packs.ports import FixPackType
from cynthia_pipeline.messages import Language


@dataclass(frozen=True, slots=True)
class PackTexts:
    """What a pack says of itself. {fixed}, {partly}, {left}, {files}, {drafts}, {worded} are counts."""

    titles: Mapping[FixPackType, str]
    description: str
    only_partly: str
    partly: str
    drafts: str
    worded: str
    method: tuple[str, ...]
    no_fixer: str


TEXTS: Mapping[Language, PackTexts] = {
    Language.ENGLISH: PackTexts(
        titles={
            FixPackType.TOKEN: "Colours, sizes and spacing",
            FixPackType.LAYOUT: "Layout",
            FixPackType.COMPONENT: "Names, roles and states",
            FixPackType.MOTION: "Motion",
            FixPackType.CONTENT: "Titles and texts",
        },
        description="Mends {fixed} issues in {files} files; {left} are left. Score {before} → {after}.",
        only_partly=(
            "Mends {partly} issues in part, {mended} of {elements} elements, in {files} files; {left} are left."
            " Score {before} → {after}."
        ),
        partly="{partly} more are mended in part: {mended} of {elements} elements.",
        drafts="{drafts} of them are drafts, to be read before use.",
        worded="{drafts} of them are drafts, to be read before use; {worded} have words of the language model {model}.",
        method=(
            "The patched files were served to a fresh browser page in place of the site's own, at both viewports.",
            "A fix is kept only if its finding is gone by every engine that covers it.",
            "No new finding appeared, and no element lost its role, its name, its text, its size or its focus.",
            "Outside of what was changed, at most 0.2 % of the screenshot differs.",
        ),
        no_fixer="there is no automatic fix for this element",
    ),
    Language.SPANISH: PackTexts(
        titles={
            FixPackType.TOKEN: "Colores, tamaños y espaciado",
            FixPackType.LAYOUT: "Maquetación",
            FixPackType.COMPONENT: "Nombres, funciones y estados",
            FixPackType.MOTION: "Movimiento",
            FixPackType.CONTENT: "Títulos y textos",
        },
        description="Corrige {fixed} problemas en {files} archivos; quedan {left}. Puntuación {before} → {after}.",
        only_partly=(
            "Corrige en parte {partly} problemas, {mended} de {elements} elementos, en {files} archivos; quedan {left}."
            " Puntuación {before} → {after}."
        ),
        partly="Otros {partly} quedan corregidos en parte: {mended} de {elements} elementos.",
        drafts="{drafts} son borradores: léelos antes de usarlos.",
        worded="{drafts} son borradores: léelos antes de usarlos; {worded} tienen palabras del modelo {model}.",
        method=(
            "Los archivos corregidos se sirvieron a una página nueva del navegador, en ambas vistas.",
            "Una corrección solo se mantiene si su problema desaparece según cada motor que lo cubre.",
            "No apareció ningún problema nuevo y ningún elemento perdió función, nombre, texto, tamaño o foco.",
            "Fuera de lo cambiado, difiere como máximo el 0,2 % de la captura.",
        ),
        no_fixer="no hay corrección automática para este elemento",
    ),
}
