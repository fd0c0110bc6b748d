"""Fields whose label goes away, is doubled, far off or leaves something out: WCAG 2.2 SC 1.3.1 and 3.3.2."""

import re

from cynthia_pipeline.audit.artifacts import Element, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_FAR = 240.0
"""CSS px between label and field in a row: about a third of a column of text. A threshold of this project."""


def _check_placeholder(view: ViewportArtifacts) -> Verdict:
    labels = view.accessibility.markup.labels
    findings = tuple(
        Finding(
            Severity.MINOR,
            "placeholder",
            {"text": f"“{item.placeholder[:60]}”"},
            view.elements[item.element],
            before=f'placeholder="{item.placeholder[:60]}"',
            after=f"<label>{item.placeholder[:60]}</label>",
        )
        for item in labels
        if item.only_placeholder
    )
    return Verdict(len(labels), findings)


_SAYS_NOTHING = re.compile(
    r"(text |input |form )?field|text ?box|(main )?menu|navigation|submit|go|ok|(click )?here"
    r"|(enter|type|write)( here| text| something| text here)?|your text( here)?|placeholder|untitled|required"
    r"|undefined|null|nan|object object"
    r"|campo( de texto)?|cuadro de texto|menú( principal)?|navegación|enviar|ir|aceptar|(haz clic )?aquí"
    r"|(escrib[ae]|introduzca|introduce)( aquí| texto| algo| el texto)?|tu texto( aquí)?|sin título|obligatorio"
)
"""What fits any field, and what parts of a page and buttons are called, but nothing that is typed in."""

_TYPED = frozenset({"", "text", "textarea", "search", "email", "tel", "url", "password", "number"})


def _check_words(view: ViewportArtifacts) -> Verdict:
    fields = [field for field in view.accessibility.fields if field.type in _TYPED]
    findings = tuple(
        Finding(Severity.MAJOR, field.name, {"text": f"“{field.name[:60]}”"}, view.elements[field.element])
        for field in fields
        if _says_no_datum(field.name)
    )
    return Verdict(len(fields), findings)


def _says_no_datum(name: str) -> bool:
    words = " ".join(re.findall(r"\w+", name.casefold()))
    return not words or _SAYS_NOTHING.fullmatch(words) is not None


def _check_several(view: ViewportArtifacts) -> Verdict:
    labels = view.accessibility.markup.labels
    findings = tuple(
        Finding(Severity.MINOR, "several", {"count": str(item.labels)}, view.elements[item.element])
        for item in labels
        if item.labels > 1
    )
    return Verdict(len(labels), findings)


def _check_gap(view: ViewportArtifacts) -> Verdict:
    labels = [item for item in view.accessibility.markup.labels if item.labels]
    findings = tuple(
        Finding(Severity.MINOR, "gap", {"gap": f"{number(item.gap, 0)} px"}, view.elements[item.element])
        for item in labels
        if item.gap > _FAR
    )
    return Verdict(len(labels), findings)


def _check_notes(view: ViewportArtifacts) -> Verdict:
    markup = view.accessibility.markup
    findings = tuple(
        Finding(
            Severity.MINOR,
            "note",
            {"text": f"“{item.words[:80]}”"},
            view.elements[item.field],
            after=f'aria-describedby="{view.elements[item.element].id or "…"}"',
        )
        for item in markup.notes
    )
    return Verdict(len(markup.labels), findings)


def _check_choices(view: ViewportArtifacts) -> Verdict:
    groups = view.accessibility.markup.choices
    findings = tuple(
        Finding(
            Severity.MINOR,
            view.elements[item.element].attributes.get("type", ""),
            {
                "count": str(item.count),
                "tag": f'<input type="{view.elements[item.element].attributes.get("type", "")}">',
            },
            view.elements[item.element],
            after="<fieldset><legend>…</legend>",
        )
        for item in groups
        if not item.is_grouped
    )
    return Verdict(len(groups), findings)


def _check_legends(view: ViewportArtifacts) -> Verdict:
    fieldsets = [
        element
        for element in view.visible
        if element.tag == "fieldset" and element.attributes.get("role", "group") in ("group", "radiogroup")
    ]
    findings = tuple(
        Finding(Severity.MINOR, "legend", {"tag": "<fieldset>"}, element, after="<legend>…</legend>")
        for element in fieldsets
        if not _has_legend(view, element)
        and any(True for _ in (*view.descendants(element), *([element] if element.text else ())))
    )
    return Verdict(len(fieldsets), findings)


def _has_legend(view: ViewportArtifacts, fieldset: Element) -> bool:
    if any(fieldset.attributes.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title")):
        return True
    legends = (one for one in view.descendants(fieldset) if one.tag == "legend" and one.parent == fieldset.index)
    return any(_says_something(view, legend) for legend in legends)


def _says_something(view: ViewportArtifacts, legend: Element) -> bool:
    inside = (legend, *view.descendants(legend))
    return any(one.text or one.attributes.get("alt") or one.attributes.get("aria-label") for one in inside)


_DESKTOP = (Viewport.DESKTOP,)
_NAMES = frozenset({Part.NAMES})

RULES = (
    Rule(
        id="acc-placeholder-label",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('3.3.2')}; HTML Living Standard, 4.10.5.3.10: placeholder is no label",
        measures="fields that only their placeholder names, count",
        texts=bilingual(
            Texts(
                "A field's only label is its placeholder {text}",
                "It has no <label>, no title and no ARIA name; the words go away with the first key.",
                "HTML: the placeholder attribute should not be used as a replacement for a label.",
                "Who is interrupted no longer knows what the field was for; old assistive technology says nothing.",
                "Add a visible <label> and keep the placeholder for an example, if at all.",
            ),
            Texts(
                "La única etiqueta de un campo es su placeholder {text}",
                "No tiene <label>, title ni nombre ARIA; las palabras desaparecen con la primera tecla.",
                "HTML: el atributo placeholder no debe sustituir a una etiqueta.",
                "Quien se distrae ya no sabe para qué era el campo; las ayudas técnicas antiguas callan.",
                "Añade un <label> visible y deja el placeholder para un ejemplo, si acaso.",
            ),
        ),
        check=_check_placeholder,
        viewports=_DESKTOP,
        needs=_NAMES,
    ),
    Rule(
        id="acc-label-says-nothing",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("2.4.6"),
        measures="fields for typing whose name is no datum, count",
        texts=bilingual(
            Texts(
                "A field is called {text}, which does not say what goes in",
                "Its name would fit any field, or names a part of the page or a button.",
                "WCAG 2.2 success criterion 2.4.6, Headings and Labels: labels describe topic or purpose.",
                "Who comes to the field by Tab or by ear does not know what to type.",
                "Name in the label what is to be typed: a name, a place, a word to search for.",
            ),
            Texts(
                "Un campo se llama {text}, que no dice qué se escribe en él",
                "Su nombre valdría para cualquier campo, o es el de una parte de la página o de un botón.",
                "Criterio 2.4.6 de WCAG 2.2, Encabezados y etiquetas: describen el tema o el propósito.",
                "Quien llega al campo con el tabulador o de oído no sabe qué escribir.",
                "Nombra en la etiqueta lo que se escribe: un nombre, un lugar, una palabra que buscar.",
            ),
        ),
        check=_check_words,
        viewports=_DESKTOP,
        act_rules=("cc0f0a",),
        needs=_NAMES,
    ),
    Rule(
        id="acc-several-labels",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('1.3.1')}, technique H44",
        measures="visible labels of one field, count",
        texts=bilingual(
            Texts(
                "A field has {count} labels",
                "{count} visible <label> elements name the same field.",
                "Technique H44 for WCAG 2.2: one label for one control; more are not read out by all.",
                "Some assistive technology reads the first one only, some the last.",
                "Keep one <label>; make what names a group a <legend>, and a hint aria-describedby.",
            ),
            Texts(
                "Un campo tiene {count} etiquetas",
                "{count} elementos <label> visibles nombran el mismo campo.",
                "Técnica H44 de WCAG 2.2: una etiqueta por control; no todos los lectores leen más.",
                "Unas ayudas técnicas leen solo la primera y otras la última.",
                "Deja un <label>; lo que nombra un grupo va en <legend>, y la ayuda en aria-describedby.",
            ),
        ),
        check=_check_several,
        viewports=_DESKTOP,
        absorbs=("form-field-multiple-labels",),
        needs=frozenset({Part.NAMES, Part.AXE}),
    ),
    Rule(
        id="lft-label-gap",
        axis=Axis.LFT,
        fix_type=FixType.LAYOUT,
        source=f"Gestalt law of proximity; technique G162 for {cited('3.3.2')}",
        measures="distance from a label's words to its field in the same row, CSS px",
        texts=bilingual(
            Texts(
                "A label stands {gap} away from its field",
                "Between the label's words and the field beside it are {gap}.",
                f"What belongs together stands together; {_FAR:.0f} px are too far. A threshold of this project.",
                "With a screen magnifier one sees the label or the field, never both.",
                "Put the label above the field, or right beside it.",
            ),
            Texts(
                "Una etiqueta está a {gap} de su campo",
                "Entre las palabras de la etiqueta y el campo de al lado hay {gap}.",
                f"Lo que va junto está junto; se avisa desde {_FAR:.0f} px. Umbral de este proyecto.",
                "Con un ampliador de pantalla se ve la etiqueta o el campo, nunca ambos.",
                "Pon la etiqueta encima del campo o justo al lado.",
            ),
        ),
        check=_check_gap,
        viewports=_DESKTOP,
        needs=_NAMES,
    ),
    Rule(
        id="acc-note-apart",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('1.3.1')}, technique ARIA1",
        measures="hints between a label and its field that nothing ties to it, count",
        texts=bilingual(
            Texts(
                "The hint {text} is not tied to its field",
                "It stands between the label and the field, which has no aria-describedby.",
                "Technique ARIA1 for WCAG 2.2 success criterion 1.3.1: aria-describedby ties a hint to its field.",
                "Who goes from field to field by Tab hears the label and never the hint.",
                "Give the hint an id and name it in the field's aria-describedby.",
            ),
            Texts(
                "La ayuda {text} no está asociada a su campo",
                "Está entre la etiqueta y el campo, que no tiene aria-describedby.",
                "Técnica ARIA1 del criterio 1.3.1 de WCAG 2.2: aria-describedby asocia la ayuda al campo.",
                "Quien va de campo en campo con el tabulador oye la etiqueta y nunca la ayuda.",
                "Pon un id a la ayuda y nómbralo en el aria-describedby del campo.",
            ),
        ),
        check=_check_notes,
        viewports=_DESKTOP,
        needs=_NAMES,
    ),
    Rule(
        id="acc-choices-ungrouped",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('1.3.1')}, technique H71",
        measures="radio buttons or checkboxes of one name outside of a group, count",
        texts=bilingual(
            Texts(
                "{count} choices of one question are not grouped",
                "{count} {tag} share a name, and no <fieldset> or role holds them together.",
                "Technique H71 for WCAG 2.2 success criterion 1.3.1: a fieldset ties choices to their question.",
                "By ear one hears “Yes, No” and not what is asked.",
                "Put them into <fieldset>, with the question as <legend>.",
            ),
            Texts(
                "{count} opciones de una pregunta no están agrupadas",
                "{count} {tag} comparten nombre y no los une ningún <fieldset> ni role.",
                "Técnica H71 del criterio 1.3.1 de WCAG 2.2: fieldset y legend unen las opciones a su pregunta.",
                "De oído se oye «Sí, No» y no qué se pregunta.",
                "Ponlas en <fieldset>, con la pregunta como <legend>.",
            ),
        ),
        check=_check_choices,
        viewports=_DESKTOP,
        needs=_NAMES,
    ),
    Rule(
        id="acc-group-unnamed",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('1.3.1')}, technique H71",
        measures="fieldsets without words in a legend, count",
        texts=bilingual(
            Texts(
                "A {tag} has no name",
                "It has no <legend> with words in it, and no ARIA name.",
                "Technique H71 for WCAG 2.2 success criterion 1.3.1: the legend says what the group is about.",
                "Screen readers say “group” and not of what.",
                "Add a <legend> as the first child, or take the <fieldset> away if it groups nothing.",
            ),
            Texts(
                "Un {tag} no tiene nombre",
                "No tiene <legend> con palabras ni nombre ARIA.",
                "Técnica H71 del criterio 1.3.1 de WCAG 2.2: la leyenda dice de qué trata el grupo.",
                "El lector de pantalla dice «grupo» y no de qué.",
                "Añade un <legend> como primer hijo, o quita el <fieldset> si no agrupa nada.",
            ),
        ),
        check=_check_legends,
        viewports=_DESKTOP,
    ),
)
