"""How soon a page shows itself and answers: FCP, LCP and TBT, as this machine measured them, unthrottled.

Thresholds are web.dev's for visitors of the 75th percentile. A lab without throttling is kinder than those visitors'
devices, so what is too slow here is slower for them; what passes here may still be slow elsewhere.
"""

from dataclasses import dataclass
from posixpath import basename
from urllib.parse import urlsplit

from cynthia_pipeline.audit.artifacts import Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.vitals import DESKTOP, MOBILE, Metric, total_blocking


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Up to `good` a value is good, beyond `poor` it is poor, between them it needs improvement."""

    good: float
    poor: float

    def severity(self, value: float) -> Severity | None:
        """None for a good value."""
        if value <= self.good:
            return None
        return Severity.MAJOR if value > self.poor else Severity.MINOR


FCP = Thresholds(1800, 3000)
LCP = Thresholds(2500, 4000)
CLS = Thresholds(0.1, 0.25)
TBT = Thresholds(200, 600)


def lighthouse_score(metric: Metric, value: float, viewport: Viewport) -> str:
    """The value's score on Lighthouse's curve for that device, 0 to 100."""
    curves = MOBILE if viewport is Viewport.MOBILE else DESKTOP
    return number(100 * curves[metric].score(value), 0)


def _seconds(ms: float) -> str:
    return f"{number(ms / 1000, 1)} s"


def _check_first(view: ViewportArtifacts) -> Verdict:
    value = view.vitals.first_paint
    if value is None:
        return Verdict(0)
    severity = FCP.severity(value)
    if severity is None:
        return Verdict(1)
    blocking = sorted(view.vitals.blocking, key=lambda file: -file.until)[:3]
    names = ", ".join(basename(urlsplit(file.url).path) or file.url for file in blocking)
    facts = {
        "measured": _seconds(value),
        "required": _seconds(FCP.good),
        "score": lighthouse_score(Metric.FCP, value, view.viewport),
        "count": str(len(view.vitals.blocking)),
        "files": names or "<script>",
    }
    return Verdict(1, (Finding(severity, "page", facts, before="<script src>", after="<script src defer>"),))


def _check_largest(view: ViewportArtifacts) -> Verdict:
    largest = view.vitals.largest
    if largest is None:
        return Verdict(0)
    severity = LCP.severity(largest.at)
    if severity is None:
        return Verdict(1)
    element = view.elements[largest.element] if largest.element is not None else None
    is_picture = element is not None and element.tag == "img"
    lazy = is_picture and element is not None and element.attributes.get("loading") == "lazy"
    facts = {
        "measured": _seconds(largest.at),
        "required": _seconds(LCP.good),
        "score": lighthouse_score(Metric.LCP, largest.at, view.viewport),
        "element": f"<{element.tag}>" if element is not None else "<html>",
        "change": 'fetchpriority="high"' if is_picture else '<link rel="preload">, defer',
        "first": _seconds(view.vitals.first_paint or 0.0),
    }
    before = '<img loading="lazy">' if lazy else "<img>" if is_picture else None
    after = '<img fetchpriority="high">' if is_picture else None
    return Verdict(1, (Finding(severity, "page", facts, element=element, before=before, after=after),))


def _check_blocking(view: ViewportArtifacts) -> Verdict:
    paint = view.vitals.first_paint
    if paint is None:
        return Verdict(0)
    value = total_blocking(view.vitals.tasks, paint)
    severity = TBT.severity(value)
    if severity is None:
        return Verdict(1)
    longest = max(view.vitals.tasks, key=lambda task: task.length)
    facts = {
        "measured": f"{number(value, 0)} ms",
        "required": f"{number(TBT.good)} ms",
        "score": lighthouse_score(Metric.TBT, value, view.viewport),
        "count": str(sum(task.start + task.length > paint for task in view.vitals.tasks)),
        "longest": f"{number(longest.length, 0)} ms",
        "start": _seconds(longest.start),
    }
    return Verdict(1, (Finding(severity, "page", facts),))


RULES = (
    Rule(
        id="dyn-first-paint",
        axis=Axis.DYN,
        fix_type=FixType.COMPONENT,
        source="web.dev, First Contentful Paint; curve: Lighthouse first-contentful-paint",
        measures="first contentful paint in this lab, unthrottled, s",
        texts=bilingual(
            Texts(
                "Nothing shows for {measured}",
                "The first text or picture appears after {measured}, measured without throttling; {required} is good. "
                "Lighthouse's curve gives it {score} of 100. {count} files hold painting back: {files}.",
                "Until the first paint a visitor cannot tell whether the page works at all.",
                "On a slower phone or network the wait is longer, and visitors leave.",
                "Take what holds painting back out of the way ({files}): load scripts with defer, inline the styles of "
                "the first screen. Aim at {required}.",
            ),
            Texts(
                "No se ve nada durante {measured}",
                "El primer texto o imagen aparece a los {measured}, medido sin limitar la red; hasta {required} es "
                "bueno. La curva de Lighthouse le da {score} de 100. {count} archivos retienen el dibujo: {files}.",
                "Hasta que algo se dibuja, nadie sabe si la página funciona.",
                "Con un móvil o una red más lentos la espera es mayor y la gente se va.",
                "Quita de en medio lo que retiene el dibujo ({files}): carga los scripts con defer e incluye en línea "
                "los estilos de la primera pantalla. El objetivo es {required}.",
            ),
        ),
        check=_check_first,
    ),
    Rule(
        id="dyn-largest-paint",
        axis=Axis.DYN,
        fix_type=FixType.COMPONENT,
        source="web.dev, Largest Contentful Paint; curve: Lighthouse largest-contentful-paint",
        measures="largest contentful paint in this lab, unthrottled, s",
        texts=bilingual(
            Texts(
                "The main content shows after {measured}",
                "{element}, the largest thing on the first screen, appears after {measured}, measured without "
                "throttling; {required} is good. Lighthouse's curve gives it {score} of 100. The first paint was at "
                "{first}.",
                "The largest element is what a visitor came to see.",
                "Visitors look at an unfinished page and leave before it is done.",
                "Have {element} start to load with the page: {change}. Aim at {required}.",
            ),
            Texts(
                "El contenido principal aparece a los {measured}",
                "{element}, lo más grande de la primera pantalla, aparece a los {measured}, medido sin limitar la red; "
                "hasta {required} es bueno. La curva de Lighthouse le da {score} de 100. Lo primero se dibujó a los "
                "{first}.",
                "El elemento más grande es lo que la visita viene a ver.",
                "La gente mira una página a medias y se va antes de que termine.",
                "Haz que {element} empiece a cargarse con la página: {change}. El objetivo es {required}.",
            ),
        ),
        check=_check_largest,
    ),
    Rule(
        id="dyn-blocking-time",
        axis=Axis.DYN,
        fix_type=FixType.COMPONENT,
        source="web.dev, Total Blocking Time; curve: Lighthouse total-blocking-time",
        measures="total blocking time from first paint to measurement in this lab, unthrottled, ms",
        texts=bilingual(
            Texts(
                "Scripts block the page for {measured}",
                "{count} long tasks after the first paint block it for {measured} together; {required} is good. "
                "Lighthouse's curve gives it {score} of 100. The longest takes {longest}, from {start} on.",
                "While a task runs for more than 50 ms, taps and keys wait for it.",
                "The page looks ready and does not react; on a slower phone several times as long.",
                "Split the task at {start} ({longest}) into parts of less than 50 ms, or leave it for later. "
                "Aim at {required}.",
            ),
            Texts(
                "Los scripts bloquean la página {measured}",
                "{count} tareas largas tras el primer dibujo la bloquean {measured} en total; hasta {required} es "
                "bueno. La curva de Lighthouse le da {score} de 100. La más larga dura {longest}, desde {start}.",
                "Mientras una tarea ocupa más de 50 ms, los toques y las teclas esperan.",
                "La página parece lista y no responde; en un móvil lento, varias veces más.",
                "Parte la tarea de {start} ({longest}) en trozos de menos de 50 ms o déjala para después. "
                "El objetivo es {required}.",
            ),
        ),
        check=_check_blocking,
    ),
)
