"""Fields and what belongs to them: hints are read out with their field, choices heard with their question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.drafts import Draft, DraftKind
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.each import ElementMend, each_element
from cynthia_pipeline.fix_packs.fixers.words import nearest_heading, readable, right_above, shortened, surroundings
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_FIELDS: Final = frozenset(("input", "select", "textarea"))
_PLAIN: Final = frozenset(("div", "p", "span", "section"))
"""Boxes that mean nothing by themselves."""


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
    """The box that holds all choices of a question, and no other field, becomes a group named by the question."""
    del fault
    choices = _choices(page, first)
    box = next((level for level in first.ancestors() if all(_holds(level, choice) for choice in choices)), None)
    if len(choices) < 2 or box is None or box.start is None or box.tag not in _PLAIN or "role" in box.attributes:
        return None
    if any(inner.tag in _FIELDS and inner not in choices for inner in box.descendants()):
        return None
    question = _question(box, choices) or readable(first.attributes.get("name", ""))
    return _named_group(page, box, _ROLES[_kind(first)], question) if question else None


def _named_group(page: FixablePage, box: SourceElement, role: str, name: str) -> Way:
    edits = page.in_document(box.set_attribute("role", role), box.set_attribute("aria-label", name))
    draft = Draft(DraftKind.NAME, name, lambda words: _named_group(page, box, role, words), surroundings(box))
    return Way(FixState.DRAFT, f'role="{role}" aria-label="{name}"', edits=edits, renames=True, draft=draft)


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


def _question(box: SourceElement, choices: Sequence[SourceElement]) -> str:
    """The words in the box before its first choice; else those beside the box, or the heading above it."""
    first = choices[0]
    holder = next(child for child in box.children if child is first or _holds(child, first))
    before = box.children[: box.children.index(holder)]
    inside = next((part.words for part in reversed(before) if part.words), "")
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
