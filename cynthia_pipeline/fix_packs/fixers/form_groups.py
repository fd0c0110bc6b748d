"""Fields and what belongs to them: hints are read out with their field, choices heard with their question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from cynthia_pipeline.fix_packs.drafts import DraftKind
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.each import ElementMend, each_element
from cynthia_pipeline.fix_packs.fixers.words import nearest_heading, readable, right_above, shortened, surroundings
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Draft, Remedy, Way

_FIELDS: Final = frozenset(("input", "select", "textarea"))
_PLAIN: Final = frozenset(("div", "p", "span", "section"))
"""Boxes that mean nothing by themselves."""

_HOLDING: Final = frozenset((*_PLAIN, "form", "fieldset", "td", "li", "main", "article", "label"))
"""What may hold one more element around some of its children."""

_ASKING: Final = frozenset(("label", "legend", "span", "strong", "b", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6"))


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each field and each question."""
    return each_element(page, faults, _MENDS)


def _described(page: FixablePage, field: SourceElement, fault: Fault) -> Way | None:
    """The hint between the label and the field is what describes the field."""
    del fault
    siblings = field.parent.children if field.parent is not None else [field]
    place = siblings.index(field)
    hint = siblings[place - 1] if place else None
    if hint is None or hint.start is None or "aria-describedby" in field.attributes:
        return None
    given = hint.attributes.get("id", "").strip()
    name = given or page.html.free_id(f"{_identifier(field)}-hint")
    edits = [field.set_attribute("aria-describedby", name)]
    if not given:
        edits.append(hint.set_attribute("id", name))
    return Way(FixState.SOUND, f'aria-describedby="{name}"', edits=page.in_document(*edits))


def _identifier(field: SourceElement) -> str:
    called = field.attributes.get("id", "") or field.attributes.get("name", "") or field.tag
    return re.sub(r"[^\w-]+", "-", called).strip("-") or field.tag


def _grouped(page: FixablePage, first: SourceElement, fault: Fault) -> Way | None:
    """What holds all choices of a question, and no other field, becomes a group named by the question.

    A box that means nothing by itself, or else one around the choices that takes no part in the layout.
    """
    del fault
    choices = _choices(page, first)
    box = next((level for level in first.ancestors() if all(_holds(level, choice) for choice in choices)), None)
    if len(choices) < 2 or box is None or box.start is None:
        return None
    run = _run(box, choices)
    if any(inner.tag in _FIELDS and inner not in choices for child in run for inner in (child, *child.descendants())):
        return None
    question = _question(box, run) or readable(first.attributes.get("name", ""))
    alone = not any(inner.tag in _FIELDS and inner not in choices for inner in box.descendants())
    takes_role = alone and box.tag in _PLAIN and "role" not in box.attributes
    if not question or not (takes_role or box.tag in _HOLDING):
        return None
    return _named_group(page, [box] if takes_role else run, _ROLES[_kind(first)], question, wrap=not takes_role)


def _named_group(page: FixablePage, group: Sequence[SourceElement], role: str, name: str, *, wrap: bool) -> Way:
    first = group[0]
    label = f'role="{role}" aria-label="{escape(name)}"'
    if wrap:
        edits = first.wrap(f'<span {label} style="display: contents">', "</span>", group[-1])
    else:
        edits = (first.set_attribute("role", role), first.set_attribute("aria-label", name))
    draft = Draft(
        DraftKind.NAME, name, lambda words: _named_group(page, group, role, words, wrap=wrap), surroundings(first)
    )
    return Way(FixState.DRAFT, label, edits=page.in_document(*edits), renames=not wrap, restructures=wrap, draft=draft)


def _run(box: SourceElement, choices: Sequence[SourceElement]) -> list[SourceElement]:
    """The children of the box from the one with the first choice, or its label, to the one with the last."""
    named = {choice.attributes["id"] for choice in choices if "id" in choice.attributes}
    holding = [
        place
        for place, child in enumerate(box.children)
        if child.attributes.get("for") in named or any(child is choice or _holds(child, choice) for choice in choices)
    ]
    return box.children[holding[0] : holding[-1] + 1]


def _choices(page: FixablePage, first: SourceElement) -> list[SourceElement]:
    form = _form(first)
    return [
        other
        for other in page.html.all()
        if other.tag == "input"
        and _kind(other) == _kind(first)
        and other.attributes.get("name") == first.attributes.get("name")
        and _form(other) is form
    ]


def _question(box: SourceElement, run: Sequence[SourceElement]) -> str:
    """The words in the box right before its first choice; else those above the box, or the heading it stands under."""
    before = box.children[: box.children.index(run[0])]
    inside = next((part.words for part in reversed(before) if part.words and part.tag in _ASKING), "")
    return shortened((inside or right_above(box) or nearest_heading(box)).rstrip(":* "))


def _kind(field: SourceElement) -> str:
    return field.attributes.get("type", "").lower()


def _form(field: SourceElement) -> SourceElement | None:
    return next((level for level in field.ancestors() if level.tag == "form"), None)


def _holds(box: SourceElement, element: SourceElement) -> bool:
    return any(level is box for level in element.ancestors())


_ROLES: Final = {"radio": "radiogroup", "checkbox": "group"}
_MENDS: Final[Mapping[str, ElementMend]] = {
    "acc-note-apart": _described,
    "acc-choices-ungrouped": _grouped,
}
