"""ARIA that hides or loses what it means to say: WCAG 2.2 SC 4.1.2 and 1.3.1."""

from typing import Final

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_NAMING: Final = frozenset({"aria-label", "aria-braillelabel", "aria-roledescription", "aria-brailleroledescription"})


def _check_prohibited(view: ViewportArtifacts) -> Verdict:
    """What ARIA 1.2, and 1.3 for braille, prohibits on a role. Without text of its own the name is all there is."""
    findings = tuple(
        Finding(
            Severity.MINOR if item.has_text else Severity.MAJOR,
            cause=f"{item.role}/{item.attribute}",
            facts={
                "tag": f"<{view.elements[item.element].tag}>",
                "role": item.role,
                "attribute": item.attribute,
            },
            element=view.elements[item.element],
        )
        for item in view.accessibility.prohibited_names
    )
    named = sum(not _NAMING.isdisjoint(element.attributes) for element in view.visible)
    return Verdict(len(findings) + named, findings)


def _check_swallowed(view: ViewportArtifacts) -> Verdict:
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause=item.role,
            facts={"role": item.role, "inner": f"<{view.elements[item.inner].tag}>"},
            element=view.elements[item.element],
        )
        for item in view.accessibility.swallowed
    )
    controls = sum(element.tag == "button" or "role" in element.attributes for element in view.visible)
    return Verdict(len(findings) + controls, findings)


def _check_headers(view: ViewportArtifacts) -> Verdict:
    headers = view.accessibility.headers
    findings = tuple(
        Finding(
            Severity.MINOR,
            cause="header",
            facts={"text": view.elements[index].text[:60] or "…"},
            element=view.elements[index],
        )
        for index, serves in headers.items()
        if not serves
    )
    return Verdict(len(headers), findings)


def _check_equal_labels(view: ViewportArtifacts) -> Verdict:
    fields = view.accessibility.fields
    places: dict[tuple[str, str, str], list[int]] = {}
    for field in fields:
        places.setdefault((field.name, field.type, field.place), []).append(field.element)
    findings = tuple(
        Finding(
            Severity.MAJOR,
            cause=name,
            facts={"name": name[:60], "count": str(len(elements))},
            element=view.elements[element],
        )
        for (name, _, _), elements in places.items()
        if len(elements) > 1
        for element in elements
    )
    return Verdict(len(fields), findings)


RULES = (
    Rule(
        id="acc-name-prohibited",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('4.1.2')}, WAI-ARIA 1.2",
        measures="elements with a name, or a word for their role, that the role may not have, count",
        texts=bilingual(
            Texts(
                "The {attribute} of a {tag} is lost",
                "The {tag} has the role {role}, on which WAI-ARIA allows no {attribute}.",
                "WCAG 2.2 success criterion 4.1.2, Name, Role, Value: WAI-ARIA prohibits {attribute} on {role}.",
                "Most screen readers do not read it out, so what it says never arrives.",
                "Put the words into the page as text, or give the element a role that has a name, like group or img.",
            ),
            Texts(
                "El {attribute} de un {tag} se pierde",
                "El {tag} tiene el rol {role}, en el que WAI-ARIA no admite {attribute}.",
                "Criterio 4.1.2 de WCAG 2.2, Nombre, función, valor: WAI-ARIA prohíbe {attribute} en {role}.",
                "La mayoría de los lectores de pantalla no lo leen, y lo que dice nunca llega.",
                "Escribe esas palabras como texto, o da al elemento un rol que admita nombre, como group o img.",
            ),
        ),
        check=_check_prohibited,
        viewports=(Viewport.DESKTOP,),
        absorbs=("aria-prohibited-attr",),
        act_rules=("5c01ea", "kb1m8s"),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-focusable-in-control",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=cited("4.1.2"),
        measures="controls with something focusable inside, count",
        texts=bilingual(
            Texts(
                "A {inner} that takes the focus sits inside an element of role {role}",
                "What is inside a {role} is presented as a picture: assistive technology does not see the {inner}.",
                "WCAG 2.2 success criterion 4.1.2; WAI-ARIA 1.2 makes the children of {role} presentational.",
                "The focus lands on something that a screen reader cannot name or describe.",
                "Move the {inner} out of the {role}, next to it.",
            ),
            Texts(
                "Un {inner} que recibe el foco está dentro de un elemento de rol {role}",
                "Lo que hay dentro de un {role} se presenta como imagen: la tecnología de apoyo no ve el {inner}.",
                "Criterio 4.1.2 de WCAG 2.2; WAI-ARIA 1.2 hace presentacional el contenido de {role}.",
                "El foco llega a algo que el lector de pantalla no puede nombrar ni describir.",
                "Saca el {inner} del {role} y ponlo al lado.",
            ),
        ),
        check=_check_swallowed,
        viewports=(Viewport.DESKTOP,),
        absorbs=("nested-interactive",),
        act_rules=("307n5z",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-header-without-cells",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('1.3.1')}, HTML: forming relationships between cells and header cells",
        measures="header cells that no cell belongs to, count",
        texts=bilingual(
            Texts(
                "The table header “{text}” heads no cell",
                "By the table's own structure no data cell belongs to it.",
                "WCAG 2.2 success criterion 1.3.1, Info and Relationships.",
                "People who listen to the table hear a heading that nothing follows, or cells without their heading.",
                "Use <td> if it is data, set its scope, or add the cells that it should head.",
            ),
            Texts(
                "El encabezado de tabla «{text}» no encabeza ninguna celda",
                "Por la estructura de la tabla no le corresponde ninguna celda de datos.",
                "Criterio 1.3.1 de WCAG 2.2, Información y relaciones.",
                "Quienes escuchan la tabla oyen un encabezado al que no sigue nada, o celdas sin el suyo.",
                "Usa <td> si es un dato, indica su scope o añade las celdas que debería encabezar.",
            ),
        ),
        check=_check_headers,
        viewports=(Viewport.DESKTOP,),
        absorbs=("th-has-data-cells",),
        act_rules=("d0f69e",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-equal-labels",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('2.4.6')}, {cited('3.3.2')}",
        measures="fields of one kind and one label in one group, count",
        texts=bilingual(
            Texts(
                "{count} fields are all called “{name}”",
                "They stand in the same form under the same heading, and nothing else tells them apart.",
                "WCAG 2.2 success criteria 2.4.6, Headings and Labels, and 3.3.2, Labels or Instructions.",
                "People cannot tell what goes where, least of all those who hear one field at a time.",
                "Say in each label what the field is for, or group the fields in a <fieldset> with a <legend>.",
            ),
            Texts(
                "{count} campos se llaman «{name}»",
                "Están en el mismo formulario, bajo el mismo título, y nada más los distingue.",
                "Criterios 2.4.6, Encabezados y etiquetas, y 3.3.2, Etiquetas o instrucciones, de WCAG 2.2.",
                "La gente no sabe qué va en cada uno, sobre todo quien oye los campos de uno en uno.",
                "Di en cada etiqueta para qué es el campo, o agrúpalos en un <fieldset> con su <legend>.",
            ),
        ),
        check=_check_equal_labels,
        viewports=(Viewport.DESKTOP,),
        act_rules=("cc0f0a",),
        needs=frozenset({Part.NAMES}),
    ),
)
