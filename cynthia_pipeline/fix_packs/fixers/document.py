"""Mends of the document as a whole: its title, its language, its viewport, its description."""

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers.languages import language_of
from cynthia_pipeline.fix_packs.fixers.words import readable, shortened
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, SourceEdit, Way

_VIEWPORT: Final = "width=device-width, initial-scale=1"
_VIEWPORT_RULES: Final = frozenset(("rsp-viewport", "axe-meta-viewport", "axe-meta-viewport-large"))
_LANGUAGE_RULES: Final = frozenset(("axe-html-has-lang", "axe-html-lang-valid", "axe-html-xml-lang-mismatch"))


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """At most one remedy for each of the three."""
    by_rule: dict[str, list[Fault]] = {}
    for fault in faults:
        by_rule.setdefault(fault.rule.id, []).append(fault)
    for rules, way in (
        ({"axe-document-title"}, _title(page)),
        (_LANGUAGE_RULES, _language(page)),
        (_VIEWPORT_RULES, _viewport(page)),
    ):
        same = [fault for rule in by_rule if rule in rules for fault in by_rule[rule]]
        if same and way is not None:
            yield Remedy(tuple(dict.fromkeys(fault.key for fault in same)), (way,), ("html",))


def _title(page: FixablePage) -> Way | None:
    heading = next((e for tag in ("h1", "h2") if (e := page.html.first(tag)) is not None and e.words), None)
    named = page.html.first("title")
    meta = _meta(page, "property", "og:title")
    host = urlsplit(page.probe.page_url).hostname or ""
    words = (meta.attributes.get("content", "") if meta is not None else "") or (
        heading.words if heading is not None else readable(host.removeprefix("www."))
    )
    if not words:
        return None
    text = html.escape(shortened(words))
    if named is not None and named.start is not None and named.parent is not None and named.parent.tag == "head":
        edits = page.in_document(named.insert_inside(text)) if not named.words else ()
    else:
        edits = in_head(page, f"<title>{text}</title>")
    return Way(FixState.DRAFT, f"<title>{text}</title>", edits=edits) if edits else None


def _language(page: FixablePage) -> Way | None:
    root = page.html.root
    given = root.attributes.get("lang", "").strip().replace("_", "-")
    code = given if re.fullmatch(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?", given) else language_of(page.probe.desktop.text)
    if code is None or root.start is None:
        return None
    edits = [root.set_attribute("lang", code)]
    if "xml:lang" in root.attributes and root.attributes["xml:lang"] != code:
        edits.append(root.set_attribute("xml:lang", code))
    state = FixState.SOUND if code == given else FixState.DRAFT
    return Way(state, f'lang="{code}"', edits=page.in_document(*edits))


def _viewport(page: FixablePage) -> Way | None:
    meta = _meta(page, "name", "viewport")
    if meta is not None:
        edits = page.in_document(meta.set_attribute("content", _VIEWPORT))
    else:
        edits = in_head(page, f'<meta name="viewport" content="{_VIEWPORT}">')
    return Way(FixState.SOUND, f"viewport: {_VIEWPORT}", edits=edits) if edits else None


def _meta(page: FixablePage, attribute: str, value: str) -> SourceElement | None:
    found = (
        element
        for element in page.html.all()
        if element.tag == "meta"
        and element.start is not None
        and element.attributes.get(attribute, "").lower() == value
    )
    return next(found, None)


def in_head(page: FixablePage, markup: str) -> tuple[SourceEdit, ...]:
    """Puts `markup` into the head, behind the declaration of the character set; nothing where no head is written."""
    charset = next(
        (e for e in page.html.all() if e.tag == "meta" and "charset" in e.attributes and e.start is not None), None
    )
    if charset is not None:
        return page.in_document(charset.insert_behind(f"\n{markup}"))
    head = page.html.first("head")
    if head is not None and head.start is not None:
        return page.in_document(head.insert_inside(f"\n{markup}"))
    if page.html.root.start is not None:
        return page.in_document(page.html.root.insert_inside(f"\n{markup}"))
    return ()


def at_end_of_head(page: FixablePage, markup: str) -> tuple[SourceEdit, ...]:
    """Puts `markup` last into the head, so that its styles come after all others."""
    head = page.html.first("head")
    if head is not None and head.start is not None and head.closing is not None:
        at = head.closing[0]
        return page.in_document(Edit(at, at, f"{markup}\n"))
    return in_head(page, markup)
