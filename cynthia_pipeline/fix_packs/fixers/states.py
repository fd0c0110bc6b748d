"""ARIA that does not do what it means to: misspelt names and values, roles without their surroundings, hidden controls.

Nothing is mended by taking ARIA away that assistive technology goes by. What is taken out has no effect where it
stands, by the standard's own rules.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers import aria
from cynthia_pipeline.fix_packs.fixers.each import ElementMend, each_element, way_of
from cynthia_pipeline.fix_packs.fixers.words import nearest_heading, words_of
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_PARENTS: Final[Mapping[str, str]] = {
    "tab": "tablist", "option": "listbox", "menuitem": "menu", "menuitemcheckbox": "menu", "menuitemradio": "menu",
    "treeitem": "tree", "listitem": "list", "cell": "row", "gridcell": "row", "columnheader": "row",
    "rowheader": "row", "row": "table",
}  # fmt: skip
"""Required context roles (WAI-ARIA 1.2, section 5.2.8), one for each."""

_CHILDREN: Final[Mapping[str, str]] = {
    "list": "listitem", "row": "cell", "table": "row", "rowgroup": "row", "listbox": "option", "menu": "menuitem",
    "tablist": "tab", "tree": "treeitem",
}  # fmt: skip
"""Required owned elements (WAI-ARIA 1.2, section 5.2.6), one for each."""

_REPLACED: Final = {"directory": "list", "doc-biblioentry": "listitem", "doc-endnote": "listitem"}
"""Roles that ARIA 1.2 and DPUB-ARIA 1.1 have given up, and what they name instead."""

_PLAIN: Final = frozenset(("div", "span"))
_ACTED_ON: Final = frozenset(("a", "button"))
_KEYS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each element and rule."""
    return each_element(page, faults, _MENDS)


def _names(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """Attributes whose name is nearly one that there is get that name."""
    del fault
    edits, said = [], []
    for name in element.attributes:
        near = difflib.get_close_matches(name, aria.ATTRIBUTES, 1, 0.8)
        if name.startswith("aria-") and name not in aria.ATTRIBUTES and near and near[0] not in element.attributes:
            edits.append(element.rename_attribute(name, near[0]))
            said.append(f"{name} → {near[0]}")
    return way_of(page, FixState.SOUND, "; ".join(said), *edits)


def _values(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """Values that are nearly ones that there are get those; others the value that claims the least."""
    del fault
    edits, said, state = [], [], FixState.SOUND
    for name, value in element.attributes.items():
        allowed = aria.VALUES.get(name)
        given = value.strip().lower()
        if allowed is None or given in allowed:
            continue
        meant = aria.MEANT.get(given)
        near = [meant] if meant in allowed else difflib.get_close_matches(given, allowed, 1, 0.7)
        if not near:
            near, state = (["false"] if "false" in allowed else []), FixState.DRAFT
        if near and near[0] is not None:
            edits.append(element.set_attribute(name, near[0]))
            said.append(f'{name}="{near[0]}"')
    return way_of(page, state, "; ".join(said), *edits)


def _shown(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """What the eye and the keyboard reach, the ear gets as well."""
    if fault.element is None or not fault.element.visible:
        return None
    return way_of(page, FixState.DRAFT, page.say(Phrase.HEARD_AGAIN), element.remove_attribute("aria-hidden"))


def _body(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    del fault
    return way_of(page, FixState.SOUND, page.say(Phrase.PAGE_HEARD), element.remove_attribute("aria-hidden"))


def _role_in_force(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """A role of none on what can be focused or is named is not in force (WAI-ARIA 1.2, section 4.6)."""
    del fault
    if element.attributes.get("role", "").strip().lower() not in ("none", "presentation"):
        return None
    return way_of(page, FixState.SOUND, page.say(Phrase.BY_OWN_ROLE, tag=element.tag), element.remove_attribute("role"))


def _link(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """What leads to another page is a link, as its tag says. A draft: scripts and styles may go by the role."""
    del fault
    if element.tag != "a" or "href" not in element.attributes:
        return None
    said = page.say(Phrase.BY_OWN_ROLE, tag=element.tag)
    return way_of(page, FixState.DRAFT, said, element.remove_attribute("role"), renames=True)


def _reference(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """Where one id is wanted and several stand, the first one that there is."""
    name = fault.finding.facts["attribute"]
    there = [part for part in element.attributes.get(name, "").split() if page.html.with_id(part) is not None]
    if not there:
        return None
    state = FixState.SOUND if len(there) == 1 else FixState.DRAFT
    return way_of(page, state, f'{name}="{there[0]}"', element.set_attribute(name, there[0]))


def _replaced(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    del fault
    role = _REPLACED.get(element.attributes.get("role", "").strip().lower())
    if role is None:
        return None
    return way_of(page, FixState.SOUND, f'role="{role}"', element.set_attribute("role", role), renames=True)


def _native_state(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """A checkbox's own state goes before aria-checked (ARIA in HTML, section 4)."""
    del fault
    if element.tag != "input" or element.attributes.get("type", "").lower() not in ("checkbox", "radio"):
        return None
    return way_of(page, FixState.SOUND, page.say(Phrase.ITS_OWN_STATE), element.remove_attribute("aria-checked"))


def _surrounded(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """A box that holds nothing but such parts becomes what they belong in."""
    del fault
    role = _PARENTS.get(_role(element))
    box = element.parent
    if role is None or box is None or box.start is None or "role" in box.attributes:
        return None
    if box.tag not in (*_PLAIN, "ul", "ol", "nav") or any(_PARENTS.get(_role(child)) != role for child in box.children):
        return None
    if box.tag == "nav":  # stays the landmark that it is
        first, last = box.children[0], box.children[-1]
        edits = page.in_document(*first.wrap(f'<div role="{role}" style="display: contents">', "</div>", last))
        return Way(FixState.DRAFT, f'role="{role}"', edits=edits, restructures=True)
    return way_of(page, FixState.SOUND, f'role="{role}"', box.set_attribute("role", role), renames=True)


def _filled(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """The children of a list, a row and the like become its parts where they are plain or fit for it."""
    del fault
    role = _CHILDREN.get(_role(element))
    if role is None:
        return None
    fit = _ACTED_ON if role in ("tab", "menuitem", "option", "treeitem") else _PLAIN
    plain = [child for child in element.children if "role" not in child.attributes and child.start is not None]
    if not plain or any(child.tag not in fit for child in plain):
        return None
    state = FixState.SOUND if fit is _PLAIN else FixState.DRAFT
    edits = [child.set_attribute("role", role) for child in plain]
    if role == "tab":
        edits += [
            child.set_attribute("aria-selected", str(place == 0).lower())
            for place, child in enumerate(plain)
            if "aria-selected" not in child.attributes
        ]
    return way_of(page, state, page.say(Phrase.ROLE_WITHIN, role=role), *edits, renames=True)


def _region(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """A landmark of which there may be only one, or only at the top, becomes a region with a name."""
    del fault
    name = element.attributes.get("aria-label", "") or nearest_heading(element, inside=True) or words_of(element, 3)
    if not name:
        return None
    label = element.set_attribute("aria-label", name) if "aria-labelledby" not in element.attributes else None
    said = f'role="region" aria-label="{name}"'
    return way_of(page, FixState.DRAFT, said, element.set_attribute("role", "region"), label, renames=True)


def _key(page: FixablePage, element: SourceElement, fault: Fault) -> Way | None:
    """All after the first with that key get one of their own: the first letter of their words that none has yet."""
    del fault
    keyed = [other for other in page.html.all() if "accesskey" in other.attributes and other.start is not None]
    taken = {other.attributes["accesskey"].lower() for other in keyed}
    given = element.attributes.get("accesskey", "").lower()
    edits, said = [], []
    for other in [other for other in keyed if other.attributes["accesskey"].lower() == given][1:]:
        free = next((key for key in (*other.words.lower(), *_KEYS) if key in _KEYS and key not in taken), None)
        if free is not None:
            taken.add(free)
            edits.append(other.set_attribute("accesskey", free))
            said.append(f'accesskey="{free}"')
    return way_of(page, FixState.DRAFT, "; ".join(said), *edits)


def _role(element: SourceElement) -> str:
    return element.attributes.get("role", "").strip().lower()


_MENDS: Final[Mapping[str, ElementMend]] = {
    "axe-aria-valid-attr": _names,
    "axe-aria-valid-attr-value": _values,
    "axe-aria-hidden-focus": _shown,
    "acc-hidden-stop": _shown,
    "axe-aria-hidden-body": _body,
    "axe-presentation-role-conflict": _role_in_force,
    "axe-aria-deprecated-role": _replaced,
    "axe-aria-conditional-attr": _native_state,
    "axe-aria-required-parent": _surrounded,
    "axe-aria-required-children": _filled,
    "axe-landmark-complementary-is-top-level": _region,
    "axe-landmark-no-duplicate-banner": _region,
    "axe-landmark-no-duplicate-contentinfo": _region,
    "axe-landmark-no-duplicate-main": _region,
    "axe-accesskeys": _key,
    "acc-link-as-button": _link,
    "acc-aria-reference": _reference,
}
