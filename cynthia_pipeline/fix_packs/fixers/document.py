"""Mends of the document as a whole: its title, its description, its language, its viewport, its doctype."""

import html
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from cynthia_pipeline.audit.languages import contradicts, likely
from cynthia_pipeline.audit.rules.page_title import DESCRIPTION_LEAST, DESCRIPTION_MOST, TITLE_MOST
from cynthia_pipeline.fix_packs.drafts import DraftKind
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault, keys_of
from cynthia_pipeline.fix_packs.fixers.words import readable, shortened
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Draft, Remedy, SourceEdit, Way

_VIEWPORT: Final = "width=device-width, initial-scale=1"
_VIEWPORT_RULES: Final = frozenset(("rsp-viewport", "rsp-zoom", "axe-meta-viewport", "axe-meta-viewport-large"))
_TITLE_RULES: Final = frozenset(("axe-document-title", "ctx-title", "ctx-title-unrelated"))
_REFRESH_RULES: Final = frozenset(("axe-meta-refresh", "axe-meta-refresh-no-exceptions"))
_APART: Final = frozenset(("nav", "header", "footer", "aside", "form", "template", "noscript", "dialog"))
"""Parts of a page whose text is not what it is about."""
_LANGUAGE_RULES: Final = frozenset(
    ("acc-page-language", "axe-html-has-lang", "axe-html-lang-valid", "axe-html-xml-lang-mismatch")
)


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """At most one remedy for each of them."""
    by_rule: dict[str, list[Fault]] = {}
    for fault in faults:
        by_rule.setdefault(fault.rule.id, []).append(fault)
    for rules, make in (
        (_TITLE_RULES, _title),
        ({"ctx-description"}, _description),
        (_LANGUAGE_RULES, _language),
        (_VIEWPORT_RULES, _viewport),
        (_REFRESH_RULES, _no_refresh),
        ({"trd-quirks"}, _doctype),
    ):
        same = [fault for rule in by_rule if rule in rules for fault in by_rule[rule]]
        way = make(page) if same else None
        if way is not None:
            yield Remedy(keys_of(same), (way,), ("html",))


def _title(page: FixablePage) -> Way | None:
    named = page.html.first("title")
    given = named.inner_text if named is not None else ""
    meta = _meta(page, "property", "og:title")
    host = urlsplit(page.probe.page_url).hostname or ""
    shared = meta.attributes.get("content", "") if meta is not None else ""
    words = next((text for text in (shared, _heading(page), readable(host.removeprefix("www."))) if text), "")
    if len(given) > TITLE_MOST:  # what is only too long is cut where it says the least
        words = re.split(r"\s+[|–—·:-]\s+", given)[0]
    return _titled(page, shortened(words, TITLE_MOST)) if words and words != given else None


def _titled(page: FixablePage, words: str) -> Way | None:
    named = page.html.first("title")
    text = html.escape(words)
    if named is not None and named.start is not None and named.parent is not None and named.parent.tag == "head":
        if named.closing is None:
            return None
        edits = page.in_document(Edit(named.opened, named.closing[0], text))
    else:
        edits = in_head(page, f"<title>{text}</title>")
    if not edits:
        return None
    draft = Draft(DraftKind.TITLE, words, partial(_titled, page))
    return Way(FixState.DRAFT, f"<title>{text}</title>", edits=edits, draft=draft)


def _heading(page: FixablePage) -> str:
    """What the page's first heading says; of a level below the first only where there is none of it."""
    found = (e.words for tag in ("h1", "h2") for e in page.html.all() if e.tag == tag and e.words)
    return next(found, "")


def _description(page: FixablePage) -> Way | None:
    """The first sentences of running text, as many as search results show."""
    given = _meta(page, "name", "description")
    text = _summary(page, given.attributes.get("content", "") if given is not None else "")
    return _described(page, text) if len(text) >= DESCRIPTION_LEAST else None


def _described(page: FixablePage, text: str) -> Way | None:
    given = _meta(page, "name", "description")
    if given is not None:
        edits = page.in_document(given.set_attribute("content", text))
    else:
        edits = in_head(page, f'<meta name="description" content="{html.escape(text)}">')
    if not edits:
        return None
    draft = Draft(DraftKind.DESCRIPTION, text, partial(_described, page))
    return Way(FixState.DRAFT, page.say(Phrase.DESCRIPTION, text=text), edits=edits, draft=draft)


def _summary(page: FixablePage, given: str) -> str:
    paragraphs = [
        element.words
        for element in page.html.all()
        if element.tag == "p" and not any(level.tag in _APART for level in element.ancestors())
    ]
    sentences = [
        words for words in paragraphs if len(words) >= DESCRIPTION_LEAST and words.endswith((".", "!", "?", "…"))
    ]
    text = " ".join(given.split())
    for more in (*([_heading(page)] if not text and not sentences else []), *sentences, *paragraphs):
        if len(text) >= DESCRIPTION_LEAST:
            break
        if more and more not in text:
            text = f"{text.rstrip('.')}. {more}" if text else more
    cut = shortened(text, DESCRIPTION_MOST)
    whole = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: whole + 1] if len(cut) < len(text) and whole >= DESCRIPTION_LEAST else cut


def _language(page: FixablePage) -> Way | None:
    root = page.html.root
    given = root.attributes.get("lang", "").strip().replace("_", "-")
    text = page.probe.desktop.text
    stands = re.fullmatch(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?", given) and contradicts(given, " ".join(text.split())) is None
    code = given if stands else likely(text)
    if code is None or root.start is None:
        return None
    edits = [root.set_attribute("lang", code)]
    if "xml:lang" in root.attributes and root.attributes["xml:lang"] != code:
        edits.append(root.set_attribute("xml:lang", code))
    state = FixState.SOUND if code == given else FixState.DRAFT
    return Way(state, f'lang="{code}"', edits=page.in_document(*edits))


def _viewport(page: FixablePage) -> Way | None:
    metas = _metas(page, "name", "viewport")
    if metas:
        edits = page.in_document(*(meta.set_attribute("content", _VIEWPORT) for meta in metas))
    else:
        edits = in_head(page, f'<meta name="viewport" content="{_VIEWPORT}">')
    return Way(FixState.SOUND, f"viewport: {_VIEWPORT}", edits=edits) if edits else None


def _no_refresh(page: FixablePage) -> Way | None:
    """The page is no longer left or loaded anew by itself; where it leads, a link has to say, so it wants a reader."""
    edits = [Edit(meta.start or 0, meta.opened, "") for meta in _metas(page, "http-equiv", "refresh")]
    return Way(FixState.DRAFT, page.say(Phrase.NO_REFRESH), edits=page.in_document(*edits)) if edits else None


def _doctype(page: FixablePage) -> Way | None:
    text = page.html.text
    old = re.match(r"\s*<!doctype[^>]*>", text, re.IGNORECASE)
    edit = Edit(old.start(), old.end(), "<!doctype html>") if old is not None else Edit(0, 0, "<!doctype html>\n")
    return Way(FixState.SOUND, "<!doctype html>", edits=page.in_document(edit))


def _metas(page: FixablePage, attribute: str, value: str) -> list[SourceElement]:
    return [
        element
        for element in page.html.all()
        if element.tag == "meta"
        and element.start is not None
        and element.attributes.get(attribute, "").strip().lower() == value
    ]


def _meta(page: FixablePage, attribute: str, value: str) -> SourceElement | None:
    return next(iter(_metas(page, attribute, value)), None)


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
