"""Tables whose cells do not line up, are nested, lay out the page, or leave out what they are about: SC 1.3.1."""

from collections.abc import Iterator
from dataclasses import dataclass

from cynthia_pipeline.audit.artifacts import Element, Flag, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_MOST_SPAN = 1000
"""Columns; HTML's own cap on colspan."""

_SECTIONS = frozenset({"thead", "tbody", "tfoot"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Table:
    """A visible <table> with its own rows, those of tables in it left out."""

    element: Element
    rows: tuple[tuple[Element, ...], ...]
    caption: str

    @property
    def cells(self) -> Iterator[Element]:
        for row in self.rows:
            yield from row

    @property
    def has_headers(self) -> bool:
        return any(cell.tag == "th" or cell.attributes.get("role", "").endswith("header") for cell in self.cells)


def _tables(view: ViewportArtifacts) -> list[Table]:
    found = []
    for element in view.visible:
        if element.tag != "table" or Flag.HIDDEN_FROM_AT in element.flags:
            continue
        if element.attributes.get("role", "table") not in ("table", "grid", "treegrid"):
            continue
        inside = list(view.descendants(element))
        sections = {
            element.index,
            *(one.index for one in inside if one.tag in _SECTIONS and one.parent == element.index),
        }
        rows = {
            one.index: [cell for cell in inside if cell.parent == one.index and cell.tag in ("td", "th")]
            for one in inside
            if one.tag == "tr" and one.parent in sections
        }
        caption = next((one for one in inside if one.tag == "caption" and one.parent == element.index), None)
        words = _words(view, caption) if caption is not None else ""
        found.append(Table(element, tuple(tuple(cells) for cells in rows.values() if cells), words))
    return found


def _words(view: ViewportArtifacts, element: Element) -> str:
    return " ".join(one.text for one in (element, *view.descendants(element)) if one.text)


def _span(cell: Element, attribute: str) -> int:
    value = cell.attributes.get(attribute, "1").strip()
    return min(max(int(value), 1), _MOST_SPAN) if value.isdecimal() else 1


def _widths(table: Table) -> list[int]:
    """Columns that each row reaches to, cells that hang down from above included."""
    hanging: dict[int, int] = {}
    widths = []
    for row in table.rows:
        column = 0
        below: dict[int, int] = {}
        for cell in row:
            while hanging.get(column, 0) > 0:
                column += 1
            for _ in range(_span(cell, "colspan")):
                below[column] = _span(cell, "rowspan") - 1
                column += 1
        still = [at for at, left in hanging.items() if left > 0]
        widths.append(max([column, *(at + 1 for at in still)]))
        hanging = {at: left - 1 for at, left in hanging.items() if left > 1} | {a: n for a, n in below.items() if n > 0}
    return widths


def _check_ragged(view: ViewportArtifacts) -> Verdict:
    tables = [table for table in _tables(view) if table.has_headers and len(table.rows) > 1]
    findings = []
    for table in tables:
        widths = _widths(table)
        if len(set(widths)) > 1:
            facts = {"least": str(min(widths)), "most": str(max(widths))}
            findings.append(Finding(Severity.MINOR, "ragged", facts, table.element))
    return Verdict(len(tables), tuple(findings))


def _check_nested(view: ViewportArtifacts) -> Verdict:
    tables = _tables(view)
    outer = {table.element.index for table in tables}
    findings = tuple(
        Finding(Severity.MINOR, "nested", {"tag": "<table>"}, table.element)
        for table in tables
        if any(level.index in outer for level in view.ancestors(table.element))
    )
    return Verdict(len(tables), findings)


def _check_layout(view: ViewportArtifacts) -> Verdict:
    tables = _tables(view)
    findings = []
    for table in tables:
        columns = max((len(row) for row in table.rows), default=0)
        is_grid = len(table.rows) > 1 and columns > 1
        named = table.caption or any(key in table.element.attributes for key in ("aria-label", "aria-labelledby"))
        if table.has_headers or named or is_grid or not table.rows or table.element.attributes.get("role"):
            continue
        facts = {"size": f"{len(table.rows)} × {columns}"}
        findings.append(Finding(Severity.MINOR, "layout", facts, table.element, after='role="presentation"'))
    return Verdict(len(tables), tuple(findings))


def _check_unnamed(view: ViewportArtifacts) -> Verdict:
    tables = [table for table in _tables(view) if table.has_headers]
    return Verdict(
        len(tables),
        tuple(
            Finding(Severity.INFO, "unnamed", {"tag": "<table>"}, table.element, after="<caption>…</caption>")
            for table in tables
            if not table.caption and not _is_introduced(view, table.element)
        ),
    )


def _is_introduced(view: ViewportArtifacts, table: Element) -> bool:
    """Whether an attribute, a figure's caption or a heading right before it says what the table is about."""
    if any(table.attributes.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title")):
        return True
    path = [table, *view.ancestors(table)]
    if any(level.tag == "figure" for level in path):
        return True
    for level in path:
        siblings = view.children.get(level.parent if level.parent is not None else -1, ())
        before = [one for one in siblings if one.index < level.index]
        if before:
            near = before[-2:]
            return any(
                one.tag in _HEADINGS or any(inner.tag in _HEADINGS for inner in view.descendants(one)) for one in near
            )
    return False


def _check_scope(view: ViewportArtifacts) -> Verdict:
    """HTML tells a header's direction by itself only while a row has one header and nothing else is ambiguous."""
    findings = []
    checked = 0
    for table in _tables(view):
        rows = [row for row in table.rows if any(cell.tag == "th" for cell in row)]
        # An empty corner is neither data nor a header.
        mixed = [row for row in rows if any(cell.tag == "td" and not _is_empty(view, cell) for cell in row)]
        if not mixed or len(mixed) == len(rows):
            continue
        checked += 1
        headers = [cell for row in rows for cell in row if cell.tag == "th"]
        bare = [
            cell for cell in headers if "scope" not in cell.attributes and not cell.id and not _is_empty(view, cell)
        ]
        if not bare or any("headers" in cell.attributes for cell in table.cells):
            continue
        double = any(sum(cell.tag == "th" for cell in row) > 1 for row in mixed)
        severity = Severity.MINOR if double else Severity.INFO
        facts = {"count": str(len(bare))}
        cause = "double" if double else "scope"
        findings.append(Finding(severity, cause, facts, table.element, before="<th>", after='<th scope="row">'))
    return Verdict(checked, tuple(findings))


def _check_empty_rows(view: ViewportArtifacts) -> Verdict:
    findings = []
    checked = 0
    for table in _tables(view):
        for row in table.rows if table.has_headers else ():
            data = [cell for cell in row if cell.tag == "td"]
            if len(row) < 2 or not data:
                continue
            checked += 1
            empty = [cell for cell in data if _is_empty(view, cell)]
            if len(empty) * 2 > len(row) and len(empty) < len(row):
                facts = {"count": str(len(empty)), "most": str(len(row))}
                findings.append(Finding(Severity.INFO, "empty", facts, empty[0]))
    return Verdict(checked, tuple(findings))


def _is_empty(view: ViewportArtifacts, cell: Element) -> bool:
    if not cell.visible and not cell.rect.width:
        return False
    return not cell.text and not any(True for _ in view.descendants(cell))


RULES = (
    Rule(
        id="acc-table-ragged",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}; HTML Living Standard, 4.9.12: table model errors",
        measures="columns of a data table's rows, by colspan and rowspan",
        texts=bilingual(
            Texts(
                "Rows of a table have {least} to {most} columns",
                "Added up with colspan and rowspan, the shortest row has {least} columns and the longest {most}.",
                "The rows of a data table have the same number of columns, or a cell's headers cannot be told.",
                "A screen reader names the wrong column, or none, for the cells of the uneven rows.",
                "Correct colspan and rowspan, or add the missing cells.",
            ),
            Texts(
                "Las filas de una tabla tienen de {least} a {most} columnas",
                "Sumando colspan y rowspan, la fila más corta tiene {least} columnas y la más larga {most}.",
                "Las filas de una tabla de datos tienen las mismas columnas; si no, no se sabe qué encabezado toca.",
                "El lector de pantalla nombra mal, o no nombra, la columna de esas celdas.",
                "Corrige colspan y rowspan o añade las celdas que faltan.",
            ),
        ),
        check=_check_ragged,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="acc-table-nested",
        axis=Axis.ACC,
        fix_type=FixType.LAYOUT,
        source=f"{cited('1.3.1')}, failure F49",
        measures="tables within tables, count",
        texts=bilingual(
            Texts(
                "A table stands in a cell of another",
                "A {tag} lies within another one.",
                "WCAG failure F49: nested tables lose their meaning when they are read row by row.",
                "Screen readers announce a table in a table; rows and columns of both run into each other.",
                "Take the inner table out, or lay the outer one out with CSS.",
            ),
            Texts(
                "Hay una tabla dentro de la celda de otra",
                "Un {tag} está dentro de otro.",
                "Fallo F49 de WCAG: las tablas anidadas pierden el sentido al leerse fila por fila.",
                "El lector de pantalla anuncia una tabla dentro de otra; filas y columnas se confunden.",
                "Saca la tabla interior o maqueta la exterior con CSS.",
            ),
        ),
        check=_check_nested,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="acc-table-layout",
        axis=Axis.ACC,
        fix_type=FixType.LAYOUT,
        source=f"{cited('1.3.2')}, failure F49",
        measures="tables of one row or one column without headers, rows × columns",
        texts=bilingual(
            Texts(
                "A table of {size} lays out the page",
                "It has {size} cells (rows × columns), no header cell and no caption.",
                "WCAG failure F49 and HTML: tables are for data; layout is CSS's.",
                "Screen readers announce rows and columns where there are none, and phones cannot rearrange it.",
                'Lay it out with CSS; until then, role="presentation" tells that it is no data table.',
            ),
            Texts(
                "Una tabla de {size} maqueta la página",
                "Tiene {size} celdas (filas × columnas), sin encabezados ni título.",
                "Fallo F49 de WCAG y HTML: las tablas son para datos; la maquetación es de CSS.",
                "El lector de pantalla anuncia filas y columnas que no hay, y el móvil no puede recolocarla.",
                'Maquétala con CSS; mientras tanto, role="presentation" dice que no es de datos.',
            ),
        ),
        check=_check_layout,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="acc-table-unnamed",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}, technique H39",
        measures="data tables without a caption, a name or a heading before them, count",
        texts=bilingual(
            Texts(
                "A data table does not say what it is about",
                "The {tag} has no caption and no name, and no heading comes right before it.",
                "Technique H39 for WCAG 2.2 success criterion 1.3.1: captions identify data tables.",
                "In a screen reader's list of tables it is nameless; one has to read into it to know.",
                "Add a <caption> as the table's first child.",
            ),
            Texts(
                "Una tabla de datos no dice de qué trata",
                "El {tag} no tiene caption ni nombre, ni un título justo antes.",
                "Técnica H39 del criterio 1.3.1 de WCAG 2.2: el caption identifica la tabla.",
                "En la lista de tablas del lector de pantalla no tiene nombre; hay que leerla para saberlo.",
                "Añade un <caption> como primer hijo de la tabla.",
            ),
        ),
        check=_check_unnamed,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="acc-table-scope",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}, technique H63",
        measures="header cells without scope in tables with headers in rows and columns, count",
        texts=bilingual(
            Texts(
                "{count} header cells do not say whether they head a row or a column",
                "The table has headers both ways, and {count} of them have no scope and no id that cells refer to.",
                "Technique H63 for WCAG 2.2 success criterion 1.3.1: scope associates headers and cells.",
                "Screen readers guess, and read row headers as columns or leave the second one out.",
                'Add scope="col" or scope="row" to each <th>.',
            ),
            Texts(
                "{count} celdas de encabezado no dicen si son de fila o de columna",
                "La tabla tiene encabezados en ambos sentidos y {count} no tienen scope ni un id que usen las celdas.",
                "Técnica H63 del criterio 1.3.1 de WCAG 2.2: scope asocia encabezados y celdas.",
                "El lector de pantalla adivina, y confunde filas con columnas o se salta el segundo.",
                'Añade scope="col" o scope="row" a cada <th>.',
            ),
        ),
        check=_check_scope,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="acc-table-empty-row",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}; a threshold of this project: more than half of a row",
        measures="rows of a data table of which more than half is empty, count",
        texts=bilingual(
            Texts(
                "{count} of {most} cells in a row are empty",
                "A row of a data table has {most} cells, and {count} of them hold nothing.",
                "An empty cell says neither “none” nor “unknown”; in the middle of a table it may also be a title.",
                "Who hears the table cell by cell cannot tell whether something is missing.",
                "Say what is meant (“none”, “–” with a text), or mark a title row with <th colspan>.",
            ),
            Texts(
                "{count} de {most} celdas de una fila están vacías",
                "Una fila de una tabla de datos tiene {most} celdas y {count} no contienen nada.",
                "Una celda vacía no dice «ninguno» ni «desconocido»; en medio de la tabla puede ser un título.",
                "Quien oye la tabla celda a celda no sabe si falta algo.",
                "Di lo que se quiere decir («ninguno»), o marca la fila de título con <th colspan>.",
            ),
        ),
        check=_check_empty_rows,
        viewports=(Viewport.DESKTOP,),
    ),
)
