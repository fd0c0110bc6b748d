"""What style sheets and attributes do that some people never get: words by CSS, menus by hover, turned pages, keys."""

from cynthia_pipeline.audit.artifacts import Element, Flag, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.wcag import cited

_QUARTER = 90.0
_TOLERANCE = 1.0
"""Degrees."""

_ACTIVE = frozenset(
    {"a", "button", "input", "select", "textarea", "summary", "iframe", "video", "audio", "label", "area"}
)


def _check_written(view: ViewportArtifacts) -> Verdict:
    texts = view.content.styled.texts
    findings = tuple(
        Finding(Severity.MINOR, item.words, {"words": f"“{item.words[:60]}”"}, view.elements[item.element])
        for item in texts
    )
    return Verdict(len(texts) + view.content.features.get("rules", 0), findings)


def _check_hover(view: ViewportArtifacts) -> Verdict:
    hovered = view.content.styled.hovered
    findings = tuple(
        Finding(
            Severity.MAJOR,
            f"owner {item.owner}",
            {"tag": f"<{view.elements[item.element].tag}>"},
            view.elements[item.owner if item.owner >= 0 else item.element],
            before=":hover",
            after=":hover, :focus-within",
        )
        for item in hovered
    )
    return Verdict(len(hovered) + view.content.features.get("rules", 0), findings)


def _check_turned(view: ViewportArtifacts) -> Verdict:
    turned = view.content.styled.turned
    findings = tuple(
        Finding(
            Severity.MAJOR,
            "turned",
            {"tag": f"<{view.elements[item.element].tag}>", "measured": f"{number(item.degrees)}°"},
            view.elements[item.element],
        )
        for item in turned
        if abs(item.degrees % 180 - _QUARTER) <= _TOLERANCE and _is_large(view, view.elements[item.element])
    )
    return Verdict(len(turned), findings)


def _is_large(view: ViewportArtifacts, element: Element) -> bool:
    """Whether the page turns, or most of what is seen of it, and not a sign or an arrow on it."""
    if element.tag in ("html", "body"):
        return True
    return element.rect.width * element.rect.height >= view.viewport.width * view.viewport.height / 2


def _check_access_keys(view: ViewportArtifacts) -> Verdict:
    keyed = [element for element in view.visible if element.attributes.get("accesskey", "").strip()]
    findings = tuple(
        Finding(
            Severity.INFO,
            "accesskey",
            {"key": element.attributes["accesskey"][:10], "tag": f"<{element.tag}>"},
            element,
            before=f'accesskey="{element.attributes["accesskey"][:10]}"',
        )
        for element in keyed
    )
    return Verdict(len(view.visible), findings)


def _check_idle_stops(view: ViewportArtifacts) -> Verdict:
    stops = [element for element in view.visible if element.attributes.get("tabindex", "").strip() == "0"]
    findings = tuple(
        Finding(Severity.INFO, element.tag, {"tag": f"<{element.tag}>"}, element, before='tabindex="0"')
        for element in stops
        if _does_nothing(view, element)
    )
    return Verdict(len(stops), findings)


def _does_nothing(view: ViewportArtifacts, element: Element) -> bool:
    attributes = element.attributes
    if element.tag in _ACTIVE or "-" in element.tag or "onclick" in attributes or "contenteditable" in attributes:
        return False
    if (
        attributes.get("role")
        or attributes.get("aria-label")
        or attributes.get("aria-labelledby")
        or attributes.get("title")
    ):
        return False
    scrolls = any(element.style[key] in ("auto", "scroll") for key in ("overflow-x", "overflow-y"))
    held = element.style["cursor"] == "pointer" or element.index in view.content.styled.pointers
    return not scrolls and not held and element.index not in view.accessibility.scrollers


def _check_objects(view: ViewportArtifacts) -> Verdict:
    objects = view.accessibility.markup.objects
    findings = tuple(
        Finding(
            Severity.MAJOR,
            "unnamed",
            {"file": item.file or "–"},
            view.elements[item.element],
            after='<object aria-label="…">',
        )
        for item in objects
        if not item.is_named and Flag.HIDDEN_FROM_AT not in view.elements[item.element].flags
    )
    return Verdict(len(objects), findings)


def _check_values(view: ViewportArtifacts) -> Verdict:
    values = view.accessibility.markup.aria_values
    findings = tuple(
        Finding(
            Severity.MAJOR,
            item.attribute,
            {"attribute": item.attribute, "value": f"“{item.value}”"},
            view.elements[item.element],
        )
        for item in values
    )
    described = sum("aria-labelledby" in element.attributes for element in view.visible)
    return Verdict(len(values) + described, findings)


_DESKTOP = (Viewport.DESKTOP,)

RULES = (
    Rule(
        id="acc-text-by-style",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.3.1')}, failure F87",
        measures="words written by ::before and ::after, count",
        texts=bilingual(
            Texts(
                "The words {words} stand in the style sheet only",
                "They are written by ::before or ::after and are no part of the page's text.",
                "WCAG failure F87: content inserted by CSS that is no decoration.",
                "They cannot be searched, selected or translated, and some assistive technology leaves them out.",
                "Write them into the page.",
            ),
            Texts(
                "Las palabras {words} están solo en la hoja de estilos",
                "Las escribe ::before o ::after y no forman parte del texto de la página.",
                "Fallo F87 de WCAG: contenido insertado por CSS que no es decoración.",
                "No se pueden buscar, seleccionar ni traducir, y algunas ayudas técnicas las omiten.",
                "Escríbelas en la página.",
            ),
        ),
        check=_check_written,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-hover-only",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('2.1.1')}, failure F54",
        measures="hidden content that :hover shows and no :focus does, count",
        texts=bilingual(
            Texts(
                "Something appears under the pointer only",
                "A style for :hover shows a hidden {tag}; none for :focus-within does, and no aria-expanded tells.",
                "WCAG failure F54: only pointing devices reach a function.",
                "With a keyboard, by touch and by voice what is hidden there cannot be reached.",
                "Show it with :focus-within as well, or better by a <button> with aria-expanded.",
            ),
            Texts(
                "Algo aparece solo bajo el puntero",
                "Un estilo de :hover muestra un {tag} oculto; ninguno de :focus o :focus-within, ni hay aria-expanded.",
                "Fallo F54 de WCAG: solo los dispositivos de puntero llegan a una función.",
                "Con teclado, al tacto y por voz no se llega a lo que se esconde ahí.",
                "Muéstralo también con :focus-within o, mejor, con un <button> con aria-expanded.",
            ),
        ),
        check=_check_hover,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-orientation-lock",
        axis=Axis.ACC,
        fix_type=FixType.LAYOUT,
        source=f"{cited('1.3.4')}, failure F97",
        measures="turn of the page between the orientations of the screen, degrees",
        texts=bilingual(
            Texts(
                "The page turns by {measured} against the screen",
                "A style for the other orientation turns {tag} by {measured}, so that the page keeps one orientation.",
                "WCAG 2.2 success criterion 1.3.4, Orientation: content is not locked to one orientation.",
                "Who has the device fixed, to a wheelchair for one, reads it sideways.",
                "Remove the rotation, and lay the page out for both orientations.",
            ),
            Texts(
                "La página gira {measured} respecto a la pantalla",
                "Un estilo para la otra orientación gira {tag} {measured}, de modo que la página conserva una sola.",
                "Criterio 1.3.4 de WCAG 2.2, Orientación: el contenido no se bloquea en una.",
                "Quien lleva el aparato fijo, por ejemplo en una silla de ruedas, la lee de lado.",
                "Quita la rotación y maqueta la página para las dos orientaciones.",
            ),
        ),
        check=_check_turned,
        absorbs=("css-orientation-lock",),
        act_rules=("b33eff",),
        needs=frozenset({Part.AXE}),
    ),
    Rule(
        id="acc-access-key",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source="WebAIM, Keyboard Accessibility: accesskey; HTML Living Standard, 6.6.2",
        measures="elements with an accesskey, count",
        texts=bilingual(
            Texts(
                "The access key {key} may take a key from assistive technology",
                "A {tag} has accesskey={key}.",
                "Which keys are free differs with browser, system, language and reader; nobody is told of the key.",
                "A command of the screen reader or the browser does something else on this page.",
                "Remove the attribute.",
            ),
            Texts(
                "La tecla de acceso {key} puede quitar una tecla a las ayudas técnicas",
                "Un {tag} tiene accesskey={key}.",
                "Qué teclas están libres depende de navegador, sistema, idioma y lector; a nadie se le dice.",
                "Una orden del lector de pantalla o del navegador hace otra cosa en esta página.",
                "Quita el atributo.",
            ),
        ),
        check=_check_access_keys,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-idle-stop",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('2.4.3')}; ARIA Authoring Practices Guide, keyboard interface",
        measures="Tab stops on elements that do nothing, count",
        texts=bilingual(
            Texts(
                "The Tab key stops at a {tag} that does nothing",
                'It has tabindex="0", and neither a role nor a name nor a handler, and it does not scroll.',
                "The Tab key is for what can be operated; text is read without it.",
                "Every such stop is one more press on the way, and leaves one wondering what to do there.",
                "Remove the tabindex; if the element can be operated, make it a <button> or a link.",
            ),
            Texts(
                "El tabulador se para en un {tag} que no hace nada",
                'Tiene tabindex="0" y ni función, ni nombre, ni manejador, y no se desplaza.',
                "El tabulador es para lo que se puede accionar; el texto se lee sin él.",
                "Cada parada así es una pulsación más, y uno se pregunta qué hacer ahí.",
                "Quita el tabindex; si se puede accionar, hazlo <button> o enlace.",
            ),
        ),
        check=_check_idle_stops,
        viewports=_DESKTOP,
        absorbs=("focus-order-semantics",),
        needs=frozenset({Part.NAMES, Part.AXE}),
    ),
    Rule(
        id="acc-object-unnamed",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.1.1')}; HTML-AAM 1.0, object",
        measures="objects that show a picture, a film or a recording without a name, count",
        texts=bilingual(
            Texts(
                "An <object> shows {file} and has no name",
                "It has no title and no ARIA name; what stands inside of it is for browsers that cannot show it.",
                "WCAG 2.2 success criterion 1.1.1: the fallback inside of an object is not its text alternative.",
                "Screen readers say “object”, or nothing.",
                "Name it with aria-label or title, or use <img>, <audio> or <video>.",
            ),
            Texts(
                "Un <object> muestra {file} y no tiene nombre",
                "No tiene title ni nombre ARIA; lo que lleva dentro es para navegadores que no pueden mostrarlo.",
                "Criterio 1.1.1 de WCAG 2.2: el contenido de reserva de un object no es su alternativa.",
                "El lector de pantalla dice «objeto», o nada.",
                "Ponle nombre con aria-label o title, o usa <img>, <audio> o <video>.",
            ),
        ),
        check=_check_objects,
        viewports=_DESKTOP,
        absorbs=("object-alt",),
        act_rules=("8fc3b6",),
        needs=frozenset({Part.NAMES, Part.AXE}),
    ),
    Rule(
        id="acc-aria-reference",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('4.1.2')}; WAI-ARIA 1.2, 6.3 Values for States and Properties",
        measures="ARIA attributes whose value can refer to nothing, count",
        texts=bilingual(
            Texts(
                "{attribute} refers to nothing",
                "Its value is {value}: one id without white space, or one that is on the page, is wanted.",
                "WAI-ARIA 1.2: an ID reference names one element of the same document.",
                "What it is meant to tie together stays apart for assistive technology.",
                "Name the id of the element that is meant.",
            ),
            Texts(
                "{attribute} no se refiere a nada",
                "Su valor es {value}: hace falta un id sin espacios, o uno que esté en la página.",
                "WAI-ARIA 1.2: una referencia por id nombra un elemento del mismo documento.",
                "Lo que debía unir sigue separado para las ayudas técnicas.",
                "Nombra el id del elemento que se quiere decir.",
            ),
        ),
        check=_check_values,
        viewports=_DESKTOP,
        absorbs=("aria-valid-attr-value",),
        act_rules=("6a7281", "in6db8"),
        needs=frozenset({Part.NAMES, Part.AXE}),
    ),
)
