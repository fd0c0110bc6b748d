"""Where links lead, and what they should say of it first: nowhere, a window, a file, the same place."""

import re
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from cynthia_pipeline.audit.artifacts import Element, Flag, Part, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.wcag import cited

_TOP = re.compile(r"\b(top|up|start|arriba|subir|inicio)\b", re.IGNORECASE)

_WINDOW = re.compile(
    r"\b(new|another|separate) (window|tab)\b|\bopens? in\b|\bexternal\b|↗|⧉"
    r"|\b(ventana|pestaña) nueva\b|\b(nueva|otra) (ventana|pestaña)\b|\bse abre\b|\bextern[oa]\b",
    re.IGNORECASE,
)
_FILES = {
    "pdf": "PDF",
    "doc": "Word",
    "docx": "Word",
    "xls": "Excel",
    "xlsx": "Excel",
    "ppt": "PowerPoint",
    "pptx": "PowerPoint",
    "odt": "OpenDocument",
    "ods": "OpenDocument",
    "rtf": "RTF",
    "csv": "CSV",
    "zip": "ZIP",
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WebP",
}
_PICTURES = frozenset({"jpg", "jpeg", "png", "gif", "webp"})
_RECORDINGS = frozenset(
    {"mp3", "wav", "ogg", "oga", "m4a", "aac", "flac", "mp4", "m4v", "mov", "avi", "wmv", "webm", "ogv"}
)
_SAYS_FILE = re.compile(
    r"\b(pdf|docx?|word|xlsx?|excel|pptx?|powerpoint|odt|ods|rtf|csv|zip|spreadsheet|jpe?g|png|gif|webp|image|picture"
    r"|photo\w*|imagen|foto\w*|hoja de cálculo|\d+([.,]\d+)? ?(kb|mb|gb|bytes))\b",
    re.IGNORECASE,
)
_TRANSCRIPT = re.compile(r"transcri|subtitle|caption|text version|subt[ií]tul|versi[oó]n (en|de) texto", re.IGNORECASE)
_NO_TRANSCRIPT = re.compile(
    r"\b(no|without( an?y?)?|sin|no (hay|tiene)|ning[uú]na?) (transcri\w+|(sub)?(titles?|captions?)|subt[ií]tulos?)",
    re.IGNORECASE,
)


def _links(view: ViewportArtifacts) -> list[Element]:
    return [
        element
        for element in view.visible
        if element.tag == "a" and "href" in element.attributes and Flag.HIDDEN_FROM_AT not in element.flags
    ]


def _said(view: ViewportArtifacts, link: Element) -> str:
    """What the link, its attributes and the pictures in it say."""
    own = " ".join(link.attributes.get(key, "") for key in ("aria-label", "title"))
    inside = " ".join(
        " ".join([one.text, *(one.attributes.get(key, "") for key in ("alt", "title", "aria-label"))])
        for one in view.descendants(link)
    )
    return f"{view.name_of(link)} {link.text} {own} {inside}"


def _ending(link: Element) -> str:
    try:
        path = urlsplit(link.attributes["href"].strip()).path
    except ValueError:
        return ""
    return path.rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""


def _quoted(view: ViewportArtifacts, link: Element) -> str:
    return f"“{view.name_of(link)[:60]}”"


def _check_nowhere(view: ViewportArtifacts) -> Verdict:
    links = _links(view)
    findings = []
    for link in links:
        href = link.attributes["href"].strip()
        is_script = href.lower().startswith("javascript:")
        if (href != "#" and not is_script) or link.attributes.get("role") or _TOP.search(view.name_of(link)):
            continue
        cause = "javascript" if is_script else "#"
        facts = {"text": _quoted(view, link), "link": f"href=“{href[:40]}”"}
        change = f'<button type="button">{view.name_of(link)[:60]}</button>'
        findings.append(Finding(Severity.INFO, cause, facts, link, before=f'<a href="{href[:40]}">', after=change))
    return Verdict(len(links), tuple(findings))


def _check_anchors(view: ViewportArtifacts) -> Verdict:
    if view.document.measured_count < view.document.element_count:
        return Verdict(0)
    places = {element.id for element in view.elements if element.id}
    places |= {element.attributes["name"] for element in view.elements if "name" in element.attributes}
    inner = [link for link in _links(view) if re.fullmatch(r"#[^!/:~]+", link.attributes["href"].strip())]
    findings = []
    for link in inner:
        place = unquote(link.attributes["href"].strip()[1:])
        if place in places or place.lower() == "top" or link.attributes.get("role") or "onclick" in link.attributes:
            continue
        facts = {"text": _quoted(view, link), "missing": f"#{place[:40]}"}
        findings.append(Finding(Severity.MINOR, place, facts, link))
    return Verdict(len(inner), tuple(findings))


def _check_windows(view: ViewportArtifacts) -> Verdict:
    opening = [link for link in _links(view) if link.attributes.get("target", "").lower() in ("_blank", "_new")]
    findings = tuple(
        Finding(Severity.INFO, "window", {"text": _quoted(view, link)}, link, before='target="_blank"')
        for link in opening
        if not _WINDOW.search(_said(view, link))
        and not any(one.tag in ("img", "svg") for one in view.descendants(link))
    )
    return Verdict(len(opening), findings)


def _check_files(view: ViewportArtifacts) -> Verdict:
    files = [link for link in _links(view) if _ending(link) in _FILES]
    findings = []
    for link in files:
        shows_picture = any(one.tag in ("img", "svg", "picture") for one in view.descendants(link))
        around = view.elements[link.parent].text if link.parent is not None else ""
        if _SAYS_FILE.search(f"{_said(view, link)} {around}") or (shows_picture and _ending(link) in _PICTURES):
            continue
        kind = _FILES[_ending(link)]
        facts = {"text": _quoted(view, link), "file": kind}
        findings.append(
            Finding(Severity.INFO, kind, facts, link, before=f">{view.name_of(link)[:60]}<", after=f" ({kind}, …)<")
        )
    return Verdict(len(files), tuple(findings))


def _speaks_of_transcript(element: Element) -> bool:
    """Whether its words offer one; "no transcript" does not."""
    said = f"{element.text} {element.attributes.get('aria-label', '')}"
    return _TRANSCRIPT.search(_NO_TRANSCRIPT.sub("", said)) is not None


def _check_recordings(view: ViewportArtifacts) -> Verdict:
    recordings = [link for link in _links(view) if _ending(link) in _RECORDINGS]
    if not recordings:
        return Verdict(0)
    if any(map(_speaks_of_transcript, view.visible)):
        return Verdict(len(recordings))
    return Verdict(
        len(recordings),
        tuple(
            Finding(Severity.MINOR, _ending(link), {"text": _quoted(view, link), "file": _ending(link)}, link)
            for link in recordings
        ),
    )


def _check_adjacent(view: ViewportArtifacts) -> Verdict:
    links = _links(view)
    findings = []
    for link, after in pairwise(links):
        if (
            link.parent != after.parent
            or link.attributes["href"] != after.attributes["href"]
            or "onclick" in after.attributes
        ):
            continue
        if link.attributes["href"].strip() in ("", "#") or not _only_picture(view, link) ^ _only_picture(view, after):
            continue
        between = view.elements[link.index + 1 : after.index]
        last = max((one.index for one in view.descendants(link)), default=link.index)
        if any(one.index > last and one.text for one in between):
            continue
        facts = {"text": _quoted(view, link if not _only_picture(view, link) else after)}
        findings.append(Finding(Severity.MINOR, "adjacent", facts, after))
    return Verdict(max(len(links) - 1, 0), tuple(findings))


def _only_picture(view: ViewportArtifacts, link: Element) -> bool:
    inside = list(view.descendants(link))
    has_alt = any(one.tag == "img" and one.attributes.get("alt", "").strip() for one in inside)
    return has_alt and not link.text and not any(one.text for one in inside)


def _check_buttons(view: ViewportArtifacts) -> Verdict:
    buttons = [link for link in _links(view) if link.attributes.get("role") == "button"]
    findings = tuple(
        Finding(
            Severity.INFO,
            "button",
            {"text": _quoted(view, link)},
            link,
            before='<a role="button">',
            after="<button>" if link.attributes["href"].strip() in ("", "#") else "<a>",
        )
        for link in buttons
        if not re.match(r"#|javascript:|$", link.attributes["href"].strip())
    )
    return Verdict(len(buttons), findings)


def _check_sites(view: ViewportArtifacts) -> Verdict:
    by_place: dict[tuple[str, int], dict[str, Element]] = {}
    for link in view.accessibility.links:
        host = urlsplit(link.address).hostname or ""
        if host:
            place = by_place.setdefault((link.name, link.context), {})
            place.setdefault(host.removeprefix("www."), view.elements[link.element])
    findings = [
        Finding(Severity.INFO, name, {"text": f"“{name[:60]}”", "count": str(len(hosts))}, element)
        for (name, _), hosts in by_place.items()
        if len(hosts) > 1
        for element in hosts.values()
    ]
    return Verdict(len(by_place), tuple(findings))


def _check_titles(view: ViewportArtifacts) -> Verdict:
    titled = [link for link in _links(view) if link.attributes.get("title", "").strip()]
    findings = tuple(
        Finding(Severity.INFO, "title", {"title": f"“{title[:60]}”"}, link, before=f'title="{title[:60]}"')
        for link in titled
        if (title := " ".join(link.attributes["title"].split())).casefold() == view.name_of(link).casefold()
    )
    return Verdict(len(titled), findings)


_DESKTOP = (Viewport.DESKTOP,)

RULES = (
    Rule(
        id="ctx-title-repeats",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source="Technique H33 for WCAG 2.2: the title attribute supplements link text",
        measures="links whose title repeats their words, count",
        texts=bilingual(
            Texts(
                "A link's title repeats its words: {title}",
                "The title attribute says what the link says anyway.",
                "Technique H33: a title adds what the link does not say; it does not repeat it.",
                "Some screen readers read it twice, and the tooltip covers what is below.",
                "Remove the title attribute.",
            ),
            Texts(
                "El title de un enlace repite sus palabras: {title}",
                "El atributo title dice lo que el enlace ya dice.",
                "Técnica H33: el title añade lo que el enlace no dice; no lo repite.",
                "Algunos lectores lo leen dos veces, y el globo tapa lo que hay debajo.",
                "Quita el atributo title.",
            ),
        ),
        check=_check_titles,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-link-nowhere",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('2.1.1')}, failure F42",
        measures="links to “#” or to a script, count",
        texts=bilingual(
            Texts(
                "{text} is a link that leads nowhere",
                "Its address is {link}: what happens is up to a script.",
                "Failure F42 for WCAG 2.2: links are for going somewhere, buttons for doing something.",
                "Screen readers announce a link; opened in a new tab, copied or without scripts it does nothing.",
                "Make it a <button>, or give it the address that it leads to.",
            ),
            Texts(
                "{text} es un enlace que no lleva a ninguna parte",
                "Su dirección es {link}: lo que ocurra depende de un script.",
                "Fallo F42 de WCAG 2.2: los enlaces son para ir a un sitio, los botones para hacer algo.",
                "El lector de pantalla anuncia un enlace; en otra pestaña o sin scripts no hace nada.",
                "Conviértelo en <button> o ponle la dirección a la que lleva.",
            ),
        ),
        check=_check_nowhere,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-anchor-missing",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('2.4.4')}; HTML Living Standard, 7.4.6.4",
        measures="links to a place on the page that is not there, count",
        texts=bilingual(
            Texts(
                "{text} leads to a place that is not on the page",
                "Nothing on the page has the id or name {missing}.",
                "HTML: a fragment names the id of an element of the page.",
                "The link does nothing, and by ear nobody knows why.",
                "Correct the address, or give the place that id.",
            ),
            Texts(
                "{text} lleva a un punto que no está en la página",
                "Nada en la página tiene el id o name {missing}.",
                "HTML: un fragmento nombra el id de un elemento de la página.",
                "El enlace no hace nada, y de oído no se sabe por qué.",
                "Corrige la dirección o pon ese id al sitio.",
            ),
        ),
        check=_check_anchors,
        viewports=_DESKTOP,
        absorbs=("skip-link",),
        needs=frozenset({Part.AXE}),
    ),
    Rule(
        id="acc-new-window",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('3.2.5')}, technique G201",
        measures="links that open a window and do not say so, count",
        texts=bilingual(
            Texts(
                "{text} opens a new window without saying so",
                "The link has target=_blank, and neither its words nor an icon tell.",
                "Technique G201 for WCAG 2.2 success criterion 3.2.5: warn before a new window opens.",
                "The Back button no longer works, and who does not see the window wonders where the page went.",
                "Remove the target, or say “(opens in a new tab)” in the link.",
            ),
            Texts(
                "{text} abre una ventana nueva sin decirlo",
                "El enlace tiene target=_blank y no lo dicen ni sus palabras ni un icono.",
                "Técnica G201 del criterio 3.2.5 de WCAG 2.2: avisar antes de abrir una ventana.",
                "El botón Atrás deja de servir, y quien no ve la ventana no sabe adónde fue la página.",
                "Quita el target o di «(se abre en otra pestaña)» en el enlace.",
            ),
        ),
        check=_check_windows,
        viewports=_DESKTOP,
    ),
    Rule(
        id="ctx-file-link",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source="GOV.UK content design, Links: say the file's type and size",
        measures="links to files that do not say what kind of file, count",
        texts=bilingual(
            Texts(
                "{text} leads to a file without saying so",
                "The link opens a {file} file; neither the link nor its sentence says the format or the size.",
                "Content guides ask links to name a file's format and size: it may need another program, and time.",
                "On a phone or by ear, a file that opens instead of a page is a dead end.",
                "Add the format and the size to the link's words.",
            ),
            Texts(
                "{text} lleva a un archivo sin decirlo",
                "El enlace abre un archivo {file}; ni él ni su frase dicen el formato o el tamaño.",
                "Las guías piden nombrar formato y tamaño: puede requerir otro programa, y tiempo.",
                "En el móvil o de oído, un archivo que se abre en lugar de una página es un callejón.",
                "Añade el formato y el tamaño a las palabras del enlace.",
            ),
        ),
        check=_check_files,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-recording-link",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=f"{cited('1.2.1')}, technique G158",
        measures="links to recordings on a page without a word of a transcript, count",
        texts=bilingual(
            Texts(
                "{text} leads to a recording, and no transcript is offered",
                "The link opens a .{file} file; nothing on the page speaks of a transcript or captions.",
                "Technique G158 for WCAG 2.2 success criterion 1.2.1: a recording needs its words in text.",
                "Deaf people get nothing of it, and nobody can search or skim it.",
                "Put a transcript beside it, and say so next to the link.",
            ),
            Texts(
                "{text} lleva a una grabación y no se ofrece transcripción",
                "El enlace abre un archivo .{file}; nada en la página habla de transcripción o subtítulos.",
                "Técnica G158 del criterio 1.2.1 de WCAG 2.2: una grabación necesita su texto.",
                "Las personas sordas se quedan sin nada, y nadie puede buscar en ella.",
                "Pon una transcripción al lado y dilo junto al enlace.",
            ),
        ),
        check=_check_recordings,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-adjacent-links",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('2.4.4')}, technique H2",
        measures="picture and text links side by side to the same address, count",
        texts=bilingual(
            Texts(
                "A picture and {text} beside it are two links to the same page",
                "One link holds the picture, the next the words; both have the same address.",
                "Technique H2 for WCAG 2.2 success criterion 2.4.4: combine adjacent image and text links.",
                "By Tab and by ear the same link comes twice, everywhere such a pair stands.",
                'Put both into one link, the picture with alt="".',
            ),
            Texts(
                "Una imagen y {text} a su lado son dos enlaces a la misma página",
                "Un enlace contiene la imagen y el siguiente las palabras; ambos tienen la misma dirección.",
                "Técnica H2 del criterio 2.4.4 de WCAG 2.2: unir enlaces de imagen y texto contiguos.",
                "Con el tabulador y de oído el mismo enlace sale dos veces, en cada pareja así.",
                'Pon ambos en un solo enlace, con alt="" en la imagen.',
            ),
        ),
        check=_check_adjacent,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-link-as-button",
        axis=Axis.ACC,
        fix_type=FixType.COMPONENT,
        source=f"{cited('4.1.2')}; ARIA Authoring Practices Guide, button pattern",
        measures="links to another page with the role of a button, count",
        texts=bilingual(
            Texts(
                "{text} is announced as a button and works like a link",
                'It has role="button" and the address of another page.',
                "A button is pressed with Space and Enter; a link answers to Enter only, whatever its role says.",
                "Who hears “button” presses Space, and the page scrolls instead.",
                "Leave the role out and style the link; use <button> for what is done on this page.",
            ),
            Texts(
                "{text} se anuncia como botón y funciona como enlace",
                'Tiene role="button" y la dirección de otra página.',
                "Un botón se pulsa con Espacio y Entrar; un enlace, solo con Entrar, diga lo que diga su función.",
                "Quien oye «botón» pulsa Espacio, y la página se desplaza.",
                "Quita el role y da estilo al enlace; usa <button> para lo que se hace en esta página.",
            ),
        ),
        check=_check_buttons,
        viewports=_DESKTOP,
    ),
    Rule(
        id="acc-same-name-sites",
        axis=Axis.ACC,
        fix_type=FixType.CONTENT,
        source=cited("2.4.9"),
        measures="links of one name in one place that lead to different sites, count",
        texts=bilingual(
            Texts(
                "{count} links say {text} and lead to different sites",
                "They stand in the same paragraph, item or section.",
                "WCAG 2.2 success criterion 2.4.9, Link Purpose (Link Only): one name, one purpose.",
                "In a list of links they cannot be told apart.",
                "Name in each link what it leads to.",
            ),
            Texts(
                "{count} enlaces dicen {text} y llevan a sitios distintos",
                "Están en el mismo párrafo, elemento o sección.",
                "Criterio 2.4.9 de WCAG 2.2, Propósito de los enlaces (solo enlaces): un nombre, un propósito.",
                "En una lista de enlaces no se distinguen.",
                "Nombra en cada enlace aquello a lo que lleva.",
            ),
        ),
        check=_check_sites,
        viewports=_DESKTOP,
        act_rules=("b20e66",),
        needs=frozenset({Part.NAMES}),
    ),
)
