"""Mends that are one attribute on the element itself: names, states, values. One small function for each rule."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from cynthia_pipeline.audit.languages import likely
from cynthia_pipeline.fix_packs.drafts import DraftKind
from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.fixers import aria
from cynthia_pipeline.fix_packs.fixers.words import (
    beside,
    caption_of,
    destination_name,
    file_words,
    nearest_heading,
    readable,
    right_above,
    shortened,
    surroundings,
    told_name,
)
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Draft, Remedy, Way
from cynthia_pipeline.messages import Language


@dataclass(frozen=True, slots=True)
class Setting:
    """One attribute to set.

    Attributes:
        decorative: it says that the picture carries nothing of its own.
        renames: it gives the element another role on purpose.
        words: what the value is for, where it is words that could be others.
    """

    name: str
    value: str
    state: FixState
    decorative: bool = False
    renames: bool = False
    words: DraftKind | None = None


Mend: TypeAlias = Callable[[SourceElement, Language], Setting | None]

_DRAFT: Final = FixState.DRAFT
_SOUND: Final = FixState.SOUND
_TEXT_AROUND: Final = 2


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for each element and value: rules of two engines often want the same."""
    wanted: dict[tuple[str, Setting], tuple[SourceElement, list[Fault]]] = {}
    for fault in faults:
        mend = MENDS.get(fault.rule.id.removeprefix("axe-"))
        written = page.written(fault) if mend is not None else None
        setting = mend(written, page.own_language) if mend is not None and written is not None else None
        if written is not None and setting is not None:
            wanted.setdefault((fault.path, setting), (written, []))[1].append(fault)
    for (path, setting), (written, same) in wanted.items():
        yield Remedy(keys_of(same), (_way(page, written, setting),), (path,))


def _way(page: FixablePage, written: SourceElement, setting: Setting) -> Way:
    draft = None
    if setting.words is not None:
        about = surroundings(written)
        draft = Draft(
            setting.words,
            setting.value,
            lambda words: _way(page, written, replace(setting, value=words)),
            about,
        )
    return Way(
        setting.state,
        f'{setting.name}="{setting.value}"',
        edits=page.in_document(written.set_attribute(setting.name, setting.value)),
        decorative=setting.decorative,
        renames=setting.renames,
        draft=draft,
    )


def _alt(element: SourceElement, language: Language) -> Setting | None:
    attributes = element.attributes
    if "1" in (attributes.get("width"), attributes.get("height")):  # counts visits, shows nothing
        return Setting("alt", "", _SOUND, decorative=True)
    link = next((around for around in element.ancestors() if around.tag in ("a", "button")), None)
    if link is not None and len(link.words) > _TEXT_AROUND:
        return Setting("alt", "", _DRAFT, decorative=True)
    said = caption_of(element)
    if said and attributes.get("title", "") in ("", said):
        return _said_by_caption(element, language)
    words = (
        attributes.get("title", "")
        or beside(element)
        or file_words(attributes.get("src", "") or attributes.get("data-src", ""))
        or (destination_name(link.attributes.get("href", ""), language) if link is not None else "")
        or nearest_heading(element)
    )
    return Setting("alt", shortened(words), _DRAFT, words=DraftKind.ALTERNATIVE) if words else None


def _said_by_caption(element: SourceElement, language: Language) -> Setting | None:
    """The caption says it already, and stays."""
    del element, language
    return Setting("alt", "", _DRAFT, decorative=True)


def _titled_picture(element: SourceElement, language: Language) -> Setting | None:
    """A picture that is called decoration and has a title: the title is what it says."""
    del language
    title = element.attributes.get("title", "").strip()
    if element.attributes.get("alt", "").strip() or not title:
        return None
    return Setting("alt", shortened(title), _DRAFT, words=DraftKind.ALTERNATIVE)


def _logo(element: SourceElement, language: Language) -> Setting | None:
    """The name that a logo shows: the site's as it says, or as its file or its address is called."""
    if element.attributes.get("aria-hidden") == "true" or "role" in element.attributes:
        return None
    site = next(
        (meta for meta in element.source.all() if meta.attributes.get("property", "").lower() == "og:site_name"), None
    )
    link = next((around for around in element.ancestors() if around.tag == "a"), None)
    named = site.attributes.get("content", "").strip() if site is not None else ""
    file = " ".join(
        word for word in file_words(element.attributes.get("src", "")).split() if word.lower() not in _LOGO_WORDS
    )
    words = named or readable(file) or (destination_name(link.attributes.get("href", ""), language) if link else "")
    return Setting("alt", shortened(words), _DRAFT, words=DraftKind.ALTERNATIVE) if words else None


def _table_name(element: SourceElement, language: Language) -> Setting | None:
    """The heading that it stands under, or what its columns are called."""
    del language
    heads = (cell.words for cell in element.descendants() if cell.tag == "th")
    return _label(nearest_heading(element) or ", ".join(words for words in heads if words))


def _group_name(element: SourceElement, language: Language) -> Setting | None:
    """The words right above it, or the heading that it stands under."""
    del language
    return _label(right_above(element) or nearest_heading(element))


def _drawing(element: SourceElement, language: Language) -> Setting | None:
    """A drawing with words in it: they are read out as its name."""
    del language
    return Setting("aria-label", shortened(element.words), _DRAFT) if element.words else None


def _redundant_alt(element: SourceElement, language: Language) -> Setting | None:
    del language
    picture = element if element.tag == "img" else next((e for e in element.descendants() if e.tag == "img"), None)
    return Setting("alt", "", _SOUND, decorative=True) if picture is element else None


def _link_name(element: SourceElement, language: Language) -> Setting | None:
    words = told_name(element, language) or destination_name(element.attributes.get("href", ""), language)
    return _label(words or nearest_heading(element))


def _button_name(element: SourceElement, language: Language) -> Setting | None:
    attributes = element.attributes
    words = told_name(element, language) or readable(
        attributes.get("name", "") or attributes.get("id", "") or attributes.get("data-bs-target", "").lstrip("#.")
    )
    return _label(words or readable(attributes.get("aria-controls", "")))


def _field_name(element: SourceElement, language: Language) -> Setting | None:
    attributes = element.attributes
    words = attributes.get("placeholder", "") or attributes.get("title", "") or beside(element)
    words = words or readable(attributes.get("name", "") or attributes.get("id", "")) or told_name(element, language)
    if not words:
        words = readable(attributes.get("type", "")) if attributes.get("type") not in (None, "text") else ""
    return _label(words or nearest_heading(element))


def _part_name(element: SourceElement, language: Language) -> Setting | None:
    words = told_name(element, language) or nearest_heading(element) or readable(element.attributes.get("id", ""))
    return _label(words)


def _frame_title(element: SourceElement, language: Language) -> Setting | None:
    words = element.attributes.get("name", "") or destination_name(element.attributes.get("src", ""), language)
    words = readable(words) or nearest_heading(element)
    return Setting("title", words, _DRAFT, words=DraftKind.NAME) if words else None


def _picture_label(element: SourceElement, language: Language) -> Setting | None:
    return _label(told_name(element, language) or beside(element) or nearest_heading(element))


def _input_button(element: SourceElement, language: Language) -> Setting | None:
    words = told_name(element, language) or readable(
        element.attributes.get("name", "") or element.attributes.get("id", "")
    )
    return Setting("aria-label", words, _DRAFT, words=DraftKind.NAME) if words else None


def _label(words: str) -> Setting | None:
    return Setting("aria-label", shortened(words), _DRAFT, words=DraftKind.NAME) if words else None


def _titled_label(element: SourceElement, language: Language) -> Setting | None:
    del language
    title = element.attributes.get("title", "") or element.attributes.get("placeholder", "")
    return Setting("aria-label", shortened(title), _SOUND) if title else None


def _spoken_as_seen(element: SourceElement, language: Language) -> Setting | None:
    del language
    seen, said = element.words, element.attributes.get("aria-label", "")
    if "aria-labelledby" in element.attributes:  # which goes before aria-label
        return None
    return Setting("aria-label", f"{seen} – {said}" if said else seen, _SOUND) if seen else None


def _tab_order(element: SourceElement, language: Language) -> Setting | None:
    del element, language
    return Setting("tabindex", "0", _SOUND)


def _scope(element: SourceElement, language: Language) -> Setting | None:
    del language
    row = element.parent
    first = row is not None and row.children and row.children[0] is element
    in_head = any(around.tag == "thead" for around in element.ancestors())
    return Setting("scope", "col" if in_head or not first else "row", _SOUND)


def _language_tag(element: SourceElement, language: Language) -> Setting | None:
    del language
    given = element.attributes.get("lang", "").strip()
    tag = given.replace("_", "-")
    if tag != given and re.fullmatch(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?", tag):
        return Setting("lang", tag, _SOUND)
    page = element.source.root.attributes.get("lang", "").strip()
    guessed = likely(element.words) or page
    return Setting("lang", guessed, _DRAFT) if guessed and guessed != given else None


def _known_role(element: SourceElement, language: Language) -> Setting | None:
    del language
    role = element.attributes.get("role", "").strip().lower()
    near = difflib.get_close_matches(role, aria.ROLES, 1, 0.8)
    return Setting("role", near[0], _SOUND, renames=True) if near and near[0] != role else None


def _group_role(element: SourceElement, language: Language) -> Setting | None:
    """A name is only allowed on what has a role: one is given that says nothing but "these belong together"."""
    del language
    if element.tag not in ("div", "span", "p", "section", "i", "b", "strong", "em") or "role" in element.attributes:
        return None
    pictured = element.tag in ("i", "span") and not element.words
    return Setting("role", "img" if pictured else "group", _SOUND, renames=True)


def _autocomplete(element: SourceElement, language: Language) -> Setting | None:
    del language
    given = element.attributes.get("autocomplete", "").strip().lower()
    hints = (given, element.attributes.get("name", "").lower(), element.attributes.get("type", "").lower())
    for hint in hints:
        near = difflib.get_close_matches(hint.replace("_", "-"), aria.AUTOCOMPLETE, 1, 0.8)
        if near:
            return Setting("autocomplete", near[0], _SOUND)
    return None


def _required_state(element: SourceElement, language: Language) -> Setting | None:
    del language
    role = element.attributes.get("role", "").strip().lower()
    for name, value in aria.REQUIRED.get(role, ()):
        if name not in element.attributes:
            return Setting(name, value, _DRAFT)
    return None


def _scrollable(element: SourceElement, language: Language) -> Setting | None:
    del element, language
    return Setting("tabindex", "0", _SOUND)


_LOGO_WORDS: Final = frozenset(("logo", "logos", "logotype", "logotipo", "wordmark", "white", "dark", "light", "small"))

MENDS: Final[Mapping[str, Mend]] = {
    "img-alt-missing": _alt,
    "img-alt-useless": _alt,
    "img-alt-repeated": _said_by_caption,
    "acc-drawing-unheard": _drawing,
    "img-title-differs": _titled_picture,
    "img-logo-unheard": _logo,
    "acc-table-unnamed": _table_name,
    "acc-group-unnamed": _group_name,
    "acc-object-unnamed": _picture_label,
    "acc-label-in-name": _spoken_as_seen,
    "acc-words-not-in-name": _spoken_as_seen,
    "acc-name-prohibited": _group_role,
    "acc-scroll-by-key": _scrollable,
    "acc-part-language": _language_tag,
    "aria-roledescription": _group_role,
    "aria-braille-equivalent": _part_name,
    "empty-heading": _part_name,
    "frame-title-unique": _frame_title,
    "frame-focusable-content": _tab_order,
    "image-alt": _alt,
    "input-image-alt": _input_button,
    "area-alt": _link_name,
    "image-redundant-alt": _redundant_alt,
    "role-img-alt": _picture_label,
    "svg-img-alt": _picture_label,
    "object-alt": _picture_label,
    "link-name": _link_name,
    "button-name": _button_name,
    "input-button-name": _input_button,
    "aria-command-name": _button_name,
    "summary-name": _part_name,
    "label": _field_name,
    "select-name": _field_name,
    "aria-input-field-name": _field_name,
    "aria-toggle-field-name": _field_name,
    "label-title-only": _titled_label,
    "label-content-name-mismatch": _spoken_as_seen,
    "aria-dialog-name": _part_name,
    "aria-meter-name": _part_name,
    "aria-progressbar-name": _part_name,
    "aria-tooltip-name": _part_name,
    "aria-treeitem-name": _part_name,
    "aria-tab-name": _part_name,
    "frame-title": _frame_title,
    "tabindex": _tab_order,
    "scrollable-region-focusable": _scrollable,
    "scope-attr-valid": _scope,
    "valid-lang": _language_tag,
    "aria-roles": _known_role,
    "aria-prohibited-attr": _group_role,
    "aria-required-attr": _required_state,
    "autocomplete-valid": _autocomplete,
}
"""By rule; axe's without their prefix."""
