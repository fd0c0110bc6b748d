"""The words of the report's own frame, in English and Spanish.

What the findings say is written by the engine, in the report's language. A field that one language lacks is a
type error, so neither can fall behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from cynthia_pipeline.audit.report import Axis, FixType, RuleOutcome, Severity
from cynthia_pipeline.messages import Language


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything the frame says in one language. Pairs are (one, many), with {n} for the number."""

    language: Language
    skip_to_content: str
    page_audit: str
    draft_audit: str
    draft_note: str
    idea: str
    audited: str
    contents: str
    score: str
    out_of_100: str
    no_score: str
    no_score_why: str
    based_on_axes: str
    verdict_good: str
    verdict_good_but: str
    verdict_fair: str
    verdict_poor: str
    issues_found: tuple[str, str]
    no_issues: str
    no_issues_why: str
    cut_short: str
    cut_short_why: str
    fix_first: str
    fix_first_why: str
    axes: str
    axes_why: str
    not_judged: str
    not_judged_plain: str
    all_issues: str
    what: str
    why: str
    fix: str
    measured: str
    before: str
    after: str
    where: str
    elements: tuple[str, str]
    more_elements: tuple[str, str]
    and_more: tuple[str, str]
    see_all: str
    element_picture: str
    no_picture: str
    found_by: str
    source: str
    fix_packs: str
    fix_packs_why: str
    mends: str
    impact: str
    tradeoffs: str
    remarks: str
    remarks_why: str
    remarks_none: str
    remark_count: tuple[str, str]
    quoted: str
    suggestion: str
    plan: str
    plan_why: str
    plan_reversible: str
    plan_changes: tuple[str, str]
    plan_types: Mapping[str, str]
    pictures: str
    pictures_why: str
    method: str
    method_why: str
    measured_with: str
    time_taken: str
    rules_run: tuple[str, str]
    rule: str
    axis: str
    outcome: str
    failing_of_checked: str
    note: str
    address_given: str
    address_reached: str
    report_version: str
    footer: str
    to_top: str
    viewports: Mapping[str, str]
    severities: Mapping[Severity, str]
    severity_groups: Mapping[Severity, str]
    severity_meanings: Mapping[Severity, str]
    axis_names: Mapping[Axis, str]
    axis_meanings: Mapping[Axis, str]
    fix_types: Mapping[FixType, str]
    outcomes: Mapping[RuleOutcome, str]
    notes: Mapping[str, str]
    months: tuple[str, ...]
    date: str
    decimal_mark: str

    def count(self, words: tuple[str, str], n: int) -> str:
        """The form of `words` that goes with `n`, with the number filled in."""
        return words[0 if n == 1 else 1].format(n=n)

    def moment(self, when: datetime) -> str:
        """`when` as a reader writes it, in UTC, to the minute."""
        utc = when.astimezone(UTC)
        return self.date.format(day=utc.day, month=self.months[utc.month - 1], year=utc.year, time=f"{utc:%H:%M}")

    def duration(self, milliseconds: float) -> str:
        """A duration: ms below one second, seconds with one decimal from there."""
        if milliseconds < 1000:
            return f"{milliseconds:.0f} ms"
        return f"{milliseconds / 1000:.1f} s".replace(".", self.decimal_mark)


ENGLISH = Texts(
    language=Language.ENGLISH,
    skip_to_content="Skip to the content",
    page_audit="Page audit",
    draft_audit="Audit of a draft",
    draft_note="This is the audit of a page drafted from an idea, not of a page on the web.",
    idea="The idea",
    audited="Audited",
    contents="Contents",
    score="Score",
    out_of_100="of 100",
    no_score="No score",
    no_score_why="No axis could be judged on this page, so there is no number to give.",
    based_on_axes="The score rests on {judged} of {total} axes. The others count neither for nor against.",
    verdict_good="In good shape. What is left is polish.",
    verdict_good_but="In good shape, but for what is critical. Mend that first.",
    verdict_fair="It works, with friction that visitors feel.",
    verdict_poor="Faults stand in visitors’ way. Start with the heaviest.",
    issues_found=("{n} issue", "{n} issues"),
    no_issues="No issues found",
    no_issues_why="None of the rules that ran found a fault. That is not proof that there is none.",
    cut_short="Not everything could be measured",
    cut_short_why="What follows was cut short, so the findings may be incomplete:",
    fix_first="Fix these first",
    fix_first_why="The issues that matter most, heaviest first.",
    axes="Score by axis",
    axes_why="Each axis runs from 0 to 100.",
    not_judged="Not judged",
    not_judged_plain="Nothing on this page could be measured for this axis.",
    all_issues="Every issue",
    what="What is wrong",
    why="Why it matters",
    fix="How to fix it",
    measured="Measured",
    before="Before",
    after="After",
    where="Where",
    elements=("{n} element", "{n} elements"),
    more_elements=("{n} more element", "{n} more elements"),
    and_more=("and {n} more", "and {n} more"),
    see_all="--html FILE or --json shows them all, `cynthia rules RULE` explains a rule",
    element_picture="The element as it looked: {title}",
    no_picture="No picture of this element was taken.",
    found_by="Found by",
    source="Source",
    fix_packs="What one fix pack would mend",
    fix_packs_why="Issues that belong together, so that one set of changes mends them.",
    mends="Mends",
    impact="Expected gain",
    tradeoffs="In return",
    remarks="For a person to review",
    remarks_why="A language model ({model}) read the page’s words and would look at these again. Nothing here was"
    " measured, and no score or issue rests on it.",
    remarks_none="It had nothing to remark.",
    remark_count=("{n} remark", "{n} remarks"),
    quoted="On the page",
    suggestion="Suggestion",
    plan="The changes, one by one",
    plan_why="What the findings ask for, as measured before and as it would be after. Nobody has tried it yet:"
    " a fix pack does, in a browser.",
    plan_reversible="Each can be undone: additions are taken out again, and of the rest it is told what stood there.",
    plan_changes=("{n} change", "{n} changes"),
    plan_types={"add": "added to", "modify": "changed in", "delete": "deleted"},
    pictures="The page as it was audited",
    pictures_why="Scroll inside a picture to see the rest of the page.",
    method="How this was measured",
    method_why="The page was opened in a real browser. Every value above was measured on it, by the rules below.",
    measured_with="Measured with",
    time_taken="Time taken",
    rules_run=("{n} rule", "{n} rules"),
    rule="Rule",
    axis="Axis",
    outcome="Outcome",
    failing_of_checked="Failing / checked",
    note="Note",
    address_given="Address given",
    address_reached="Address reached",
    report_version="Report version",
    footer="An automatic audit finds what can be measured. It does not replace testing with people.",
    to_top="Back to the top",
    viewports={"desktop": "Desktop", "mobile": "Mobile"},
    severities={
        Severity.CRITICAL: "Critical",
        Severity.MAJOR: "Major",
        Severity.MINOR: "Minor",
        Severity.INFO: "Info",
    },
    severity_groups={
        Severity.CRITICAL: "Critical",
        Severity.MAJOR: "Major",
        Severity.MINOR: "Minor",
        Severity.INFO: "Info",
    },
    severity_meanings={
        Severity.CRITICAL: "Blocks visitors, fails accessibility or breaks the page.",
        Severity.MAJOR: "Real friction.",
        Severity.MINOR: "Polish.",
        Severity.INFO: "A suggestion, or something for a person to check. Costs no points.",
    },
    axis_names={
        Axis.CTX: "Context and clarity",
        Axis.DYN: "Dynamic behaviour",
        Axis.LFT: "Layout and flow",
        Axis.TYP: "Typography",
        Axis.CLR: "Colour",
        Axis.GRD: "Grid",
        Axis.SPC: "Spacing",
        Axis.IMG: "Imagery",
        Axis.MOT: "Motion",
        Axis.ACC: "Accessibility",
        Axis.RSP: "Responsiveness",
        Axis.TRD: "Trends",
        Axis.EMO: "Emotional impact",
    },
    axis_meanings={
        Axis.CTX: "Is it clear what the page is for and what to do next?",
        Axis.DYN: "Does it load fast and hold still?",
        Axis.LFT: "Does the eye move through it in the right order?",
        Axis.TYP: "Is the text comfortable to read?",
        Axis.CLR: "Can colours be told apart, and text from its background?",
        Axis.GRD: "Do edges and columns line up?",
        Axis.SPC: "Is space used with a rhythm?",
        Axis.IMG: "Are pictures described, sharp and light?",
        Axis.MOT: "Does movement help rather than disturb?",
        Axis.ACC: "Can everybody use it, however they see, hear, move or think?",
        Axis.RSP: "Does it fit every screen?",
        Axis.TRD: "Does it use what browsers offer today?",
        Axis.EMO: "What impression does it make at first sight?",
    },
    fix_types={
        FixType.TOKEN: "Design token",
        FixType.CONTENT: "Content",
        FixType.LAYOUT: "Layout",
        FixType.COMPONENT: "Component",
        FixType.MOTION: "Motion",
    },
    outcomes={
        RuleOutcome.PASS: "Passed",
        RuleOutcome.FAIL: "Failed",
        RuleOutcome.NEEDS_REVIEW: "Needs review",
        RuleOutcome.NOT_APPLICABLE: "Not applicable",
        RuleOutcome.ERROR: "Could not run",
    },
    notes={"merged": "Told above by a rule that measures it more exactly.", "confidence: low": "Low confidence"},
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    date="{day} {month} {year}, {time} UTC",
    decimal_mark=".",
)

SPANISH = Texts(
    language=Language.SPANISH,
    skip_to_content="Saltar al contenido",
    page_audit="Auditoría de página",
    draft_audit="Auditoría de un borrador",
    draft_note="Esta es la auditoría de una página redactada a partir de una idea, no de una página publicada.",
    idea="La idea",
    audited="Auditada el",
    contents="Contenido",
    score="Puntuación",
    out_of_100="de 100",
    no_score="Sin puntuación",
    no_score_why="No se pudo juzgar ningún eje de esta página, así que no hay número que dar.",
    based_on_axes="La puntuación se basa en {judged} de {total} ejes. Los demás no cuentan ni a favor ni en contra.",
    verdict_good="En buen estado. Lo que queda son detalles.",
    verdict_good_but="En buen estado, salvo lo crítico. Arregla eso primero.",
    verdict_fair="Funciona, con tropiezos que los visitantes notan.",
    verdict_poor="Hay fallos que estorban a los visitantes. Empieza por los más graves.",
    issues_found=("{n} problema", "{n} problemas"),
    no_issues="No se encontraron problemas",
    no_issues_why="Ninguna de las reglas aplicadas encontró un fallo. Eso no prueba que no haya ninguno.",
    cut_short="No se pudo medir todo",
    cut_short_why="Lo siguiente quedó a medias, así que puede faltar algún hallazgo:",
    fix_first="Lo primero que hay que arreglar",
    fix_first_why="Los problemas que más importan, los más graves primero.",
    axes="Puntuación por eje",
    axes_why="Cada eje va de 0 a 100.",
    not_judged="Sin juzgar",
    not_judged_plain="En esta página no se pudo medir nada de este eje.",
    all_issues="Todos los problemas",
    what="Qué está mal",
    why="Por qué importa",
    fix="Cómo arreglarlo",
    measured="Medido",
    before="Antes",
    after="Después",
    where="Dónde",
    elements=("{n} elemento", "{n} elementos"),
    more_elements=("{n} elemento más", "{n} elementos más"),
    and_more=("y {n} más", "y {n} más"),
    see_all="--html FICHERO o --json los muestra todos, `cynthia rules REGLA` explica una regla",
    element_picture="El elemento tal como se veía: {title}",
    no_picture="No se tomó ninguna imagen de este elemento.",
    found_by="Hallado por",
    source="Fuente",
    fix_packs="Lo que arreglaría un paquete de mejoras",
    fix_packs_why="Problemas que van juntos, de modo que un solo conjunto de cambios los arregla.",
    mends="Arregla",
    impact="Mejora esperada",
    tradeoffs="A cambio",
    remarks="Para que lo revise una persona",
    remarks_why="Un modelo de lenguaje ({model}) leyó las palabras de la página y volvería a mirar esto. Nada de esto"
    " se ha medido, y ninguna puntuación ni ningún problema se apoya en ello.",
    remarks_none="No tuvo nada que señalar.",
    remark_count=("{n} observación", "{n} observaciones"),
    quoted="En la página",
    suggestion="Sugerencia",
    plan="Los cambios, uno por uno",
    plan_why="Lo que piden los hallazgos: cómo se midió antes y cómo quedaría después. Nadie lo ha probado aún:"
    " eso lo hace un paquete de mejoras, en un navegador.",
    plan_reversible="Todos se pueden deshacer: lo añadido se quita, y de lo demás se dice qué había.",
    plan_changes=("{n} cambio", "{n} cambios"),
    plan_types={"add": "añadido a", "modify": "cambiado en", "delete": "borrado"},
    pictures="La página tal como se auditó",
    pictures_why="Desplázate dentro de una imagen para ver el resto de la página.",
    method="Cómo se midió",
    method_why="La página se abrió en un navegador real. Estos valores se midieron en ella con las reglas que siguen.",
    measured_with="Medido con",
    time_taken="Tiempo empleado",
    rules_run=("{n} regla", "{n} reglas"),
    rule="Regla",
    axis="Eje",
    outcome="Resultado",
    failing_of_checked="Fallan / revisados",
    note="Nota",
    address_given="Dirección indicada",
    address_reached="Dirección final",
    report_version="Versión del informe",
    footer="Una auditoría automática encuentra lo que se puede medir. No sustituye las pruebas con personas.",
    to_top="Volver arriba",
    viewports={"desktop": "Escritorio", "mobile": "Móvil"},
    severities={
        Severity.CRITICAL: "Crítico",
        Severity.MAJOR: "Grave",
        Severity.MINOR: "Leve",
        Severity.INFO: "Sugerencia",
    },
    severity_groups={
        Severity.CRITICAL: "Críticos",
        Severity.MAJOR: "Graves",
        Severity.MINOR: "Leves",
        Severity.INFO: "Sugerencias",
    },
    severity_meanings={
        Severity.CRITICAL: "Bloquea a los visitantes, incumple la accesibilidad o rompe la página.",
        Severity.MAJOR: "Un tropiezo real.",
        Severity.MINOR: "Un detalle por pulir.",
        Severity.INFO: "Una sugerencia, o algo que debe revisar una persona. No resta puntos.",
    },
    axis_names={
        Axis.CTX: "Contexto y claridad",
        Axis.DYN: "Comportamiento dinámico",
        Axis.LFT: "Disposición y flujo",
        Axis.TYP: "Tipografía",
        Axis.CLR: "Color",
        Axis.GRD: "Retícula",
        Axis.SPC: "Espaciado",
        Axis.IMG: "Imágenes",
        Axis.MOT: "Movimiento",
        Axis.ACC: "Accesibilidad",
        Axis.RSP: "Adaptabilidad",
        Axis.TRD: "Tendencias",
        Axis.EMO: "Impacto emocional",
    },
    axis_meanings={
        Axis.CTX: "¿Queda claro para qué es la página y qué hacer después?",
        Axis.DYN: "¿Carga rápido y se mantiene estable?",
        Axis.LFT: "¿La vista la recorre en el orden correcto?",
        Axis.TYP: "¿El texto se lee con comodidad?",
        Axis.CLR: "¿Se distinguen los colores, y el texto de su fondo?",
        Axis.GRD: "¿Se alinean los bordes y las columnas?",
        Axis.SPC: "¿El espacio se usa con ritmo?",
        Axis.IMG: "¿Las imágenes tienen descripción, nitidez y poco peso?",
        Axis.MOT: "¿El movimiento ayuda en vez de molestar?",
        Axis.ACC: "¿Puede usarla todo el mundo, vea, oiga, se mueva o piense como sea?",
        Axis.RSP: "¿Cabe en cualquier pantalla?",
        Axis.TRD: "¿Aprovecha lo que hoy ofrecen los navegadores?",
        Axis.EMO: "¿Qué impresión da a primera vista?",
    },
    fix_types={
        FixType.TOKEN: "Token de diseño",
        FixType.CONTENT: "Contenido",
        FixType.LAYOUT: "Disposición",
        FixType.COMPONENT: "Componente",
        FixType.MOTION: "Movimiento",
    },
    outcomes={
        RuleOutcome.PASS: "Cumple",
        RuleOutcome.FAIL: "Falla",
        RuleOutcome.NEEDS_REVIEW: "Por revisar",
        RuleOutcome.NOT_APPLICABLE: "No aplicable",
        RuleOutcome.ERROR: "No se pudo aplicar",
    },
    notes={"merged": "Lo dice arriba una regla que lo mide con más exactitud.", "confidence: low": "Confianza baja"},
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    date="{day} de {month} de {year}, {time} UTC",
    decimal_mark=",",
)


def texts_for(language: Language) -> Texts:
    """The frame's words in `language`."""
    match language:
        case Language.ENGLISH:
            return ENGLISH
        case Language.SPANISH:
            return SPANISH
        case _:
            assert_never(language)
