"""Drop-down lists that leave the page as soon as something is chosen: WCAG 2.2 SC 3.2.2."""

from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited


def _check(view: ViewportArtifacts) -> Verdict:
    """A list that says what it does may do it; whether its words say enough is for a person to judge."""
    leaving = view.keyboard.leaving
    findings = tuple(
        Finding(Severity.MAJOR, "leaves", {"tag": "<select>"}, view.elements[item.element])
        for item in leaving
        if not item.is_told
    )
    return Verdict(view.keyboard.lists, findings, reviews=sum(item.is_told for item in leaving))


RULES = (
    Rule(
        id="acc-list-leaves",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('3.2.2')}, failure F37, technique G80",
        measures="drop-down lists that leave the page when something is chosen, count",
        texts=bilingual(
            Texts(
                "Choosing from a list leaves the page at once",
                "Another option of the {tag} was chosen, and another page began to load; its label does not say so.",
                "WCAG 2.2 success criterion 3.2.2, On Input: a setting does not change the context unannounced.",
                "Who goes through the options with the arrow keys, or hears them one by one, is gone at the first.",
                "Leave the page by a button beside the list (technique G80).",
            ),
            Texts(
                "Elegir en una lista abandona la página al instante",
                "Se eligió otra opción del {tag} y empezó a cargarse otra página; su etiqueta no avisa.",
                "Criterio 3.2.2 de WCAG 2.2, Al recibir entradas: elegir un valor no cambia el contexto sin avisar.",
                "Quien recorre las opciones con las flechas, o las escucha una a una, se va con la primera.",
                "Sal de la página con un botón junto a la lista (técnica G80).",
            ),
        ),
        check=_check,
        viewports=(Viewport.DESKTOP,),
        needs=frozenset({Part.KEYBOARD}),
    ),
)
