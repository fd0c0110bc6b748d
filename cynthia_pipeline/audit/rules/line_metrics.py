"""Line height and line length of running text, measured on the lines as they are set."""

import unicodedata

from cynthia_pipeline.audit.artifacts import Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import prose
from cynthia_pipeline.audit.rules.wcag import cited

_TIGHT = 1.3
"""Times the font size; below it lines of a paragraph run into each other. A threshold of this project."""

_VERY_TIGHT = 1.15
"""Below what browsers set by themselves ("normal" is about 1.15 to 1.2)."""

_TOUCHING = 1.0
"""Below it the letters of one line reach into the next."""

_LOOSE = 2.2

_WANTED = 1.5
"""SC 1.4.8, "line spacing is at least space-and-a-half"."""

_DISPLAY_SIZE = 24.0
"""px from which text is a display line, that is set tighter for good reason."""

_LONGEST = 80
"""Characters in a line, SC 1.4.8; half as many where the glyphs are full width."""

_VERY_LONG = 110
_COMFORTABLE = 66


def _check_height(view: ViewportArtifacts) -> Verdict:
    blocks = [
        (block, element)
        for block, element in prose(view)
        if block.lines >= 2 and 0 < element.font_size < _DISPLAY_SIZE and block.pitch > 0
    ]
    findings = []
    for block, element in blocks:
        measured = block.pitch / element.font_size
        # Two lines are little to run into each other, unless they touch.
        tight = _TIGHT if block.lines >= 3 else _TOUCHING
        if tight <= measured <= _LOOSE or (block.lines < 3 and measured > tight):
            continue
        findings.append(
            Finding(
                Severity.MAJOR if measured < _VERY_TIGHT else Severity.MINOR,
                cause=number(measured),
                facts={
                    "measured": number(measured),
                    "pitch": f"{number(block.pitch)} px",
                    "size": f"{number(element.font_size)} px",
                    "required": number(_WANTED),
                },
                element=element,
                before=f"line-height: {number(measured)}",
                after=f"line-height: {number(_WANTED)}",
            )
        )
    return Verdict(len(blocks), tuple(findings))


def _check_length(view: ViewportArtifacts) -> Verdict:
    blocks = [(block, element) for block, element in prose(view) if block.lines >= 2]
    findings = []
    for block, element in blocks:
        scale = 0.5 if _full_width(element.text) else 1.0
        if block.longest_line <= _LONGEST * scale:
            continue
        characters = round(block.longest_line)
        width = element.rect.width * _COMFORTABLE * scale / block.longest_line
        findings.append(
            Finding(
                Severity.MAJOR if block.longest_line > _VERY_LONG * scale else Severity.MINOR,
                cause=f"{number(element.rect.width, 0)} at {number(element.font_size)}",
                facts={
                    "measured": str(characters),
                    "most": number(_LONGEST * scale),
                    "width": f"{number(width, 0)} px",
                    "wanted": number(_COMFORTABLE * scale),
                },
                element=element,
                before=f"max-width: {number(element.rect.width, 0)}px",
                after=f"max-width: {number(width, 0)}px",
            )
        )
    return Verdict(len(blocks), tuple(findings))


def _full_width(text: str) -> bool:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return wide > len(text) / 2


RULES = (
    Rule(
        id="typ-line-height",
        axis=Axis.TYP,
        fix_type=FixType.TOKEN,
        source=f"{cited('1.4.8')}; house threshold {_TIGHT}",
        measures="distance of lines over font size, in running text of three lines and more",
        texts=bilingual(
            Texts(
                "Line height of {measured} in running text",
                "Lines are {pitch} apart at a font size of {size}: {measured} times; {required} reads easily.",
                "The eye finds the next line by the gap between lines; WCAG 2.2 SC 1.4.8 asks for {required}.",
                "Readers lose the line, most of all those with dyslexia or low vision.",
                "Set line-height to {required}.",
            ),
            Texts(
                "Interlineado de {measured} en texto corrido",
                "Las líneas distan {pitch} con letra de {size}: {measured} veces; {required} se lee con facilidad.",
                "El ojo halla la línea siguiente por el espacio entre ellas; WCAG 2.2 (1.4.8) pide {required}.",
                "Los lectores pierden la línea, sobre todo con dislexia o baja visión.",
                "Pon line-height en {required}.",
            ),
        ),
        check=_check_height,
    ),
    Rule(
        id="typ-line-length",
        axis=Axis.TYP,
        fix_type=FixType.LAYOUT,
        source=cited("1.4.8"),
        measures="characters in the longest line of running text",
        texts=bilingual(
            Texts(
                "Lines of {measured} characters",
                "The longest line holds {measured} characters; {most} is the most that reads well.",
                "WCAG 2.2 success criterion 1.4.8, Visual Presentation, asks for {most} characters at most.",
                "The way back to the next line is so long that readers land in the wrong one.",
                "Limit the text to {width}, which gives about {wanted} characters in a line.",
            ),
            Texts(
                "Líneas de {measured} caracteres",
                "La línea más larga tiene {measured} caracteres; lo máximo que se lee bien son {most}.",
                "El criterio 1.4.8 de WCAG 2.2, Presentación visual, pide {most} caracteres como máximo.",
                "El camino de vuelta es tan largo que los lectores caen en otra línea.",
                "Limita el texto a {width}, que da unos {wanted} caracteres por línea.",
            ),
        ),
        check=_check_length,
        viewports=(Viewport.DESKTOP,),
    ),
)
