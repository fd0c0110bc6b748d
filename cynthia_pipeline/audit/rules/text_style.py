"""Settings of running text that slow reading: capitals, justified lines, spread or squeezed letters."""

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts, px
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import letters, prose
from cynthia_pipeline.audit.rules.wcag import cited

_CAPITALS_FROM = 60
"""Characters from which capitals are a text and no longer a label. A threshold of this project."""

_ITALICS_FROM = 160
"""Characters, two lines, from which italics are a text and no longer a stress. A threshold of this project."""

_SQUEEZED, _SPREAD = -0.03, 0.15
"""em; outside of it words lose their shape. Thresholds of this project; SC 1.4.12 asks pages to bear 0.12."""


def _check_capitals(view: ViewportArtifacts) -> Verdict:
    blocks = list(prose(view, _CAPITALS_FROM))
    findings = tuple(
        Finding(
            Severity.MINOR,
            cause="text-transform" if element.style["text-transform"] == "uppercase" else "typed",
            facts={"characters": str(block.characters)},
            element=element,
            before="text-transform: uppercase" if element.style["text-transform"] == "uppercase" else None,
            after="text-transform: none" if element.style["text-transform"] == "uppercase" else None,
        )
        for block, element in blocks
        if element.style["text-transform"] == "uppercase" or _typed_in_capitals(element)
    )
    return Verdict(len(blocks), findings)


def _typed_in_capitals(element: Element) -> bool:
    return element.text.isupper() and letters(element.text) >= _CAPITALS_FROM * 0.6


def _check_justified(view: ViewportArtifacts) -> Verdict:
    blocks = [(block, element) for block, element in prose(view) if block.lines >= 3]
    findings = tuple(
        Finding(
            Severity.MINOR,
            cause="justify",
            facts={"lines": str(block.lines)},
            element=element,
            before="text-align: justify",
            after="text-align: start",
        )
        for block, element in blocks
        if element.style["text-align"] == "justify"
    )
    return Verdict(len(blocks), findings)


def _check_italics(view: ViewportArtifacts) -> Verdict:
    blocks = list(prose(view, _ITALICS_FROM))
    findings = tuple(
        Finding(
            Severity.MINOR,
            cause="italic",
            facts={"characters": str(block.characters)},
            element=element,
            before=f"font-style: {element.style['font-style']}",
            after="font-style: normal",
        )
        for block, element in blocks
        if element.style["font-style"] != "normal" and element.text_length >= block.characters / 2
    )
    return Verdict(len(blocks), findings)


def _check_spacing(view: ViewportArtifacts) -> Verdict:
    blocks = [(block, element) for block, element in prose(view) if element.font_size > 0]
    findings = []
    for _, element in blocks:
        measured = px(element.style["letter-spacing"]) / element.font_size
        if _SQUEEZED <= measured <= _SPREAD:
            continue
        findings.append(
            Finding(
                Severity.MINOR,
                cause=number(measured),
                facts={"measured": f"{number(measured)} em"},
                element=element,
                before=f"letter-spacing: {number(measured)}em",
                after="letter-spacing: normal",
            )
        )
    return Verdict(len(blocks), tuple(findings))


RULES = (
    Rule(
        id="typ-all-caps",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source=f"house threshold: {_CAPITALS_FROM} characters",
        measures="characters set in capitals, in one block",
        texts=bilingual(
            Texts(
                "Running text in capitals",
                "{characters} characters are set in capitals.",
                "Words are known by their outline, and capitals take it away.",
                "Reading slows down, and some screen readers spell capitals out.",
                "Set the text in sentence case; keep capitals for short labels.",
            ),
            Texts(
                "Texto corrido en mayúsculas",
                "{characters} caracteres están en mayúsculas.",
                "Las palabras se reconocen por su contorno, y las mayúsculas lo quitan.",
                "Se lee más despacio, y algunos lectores de pantalla deletrean las mayúsculas.",
                "Escribe el texto en minúsculas; deja las mayúsculas para etiquetas cortas.",
            ),
        ),
        check=_check_capitals,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="typ-justified",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source=cited("1.4.8"),
        measures="blocks of three lines and more that are justified, count",
        texts=bilingual(
            Texts(
                "Justified text",
                "A block of {lines} lines is stretched to both edges.",
                "WCAG 2.2 success criterion 1.4.8, Visual Presentation, asks for text that is not justified.",
                "The uneven gaps form rivers that readers with dyslexia fall into.",
                "Set text-align to start.",
            ),
            Texts(
                "Texto justificado",
                "Un bloque de {lines} líneas se estira a ambos bordes.",
                "El criterio 1.4.8 de WCAG 2.2, Presentación visual, pide que el texto no esté justificado.",
                "Los huecos desiguales forman ríos en los que caen los lectores con dislexia.",
                "Pon text-align en start.",
            ),
        ),
        check=_check_justified,
    ),
    Rule(
        id="typ-italics",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source=f"British Dyslexia Association, Style Guide (2018); house threshold: {_ITALICS_FROM} characters",
        measures="characters set in italics, in one block",
        texts=bilingual(
            Texts(
                "Running text in italics",
                "{characters} characters are set in italics.",
                "Style guides for readers with dyslexia ask to avoid italics: the letters lean and run together.",
                "Reading slows down, most of all on screens and at small sizes.",
                "Set the text upright; keep italics for single words, and mark quotations by a border or an indent.",
            ),
            Texts(
                "Texto corrido en cursiva",
                "{characters} caracteres están en cursiva.",
                "Las guías para lectores con dislexia piden evitar la cursiva: las letras se inclinan y se juntan.",
                "Se lee más despacio, sobre todo en pantalla y a tamaños pequeños.",
                "Pon el texto en redonda; deja la cursiva para palabras sueltas y marca las citas con borde o sangría.",
            ),
        ),
        check=_check_italics,
        viewports=(Viewport.DESKTOP,),
    ),
    Rule(
        id="typ-letter-spacing",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source=f"house thresholds {_SQUEEZED} and {_SPREAD} em",
        measures="letter spacing of running text over font size, em",
        texts=bilingual(
            Texts(
                "Letter spacing of {measured} in running text",
                "The letters are set {measured} apart from their natural place.",
                "Typefaces are drawn with the spacing that reads best at text sizes.",
                "Words fall apart or clot, and reading slows down.",
                "Set letter-spacing to normal in running text.",
            ),
            Texts(
                "Espaciado de letras de {measured} en texto corrido",
                "Las letras están a {measured} de su lugar natural.",
                "Las tipografías se dibujan con el espaciado que mejor se lee en tamaños de texto.",
                "Las palabras se deshacen o se apelmazan, y se lee más despacio.",
                "Pon letter-spacing en normal en el texto corrido.",
            ),
        ),
        check=_check_spacing,
        viewports=(Viewport.DESKTOP,),
    ),
)
