"""Whether a finding is gone, asked of an engine that did not make it.

Three engines look at a page independently: axe-core, this project's own rules, and Chromium's accessibility tree.
Where two of them cover a finding, both have to find it gone.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from cynthia_pipeline.audit.artifacts import DocumentFacts, Element
from cynthia_pipeline.audit.colour import contrast
from cynthia_pipeline.audit.rules.surroundings import backdrop, text_colour
from cynthia_pipeline.fix_packs.faults import Faults
from cynthia_pipeline.fix_packs.probing import ViewProbe


class Engine(StrEnum):
    """Who says so."""

    AXE = "axe-core"
    RULES = "own rules"
    BROWSER = "Chromium's accessibility tree"


PAIRED: Final[Mapping[str, tuple[str, Engine]]] = {
    "axe-target-size": ("acc-target-size", Engine.RULES),
    "acc-target-size": ("axe-target-size", Engine.AXE),
    "axe-link-in-text-block": ("clr-link-colour-alone", Engine.RULES),
    "clr-link-colour-alone": ("axe-link-in-text-block", Engine.AXE),
    "clr-text-contrast-enhanced": ("axe-color-contrast-enhanced", Engine.AXE),
    "axe-meta-viewport": ("rsp-viewport", Engine.RULES),
    "rsp-viewport": ("axe-meta-viewport", Engine.AXE),
}
"""Rules of two engines about the same fault."""

_CONTRASTS: Final[Mapping[str, tuple[float, float]]] = {
    "axe-color-contrast": (4.5, 3.0),
    "clr-text-contrast": (4.5, 3.0),
    "axe-color-contrast-enhanced": (7.0, 4.5),
}
"""Required for normal and for large text (WCAG 2.2 SC 1.4.3 and 1.4.6)."""

_NAMES: Final = frozenset(
    f"axe-{name}"
    for name in (
        "area-alt", "aria-command-name", "aria-dialog-name", "aria-input-field-name", "aria-meter-name",
        "aria-progressbar-name", "aria-tab-name", "aria-toggle-field-name", "aria-tooltip-name", "aria-treeitem-name",
        "button-name", "empty-heading", "frame-title", "image-alt", "input-button-name", "input-image-alt", "label",
        "link-name", "object-alt", "role-img-alt", "select-name", "summary-name", "svg-img-alt",
    )
)  # fmt: skip

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)

_DOCUMENT: Final[Mapping[str, Callable[[DocumentFacts], bool]]] = {
    "axe-document-title": lambda page: bool(page.title.strip()),
    "axe-html-has-lang": lambda page: _LANGUAGE.fullmatch(page.language) is not None,
    "axe-html-lang-valid": lambda page: _LANGUAGE.fullmatch(page.language) is not None,
}

_Answer: TypeAlias = tuple[Engine, bool]


def first_engine(rule: str) -> Engine:
    """Which engine makes a rule's findings. The contrast of text is axe's measurement, in this project's words."""
    return Engine.AXE if rule.startswith("axe-") or rule == "clr-text-contrast" else Engine.RULES


def second_opinion(rule: str, view: ViewProbe, element: Element | None, path: str, faults: Faults) -> _Answer | None:
    """Whether another engine, too, finds nothing wrong; None where none covers the finding.

    Args:
        rule: whose finding is asked about.
        view: the patched page.
        element: the finding's element there.
        path: its selector there.
        faults: everything that is wrong with the patched page.
    """
    if rule in PAIRED:
        other, engine = PAIRED[rule]
        viewport = view.artifacts.viewport
        found = any(f.rule.id == other and f.viewport is viewport and f.path == path for f in faults.every)
        return engine, not found
    if rule in _DOCUMENT:
        return Engine.RULES, _DOCUMENT[rule](view.artifacts.document)
    return _of_element(rule, view, element) if element is not None else None


def _of_element(rule: str, view: ViewProbe, element: Element) -> _Answer | None:
    if rule in _CONTRASTS:
        said = _contrasts(view, element, *_CONTRASTS[rule])
        return None if said is None else (Engine.RULES, said)
    told = view.accessible.get(element.index)
    if rule in _NAMES and told is not None:
        return Engine.BROWSER, bool(told.name.strip()) or told.ignored
    return None


def _contrasts(view: ViewProbe, element: Element, normal: float, large: float) -> bool | None:
    """The contrast by computed colours alone; None where they cannot tell."""
    behind = backdrop(view.artifacts, element)
    if behind is None or not element.style:
        return None
    ink = text_colour(element, behind)
    if ink is None:
        return None
    weight = element.style.get("font-weight", "400")
    bold = weight.isdigit() and int(weight) >= 700
    # Large: 18 pt, or 14 pt in bold (WCAG 2.2, "large scale"); 1 pt is 4/3 px.
    is_large = element.font_size >= 24 or (bold and element.font_size >= 14 * 4 / 3)
    return contrast(ink, behind) >= (large if is_large else normal) - 0.005
