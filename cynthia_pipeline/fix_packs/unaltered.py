"""What a patch leaves as it was, as far as its text tells."""

from collections.abc import Sequence
from typing import Final

from cynthia_pipeline.audit.artifacts import Part
from cynthia_pipeline.fix_packs.html_source import HtmlSource, SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.parts import BY_USE
from cynthia_pipeline.fix_packs.patching import Patch

_SAID: Final = frozenset(("alt", "title", "lang", "xml:lang", "role", "scope", "abbr", "summary"))
_SAID_OF_PAGE: Final = frozenset(("description", "title"))


def unaltered(page: FixablePage, patch: Patch) -> frozenset[Part]:
    """What a patch does not touch: nothing, unless it changes but what is said of things.

    That is names, roles and languages, the title and the description. Style sheets can select by them and scripts can
    read them: whether the page looks the same has to be seen as well, see `look_the_same`.
    """
    patched = patch.replaced.get(page.probe.page_url)
    if patched is None or len(patch.replaced) > 1:
        return frozenset()
    return BY_USE if only_said(page.html, HtmlSource(patched.text)) else frozenset()


def only_said(before: HtmlSource, after: HtmlSource) -> bool:
    """Whether two documents have the same elements, scripts and styles, and differ in what is said of them alone."""
    one, other = _shown(before), _shown(after)
    return len(one) == len(other) and all(
        was.tag == now.tag
        and _done(was) == _done(now)
        and (was.tag not in ("script", "style") or _inside(before, was) == _inside(after, now))
        for was, now in zip(one, other, strict=True)
    )


def _shown(document: HtmlSource) -> Sequence[SourceElement]:
    return [element for element in document.all() if not _says_of_page(element)]


def _says_of_page(element: SourceElement) -> bool:
    return element.tag == "title" or (
        element.tag == "meta" and element.attributes.get("name", "").strip().lower() in _SAID_OF_PAGE
    )


def _done(element: SourceElement) -> dict[str, str]:
    attributes = element.attributes.items()
    return {name: value for name, value in attributes if name not in _SAID and not name.startswith("aria-")}


def _inside(document: HtmlSource, element: SourceElement) -> str:
    return document.text[element.opened : (element.closing or (len(document.text),))[0]]
