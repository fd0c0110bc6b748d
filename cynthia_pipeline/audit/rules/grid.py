"""Whether edges lie on common lines: near misses among siblings, equal columns and gutters, the page as a whole."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

from cynthia_pipeline.audit.alignment import clusters, usual
from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.boxes import content, in_flow, is_painted, runs
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number

_MISS_FROM, _MISS_TO = 1.2, 4.5
"""px off a common line: less cannot be seen, more can be meant."""

_LEAST_WIDTH = 80.0
"""px; narrower items are as wide as their words."""

_COLUMN_TO = 12.0
"""px up to which two widths or gutters are taken for the same one, missed."""

_TOLERANCE = 1.0
_SHARED_BY = 3
_LEAST_BLOCKS = 12
_LEAST_SHARE = 0.6


def _check_misses(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = 0
    for children in view.children.values():
        boxes = [child for child in children if in_flow(child) and child.index not in view.moving]
        boxes = [box for box in boxes if box.rect.width >= 24 and box.rect.height >= 12]
        stack = list(standing_alone(boxes))
        if len(stack) >= 3:
            checked += len(stack)
            findings += _off_the_line(view, stack)
        for one, other in _neighbours(view, boxes):
            checked += 1
            findings += _uneven(one, other)
    return Verdict(checked, tuple(findings))


def standing_alone(boxes: list[Element]) -> Iterator[Element]:
    """Those that nothing stands beside: the items of a column, rather than of a row. All are taller than 1 px."""
    beside: set[int] = set()
    lowest: Element | None = None
    for box in sorted(boxes, key=lambda box: box.rect.y):
        if lowest is not None and box.rect.y < lowest.rect.bottom - 1:
            beside |= {box.index, lowest.index}
        if lowest is None or box.rect.bottom > lowest.rect.bottom:
            lowest = box
    return (box for box in boxes if box.index not in beside)


def _off_the_line(view: ViewportArtifacts, stack: list[Element]) -> Iterator[Finding]:
    """Items of a column whose left edge misses the line of the others; what is centred has no such line."""
    line = usual([box.rect.x for box in stack], 0.6)
    if line is None:
        return
    middle = median(box.rect.x + box.rect.width / 2 for box in stack)
    on_line = median(box.rect.x for box in stack if abs(box.rect.x - line) <= _TOLERANCE)
    for box in stack:
        off = box.rect.x - on_line
        centred = abs(box.rect.x + box.rect.width / 2 - middle) <= _TOLERANCE
        if _MISS_FROM <= abs(off) <= _MISS_TO and not centred:
            margin = view.layout.spacing.get(box.index, {}).get("margin-left", 0.0)
            yield _miss(box, off, "left", f"{number(on_line, 1)} px", "margin-left", margin)


def _neighbours(view: ViewportArtifacts, boxes: list[Element]) -> Iterator[tuple[Element, Element]]:
    """Pairs that stand side by side and whose edges can be seen."""
    for one, other in pairwise(boxes):
        beside = one.rect.right <= other.rect.x + 1 and abs(one.rect.y - other.rect.y) <= _MISS_TO
        if beside and other.rect.x - one.rect.right <= 48 and is_painted(view, one) and is_painted(view, other):
            yield one, other


def _uneven(one: Element, other: Element) -> Iterator[Finding]:
    """Boxes side by side of which one is a little taller, or stands a little lower."""
    top, bottom = other.rect.y - one.rect.y, other.rect.bottom - one.rect.bottom
    tall = other.rect.height - one.rect.height
    if _MISS_FROM <= abs(tall) <= _MISS_TO:
        height = max(one.rect.height, other.rect.height)
        lower = one if one.rect.height < other.rect.height else other
        yield _miss(lower, lower.rect.height - height, "height", f"{number(height, 1)} px", "height", lower.rect.height)
    elif abs(tall) < _MISS_FROM <= abs(top) <= _MISS_TO and abs(bottom) <= _MISS_TO:
        yield _miss(other, top, "top", f"{number(one.rect.y, 1)} px", "margin-top")


def _miss(box: Element, off: float, edge: str, line: str, name: str, now: float | None = None) -> Finding:
    facts = {"element": f"<{box.tag}>", "off": f"{number(abs(off), 1)} px", "edge": edge, "line": line}
    value = 0.0 if now is None else now
    before, after = f"{name}: {number(value, 1)}px", f"{name}: {number(value - off, 1)}px"
    return Finding(Severity.MINOR, f"{edge} {number(off, 1)}", facts, element=box, before=before, after=after)


def _check_columns(view: ViewportArtifacts) -> Verdict:
    findings: list[Finding] = []
    checked = 0
    for _, items in runs(view, 3):
        for row in clusters_by(items, lambda item: item.rect.y):
            ordered = sorted(row, key=lambda item: item.rect.x)
            if len(ordered) < 3 or min(item.rect.width for item in ordered) < _LEAST_WIDTH:
                continue
            width = usual([item.rect.width for item in ordered], 0.6)
            if width is None:
                continue
            checked += len(ordered)
            wrong = [item for item in ordered if _MISS_FROM < abs(item.rect.width - width) <= _COLUMN_TO]
            findings += [_column(item, "width", item.rect.width, width) for item in wrong]
            if not wrong:
                findings += _gutters(ordered)
    return Verdict(checked, tuple(findings))


def clusters_by(items: list[Element], edge: Callable[[Element], float]) -> list[list[Element]]:
    """Items in groups of one line, by an edge."""
    lines = clusters((edge(item) for item in items), _TOLERANCE)
    return [[item for item in items if line[0] <= edge(item) <= line[-1]] for line in lines]


def _gutters(row: list[Element]) -> Iterator[Finding]:
    gaps = [after.rect.x - before.rect.right for before, after in pairwise(row)]
    common = usual(gaps, 0.5)
    if common is None or min(gaps) < 0:
        return
    for gap, item in zip(gaps, row[1:], strict=True):
        if 1.5 < abs(gap - common) <= _COLUMN_TO:
            yield _column(item, "column-gap", gap, common)


def _column(item: Element, what: str, measured: float, common: float) -> Finding:
    facts = {
        "element": f"<{item.tag}>",
        "what": what,
        "measured": f"{number(measured, 1)} px",
        "common": f"{number(common)} px",
        "off": f"{number(abs(measured - common), 1)} px",
    }
    cause = f"{what} {number(measured, 0)} for {number(common)}"
    before, after = f"{what}: {number(measured, 1)}px", f"{what}: {number(common)}px"
    return Finding(Severity.MINOR, cause, facts, element=item, before=before, after=after)


def _check_page(view: ViewportArtifacts) -> Verdict:
    rects = [element.rect for element in content(view) if element.rect.width >= 24]
    if len(rects) < _LEAST_BLOCKS:
        return Verdict(0)
    share = aligned_share(rects)
    note = f"{number(100 * share, 0)} % of {len(rects)}"
    if share >= _LEAST_SHARE:
        return Verdict(len(rects), note=note)
    lines = clusters((rect.x for rect in rects), _TOLERANCE)
    strong = sorted(lines, key=lambda line: (-len(line), line[0]))[:3]
    facts = {
        "share": f"{number(100 * share, 0)} %",
        "count": str(len(rects)),
        "lines": str(len(lines)),
        "least": f"{number(100 * _LEAST_SHARE, 0)} %",
        "strong": ", ".join(f"{number(line[0], 0)} px" for line in sorted(strong)),
    }
    return Verdict(len(rects), (Finding(Severity.MINOR, "page", facts),), note=note)


def aligned_share(rects: list[Rect]) -> float:
    """The share of boxes of which an edge or the middle lies on a line with at least two others, across or down."""
    measures: tuple[Callable[[Rect], float], ...] = (
        lambda rect: rect.x,
        lambda rect: rect.x + rect.width / 2,
        lambda rect: rect.right,
        lambda rect: rect.y,
        lambda rect: rect.y + rect.height / 2,
        lambda rect: rect.bottom,
    )
    aligned: set[int] = set()
    for measure in measures:
        lines = clusters((measure(rect) for rect in rects), _TOLERANCE)
        crowded = Counter({value: len(line) for line in lines for value in line})
        aligned |= {place for place, rect in enumerate(rects) if crowded[measure(rect)] >= _SHARED_BY}
    return len(aligned) / len(rects) if rects else 1.0


RULES = (
    Rule(
        id="grd-near-miss",
        axis=Axis.GRD,
        fix_type=FixType.LAYOUT,
        source="Miniukovich and De Angeli 2015, grid quality; house thresholds 1.2 to 4.5 px",
        measures="distance of a box's edge from the line of its siblings, CSS px",
        texts=bilingual(
            Texts(
                "{element} misses the line of its neighbours by {off}",
                "Its {edge} is {off} off; its neighbours' is at {line}.",
                "An edge that is nearly on a line is seen as a mistake, one that is clearly off as meant.",
                "The page looks unfinished without anyone being able to say why.",
                "Move the {edge} of {element} by {off}, to {line}.",
            ),
            Texts(
                "{element} no llega a la línea de sus vecinos por {off}",
                "Su borde ({edge}) está desviado {off}; el de sus vecinos está en {line}.",
                "Un borde casi alineado se ve como un error; uno claramente desviado, como algo querido.",
                "La página parece sin terminar sin que nadie sepa decir por qué.",
                "Mueve el borde ({edge}) de {element} {off}, hasta {line}.",
            ),
        ),
        check=_check_misses,
    ),
    Rule(
        id="grd-columns",
        axis=Axis.GRD,
        fix_type=FixType.LAYOUT,
        source="Ngo, Teo and Byrne 2003, regularity; house thresholds 1.2 to 12 px",
        measures="widths of repeated items in a row and the gutters between them, CSS px",
        texts=bilingual(
            Texts(
                "A column that differs by {off}",
                "{element} has a {what} of {measured}; the others in its row have {common}.",
                "Repeated things are read as equal, and a small difference as a mistake.",
                "The row looks crooked, and what stands below it cannot line up.",
                "Set its {what} to {common}; a grid of equal columns does it for the whole row.",
            ),
            Texts(
                "Una columna que difiere {off}",
                "{element} tiene {what} de {measured}; los demás de su fila, {common}.",
                "Lo repetido se lee como igual, y una diferencia pequeña como un error.",
                "La fila parece torcida y lo que va debajo no se puede alinear.",
                "Pon su {what} en {common}; una rejilla de columnas iguales lo hace para toda la fila.",
            ),
        ),
        check=_check_columns,
    ),
    Rule(
        id="grd-shared-lines",
        axis=Axis.GRD,
        fix_type=FixType.LAYOUT,
        source="Miniukovich and De Angeli 2015, grid quality; Ngo, Teo and Byrne 2003; house threshold 60 %",
        measures="share of content boxes with an edge or middle on a line shared by three, %",
        texts=bilingual(
            Texts(
                "Only {share} of the boxes stand on a common line",
                "Of {count} boxes with content, {share} share an edge or the middle with two others; {least} are the "
                "least expected. Their left edges lie on {lines} lines.",
                "Common lines are what makes a page look ordered, and what the eye follows down it.",
                "Visitors have to search, since nothing leads from one thing to the next.",
                "Move the boxes onto a few lines; the strongest left edges are at {strong}.",
            ),
            Texts(
                "Solo el {share} de las cajas está en una línea común",
                "De {count} cajas con contenido, el {share} comparte un borde o el centro con otras dos; se espera al "
                "menos el {least}. Sus bordes izquierdos están en {lines} líneas.",
                "Las líneas comunes dan orden a una página y guían la vista hacia abajo.",
                "Hay que buscar, porque nada lleva de una cosa a la siguiente.",
                "Lleva las cajas a unas pocas líneas; los bordes izquierdos más fuertes están en {strong}.",
            ),
        ),
        check=_check_page,
        viewports=(Viewport.DESKTOP,),
    ),
)
