"""How much of today's web platform the page uses, and what of yesterday's. A heuristic, and labelled as one."""

from collections.abc import Mapping

from cynthia_pipeline.audit.artifacts import Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual

_OBSOLETE_ELEMENTS = frozenset(
    {"acronym", "applet", "basefont", "big", "center", "dir", "font", "frameset", "frame", "nobr", "strike", "tt"}
)

_OBSOLETE_ATTRIBUTES: Mapping[str, str] = {
    "bgcolor": "background-color",
    "background": "background-image",
    "align": "text-align",
    "valign": "vertical-align",
    "cellpadding": "padding",
    "cellspacing": "border-spacing",
    "nowrap": "white-space: nowrap",
    "hspace": "margin-inline",
    "vspace": "margin-block",
}
"""With the CSS that took their place (HTML Living Standard, 16.2)."""

_EMBEDS = frozenset({"iframe", "object", "embed"})
"""Their attributes come from the code that another site gave."""

_FEATURES: Mapping[str, tuple[str, ...]] = {
    "flexbox": ("flex",),
    "grid": ("grid",),
    "custom properties": ("customProperties",),
    "clamp()": ("comparisons",),
    "prefers-color-scheme": ("colourScheme", "colourSchemeMeta"),
    "prefers-reduced-motion": ("reducedMotion",),
    "gap": ("gap",),
    "aspect-ratio": ("aspectRatio",),
    "logical properties": ("logicalProperties",),
    "container queries": ("containerQueries",),
    "cascade layers": ("layers",),
    ":has()": ("has",),
}
"""Widely or newly available in Baseline, by the counts that show their use."""

_LEAST_RULES = 50
"""Style rules below which a page has little to use anything for."""

_FEW, _VERY_FEW = 0.4, 0.2
"""Shares; thresholds of this project."""


def _check_elements(view: ViewportArtifacts) -> Verdict:
    findings = [
        Finding(Severity.MINOR, element.tag, {"tag": f"<{element.tag}>"}, element)
        for element in view.elements
        if element.tag in _OBSOLETE_ELEMENTS
    ]
    return Verdict(len(view.elements), tuple(findings))


def _check_attributes(view: ViewportArtifacts) -> Verdict:
    findings = [
        Finding(
            Severity.MINOR,
            name,
            {"attribute": f"{name}=“{element.attributes[name]}”", "wanted": css},
            element,
            before=f'{name}="{element.attributes[name]}"',
            after=css,
        )
        for element in view.elements
        if element.tag not in _EMBEDS
        for name, css in _OBSOLETE_ATTRIBUTES.items()
        if name in element.attributes
    ]
    return Verdict(len(view.elements), tuple(findings))


def _check_mode(view: ViewportArtifacts) -> Verdict:
    if not view.elements:
        return Verdict(0)
    if not view.content.features.get("quirks"):
        return Verdict(1)
    return Verdict(1, (Finding(Severity.MINOR, "quirks", {}, view.elements[0], after="<!doctype html>"),))


def _check_fonts(view: ViewportArtifacts) -> Verdict:
    faces, displayed = (view.content.features.get(name, 0) for name in ("fontFaces", "fontDisplays"))
    if displayed >= faces:
        return Verdict(faces)
    facts = {"count": str(faces - displayed), "families": str(faces)}
    finding = Finding(Severity.MINOR, "font-display", facts, view.elements[0], after="font-display: swap")
    return Verdict(faces, (finding,))


def _check_adoption(view: ViewportArtifacts) -> Verdict:
    features = view.content.features
    # What a sheet of another origin holds is not known: then nothing is said to be missing.
    if features.get("rules", 0) < _LEAST_RULES or features.get("unreadableSheets"):
        return Verdict(0)
    missing = [name for name, counts in _FEATURES.items() if not any(features.get(count) for count in counts)]
    share = 1 - len(missing) / len(_FEATURES)
    readings = {"adoption": round(share, 2)}
    if share >= _FEW:
        return Verdict(1, readings=readings)
    facts = {"share": f"{share:.0%}", "missing": ", ".join(missing)}
    severity = Severity.MINOR if share < _VERY_FEW else Severity.INFO
    return Verdict(1, (Finding(severity, "adoption", facts, view.elements[0]),), readings=readings)


RULES = (
    Rule(
        id="trd-obsolete-element",
        axis=Axis.TRD,
        fix_type=FixType.COMPONENT,
        source="HTML Living Standard, 16.2 Non-conforming features",
        measures="elements that HTML has given up, count",
        texts=bilingual(
            Texts(
                "{tag} is obsolete",
                "The page uses {tag}, which HTML has given up.",
                "The HTML standard forbids authors to use it; browsers keep it for old pages only.",
                "The look is fixed in the markup and cannot follow themes or screen sizes.",
                "Replace {tag} by a <span> or <div> and give it its look in CSS.",
            ),
            Texts(
                "{tag} está obsoleto",
                "La página usa {tag}, que HTML ha abandonado.",
                "El estándar HTML prohíbe usarlo; los navegadores lo conservan solo para páginas antiguas.",
                "El aspecto queda fijado en el marcado y no puede seguir temas ni tamaños de pantalla.",
                "Sustituye {tag} por un <span> o <div> y dale su aspecto con CSS.",
            ),
        ),
        check=_check_elements,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="trd-obsolete-attribute",
        axis=Axis.TRD,
        fix_type=FixType.COMPONENT,
        source="HTML Living Standard, 16.2 Non-conforming features",
        measures="presentational attributes that HTML has given up, count",
        texts=bilingual(
            Texts(
                "{attribute} belongs into CSS",
                "The element says {attribute}, an attribute that HTML has given up.",
                "The HTML standard forbids authors to use it; {wanted} took its place.",
                "The look is fixed in the markup and cannot follow themes or screen sizes.",
                "Remove the attribute and set {wanted} in CSS.",
            ),
            Texts(
                "{attribute} debe estar en el CSS",
                "El elemento dice {attribute}, un atributo que HTML ha abandonado.",
                "El estándar HTML prohíbe usarlo; lo sustituye {wanted}.",
                "El aspecto queda fijado en el marcado y no puede seguir temas ni tamaños de pantalla.",
                "Quita el atributo y usa {wanted} en el CSS.",
            ),
        ),
        check=_check_attributes,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="trd-quirks",
        axis=Axis.TRD,
        fix_type=FixType.COMPONENT,
        source="Quirks Mode Standard; Lighthouse doctype",
        measures="whether the browser lays the page out in quirks mode",
        texts=bilingual(
            Texts(
                "Browsers lay the page out in quirks mode",
                "Without <!doctype html> as its first line the page is laid out as in the nineties.",
                "In quirks mode sizes, tables and line heights follow old browsers' faults.",
                "The page looks different from what its style sheets say, and from one browser to the next.",
                "Make <!doctype html> the first line of the page.",
            ),
            Texts(
                "Los navegadores maquetan la página en modo quirks",
                "Sin <!doctype html> en la primera línea, la página se maqueta como en los noventa.",
                "En modo quirks, tamaños, tablas e interlineados siguen los fallos de navegadores antiguos.",
                "La página se ve distinta de lo que dicen sus estilos, y distinta en cada navegador.",
                "Pon <!doctype html> como primera línea de la página.",
            ),
        ),
        check=_check_mode,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="trd-font-display",
        axis=Axis.TRD,
        fix_type=FixType.COMPONENT,
        source="CSS Fonts Module Level 4, font-display; Lighthouse font-display",
        measures="@font-face rules without font-display, count",
        texts=bilingual(
            Texts(
                "Text waits for {count} web fonts",
                "{count} of {families} @font-face rules have no font-display.",
                "Without it browsers hide text for up to three seconds while a font is on its way.",
                "Visitors on slow connections look at a page without words.",
                "Add font-display: swap to each @font-face rule.",
            ),
            Texts(
                "El texto espera a {count} fuentes web",
                "{count} de {families} reglas @font-face no tienen font-display.",
                "Sin él, los navegadores ocultan el texto hasta tres segundos mientras llega la fuente.",
                "Con conexiones lentas, los visitantes ven una página sin palabras.",
                "Añade font-display: swap a cada regla @font-face.",
            ),
        ),
        check=_check_fonts,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="trd-adoption",
        axis=Axis.TRD,
        fix_type=FixType.LAYOUT,
        source="heuristic of this project over features of Baseline (web-platform-dx)",
        measures="share of twelve CSS features that the style sheets use",
        texts=bilingual(
            Texts(
                "The style sheets use {share} of twelve current features",
                "Not used: {missing}.",
                "Every current browser understands them. A heuristic: a page can be good without any one of them.",
                "Layouts that need workarounds break sooner, and cost more to change.",
                "At the next change look whether one of these would replace a workaround: {missing}.",
            ),
            Texts(
                "Los estilos usan un {share} de doce técnicas actuales",
                "Sin usar: {missing}.",
                "Todos los navegadores actuales las entienden. Es una heurística: se puede prescindir de cualquiera.",
                "Las maquetaciones con apaños se rompen antes y cuestan más de cambiar.",
                "En el próximo cambio mira si alguna sustituiría un apaño: {missing}.",
            ),
        ),
        check=_check_adoption,
        viewports=(Viewport.DESKTOP,),
    ),
)
