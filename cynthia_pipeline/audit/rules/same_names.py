"""Links and frames of one name that lead to different things: WCAG 2.2 SC 2.4.4, 2.4.9 and 4.1.2.

Two links lead to the same when their addresses are equal, or when what is found there is mostly the same words and no
other telephone number; not, when their addresses ask one page for different things. Where that cannot be known (another
site, a missing page), nothing is claimed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from cynthia_pipeline.audit.accessibility import NamedFrame, NamedLink
from cynthia_pipeline.audit.artifacts import Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_SAME = 0.5
"""Share of common words (Jaccard index) from which two pages say the same."""

_SHORT = 20
"""Words of a page that holds little but how to get in touch."""

_TELEPHONE: Final = re.compile(
    r"(?:\b(?:tel|phone|telephone|mobile|fax|whatsapp|call|call us|teléfono|móvil|llama|llámanos)\W{1,3}|(?=[+(]))"
    r"(\+?\(?\d[\d ()/.-]{5,18}\d)(?!\w)"
)
_DATE: Final = re.compile(r"\(?(?:(?:19|20)\d\d[-./ ]?(?:0?\d|1[0-2])\b|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})")
_DIGITS: Final = range(7, 16)
"""Of a telephone number (ITU-T E.164: 15 at most)."""

_ASKS: Final = re.compile(
    r"(?:.*[-_])?(?:id|page|p|article|post|item|product|topic|chapter|section|view|doc)", re.IGNORECASE
)
"""Parameters of an address that say what is asked for."""

_ADVERTS: Final = re.compile(
    r"\b(?:ad|ads|adverts?|advertise?ments?|advertising|sponsored|publicidad|anuncios?|patrocinad[oa]s?|werbung|anzeigen?"
    r"|publicité|annonces?)\b"
)
"""Names that say what kind of thing a frame holds, whichever it is this time."""


def telephones(content: str) -> frozenset[str]:
    """The digits of the telephone numbers in a text; dates are none."""
    digits = (re.sub(r"\D", "", number) for number in _TELEPHONE.findall(content) if not _DATE.match(number))
    return frozenset(number for number in digits if len(number) in _DIGITS)


def _are_same(one: str, other: str) -> bool:
    """Whether two pages say the same: most of their words, and if both give telephone numbers, one of them."""
    first, second = set(one.split()), set(other.split())
    if not first or not second:
        return first == second
    numbers, others = telephones(one), telephones(other)
    if numbers and others and not numbers & others:
        return False
    if numbers & others and min(len(first), len(second)) < _SHORT:
        return True  # two short pages with the same telephone number serve the same end
    return len(first & second) / len(first | second) >= _SAME


def ask_apart(one: str, other: str) -> bool:
    """Whether two addresses differ in nothing but what they ask of one page: ?page=1 and ?page=2."""
    first, second = urlsplit(one), urlsplit(other)
    if (first.netloc, first.path) != (second.netloc, second.path):
        return False
    asked, wanted = dict(parse_qsl(first.query)), dict(parse_qsl(second.query))
    apart = [name for name in asked.keys() | wanted.keys() if asked.get(name) != wanted.get(name)]
    return bool(apart) and all(name in asked and name in wanted and _ASKS.fullmatch(name) for name in apart)


def _is_same(one: tuple[str, str | None], other: tuple[str, str | None]) -> bool | None:
    """Whether two addresses, each with what is there, lead to the same; None if it cannot be known."""
    if ask_apart(one[0], other[0]):
        return False
    return None if one[1] is None or other[1] is None else _are_same(one[1], other[1])


def _kinds(contents: Iterable[tuple[str, str | None]]) -> int | None:
    """How many different things these (address, content) pairs lead to; None if it cannot be known."""
    by_address = dict(contents)
    kinds: list[tuple[str, str | None]] = []
    is_unsure = False
    for item in by_address.items():
        answers = [_is_same(item, other) for other in kinds]
        if all(answer is False for answer in answers):
            kinds.append(item)
        elif True not in answers:
            is_unsure = True
    return None if is_unsure and len(kinds) < 2 else len(kinds)


def _check_context(view: ViewportArtifacts) -> Verdict:
    return _check_links(view, Severity.MAJOR, within_context=True)


def _check_everywhere(view: ViewportArtifacts) -> Verdict:
    return _check_links(view, Severity.INFO, within_context=False)


def _check_links(view: ViewportArtifacts, severity: Severity, *, within_context: bool) -> Verdict:
    groups: dict[tuple[str, int], list[NamedLink]] = defaultdict(list)
    for link in view.accessibility.links:
        groups[link.name, link.context if within_context else -1].append(link)
    return _verdict(view, groups.values(), severity)


def _check_frames(view: ViewportArtifacts) -> Verdict:
    groups: dict[str, list[NamedFrame]] = defaultdict(list)
    for frame in view.accessibility.frames:
        if not _ADVERTS.search(frame.name):
            groups[frame.name].append(frame)
    return _verdict(view, groups.values(), Severity.MAJOR)


def _verdict(
    view: ViewportArtifacts, groups: Iterable[Sequence[NamedLink | NamedFrame]], severity: Severity
) -> Verdict:
    findings: list[Finding] = []
    checked = reviews = 0
    for group in groups:
        if len(group) < 2:
            continue
        checked += 1
        kinds = _kinds((item.address or f"#{item.element}", item.content) for item in group)
        if kinds is None:
            reviews += 1
        elif kinds > 1:
            findings += [
                Finding(
                    severity,
                    cause=group[0].name,
                    facts={"name": group[0].name[:80], "count": str(len(group)), "kinds": str(kinds)},
                    element=view.elements[index],
                )
                for index in dict.fromkeys(item.element for item in group)
            ]
    return Verdict(checked, tuple(findings), reviews)


_LINKS_EN = Texts(
    "{count} links called “{name}” lead to {kinds} different pages",
    "The links have the same name; what was found behind them, or what their addresses ask for, is not the same.",
    "WCAG 2.2 success criteria 2.4.4 and 2.4.9, Link Purpose: a link's name says where it leads.",
    "People who go from link to link, by screen reader or by voice, cannot tell which of them they want.",
    "Name each link after what it leads to, or let them lead to the same page.",
)
_LINKS_ES = Texts(
    "{count} enlaces llamados «{name}» llevan a {kinds} páginas distintas",
    "Los enlaces tienen el mismo nombre; lo que hay detrás, o lo que piden sus direcciones, no es lo mismo.",
    "Criterios 2.4.4 y 2.4.9 de WCAG 2.2, Propósito de los enlaces: el nombre dice adónde lleva.",
    "Quienes van de enlace en enlace, con lector de pantalla o por voz, no saben cuál de ellos quieren.",
    "Da a cada enlace el nombre de lo que abre, o haz que lleven a la misma página.",
)

RULES = (
    Rule(
        id="acc-same-name-links",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("2.4.4"),
        measures="links of one name in one context, and the different pages behind them, count",
        texts=bilingual(_LINKS_EN, _LINKS_ES),
        check=_check_context,
        viewports=(Viewport.DESKTOP,),
        act_rules=("fd3a94",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-same-name-links-apart",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("2.4.9"),
        measures="links of one name on the page, and the different pages behind them, count",
        texts=bilingual(_LINKS_EN, _LINKS_ES),
        check=_check_everywhere,
        viewports=(Viewport.DESKTOP,),
        absorbs=("identical-links-same-purpose",),
        act_rules=("b20e66",),
        needs=frozenset({Part.NAMES}),
    ),
    Rule(
        id="acc-same-name-frames",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("4.1.2"),
        measures="frames of one name, and the different contents in them, count",
        texts=bilingual(
            Texts(
                "{count} frames called “{name}” hold {kinds} different things",
                "The frames have the same name, but not the same content.",
                "WCAG 2.2 success criterion 4.1.2, Name, Role, Value: a frame's name says what is in it.",
                "People who use a screen reader cannot tell the frames apart without stepping into each.",
                "Give each frame a title of its own that says what it holds.",
            ),
            Texts(
                "{count} marcos llamados «{name}» contienen {kinds} cosas distintas",
                "Los marcos tienen el mismo nombre, pero no el mismo contenido.",
                "Criterio 4.1.2 de WCAG 2.2, Nombre, función, valor: el nombre de un marco dice qué contiene.",
                "Quienes usan lector de pantalla no distinguen los marcos sin entrar en cada uno.",
                "Da a cada marco un title propio que diga lo que contiene.",
            ),
        ),
        check=_check_frames,
        viewports=(Viewport.DESKTOP,),
        absorbs=("frame-title-unique",),
        act_rules=("4b1c6c",),
        needs=frozenset({Part.NAMES}),
    ),
)
