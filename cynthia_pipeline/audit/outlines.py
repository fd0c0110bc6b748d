"""Which packs of changes would mend the issues, and how many points each would gain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cynthia_pipeline.audit.report import Axis, FixPackOutline, Issue
from cynthia_pipeline.audit.scoring import Fault, score
from cynthia_pipeline.messages import Language


class Category(StrEnum):
    """The kinds of pack."""

    LAYOUT = "layout"
    TYPOGRAPHY = "typography"
    COLOR = "color"
    SPACING = "spacing"
    MOTION = "motion"
    ACCESSIBILITY = "accessibility"


_CATEGORY: Mapping[Axis, Category] = {
    Axis.CTX: Category.LAYOUT,
    Axis.DYN: Category.MOTION,
    Axis.LFT: Category.LAYOUT,
    Axis.TYP: Category.TYPOGRAPHY,
    Axis.CLR: Category.COLOR,
    Axis.GRD: Category.LAYOUT,
    Axis.SPC: Category.SPACING,
    Axis.IMG: Category.LAYOUT,
    Axis.MOT: Category.MOTION,
    Axis.ACC: Category.ACCESSIBILITY,
    Axis.RSP: Category.LAYOUT,
    Axis.TRD: Category.LAYOUT,
    Axis.EMO: Category.COLOR,
}


@dataclass(frozen=True, slots=True)
class _Words:
    name: str
    description: str


_WORDS: Mapping[Language, Mapping[Category, _Words]] = {
    Language.ENGLISH: {
        Category.LAYOUT: _Words("Layout", "Makes every screen width work without sideways scrolling."),
        Category.TYPOGRAPHY: _Words("Typography", "Sets sizes, line heights and line lengths that read easily."),
        Category.COLOR: _Words("Colour", "Moves colours by the smallest step that reaches the required contrast."),
        Category.SPACING: _Words("Spacing", "Brings distances onto one scale."),
        Category.MOTION: _Words("Motion", "Calms movement and shifts while the page loads."),
        Category.ACCESSIBILITY: _Words("Accessibility", "Gives names, roles and sizes that everyone can use."),
    },
    Language.SPANISH: {
        Category.LAYOUT: _Words("Maquetación", "Hace que todo ancho de pantalla funcione sin desplazamiento lateral."),
        Category.TYPOGRAPHY: _Words("Tipografía", "Fija tamaños, interlineados y largos de línea fáciles de leer."),
        Category.COLOR: _Words("Color", "Mueve los colores lo mínimo para alcanzar el contraste exigido."),
        Category.SPACING: _Words("Espaciado", "Lleva las distancias a una sola escala."),
        Category.MOTION: _Words("Movimiento", "Calma el movimiento y los saltos mientras la página carga."),
        Category.ACCESSIBILITY: _Words("Accesibilidad", "Da nombres, roles y tamaños que todos pueden usar."),
    },
}


def outlines(
    issues: Sequence[Issue], faults: Mapping[str, Fault], judged: Sequence[Axis], language: Language
) -> tuple[FixPackOutline, ...]:
    """One outline for each category that has issues; its impact is the gain in overall points."""
    now = score(faults.values(), judged).overall or 0
    found = []
    for category in Category:
        ids = tuple(issue.id for issue in issues if _CATEGORY[issue.axis] is category)
        if not ids:
            continue
        mended = score((fault for key, fault in faults.items() if key not in ids), judged).overall or 0
        words = _WORDS[language][category]
        found.append(
            FixPackOutline(
                id=f"pack-{category}",
                name=words.name,
                description=words.description,
                category=category.value,
                issues=ids,
                estimated_impact=mended - now,
            )
        )
    return tuple(found)
