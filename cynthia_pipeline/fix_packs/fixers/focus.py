"""Focus that is seen, and ways past what every page repeats."""

import difflib
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final
from urllib.parse import unquote

from cynthia_pipeline.audit.artifacts import Viewport, css_identifier
from cynthia_pipeline.audit.rules.model import number
from cynthia_pipeline.audit.rules.pinned import top_bar
from cynthia_pipeline.fix_packs.faults import Fault, keys_of, paths_of
from cynthia_pipeline.fix_packs.fixers.css import override
from cynthia_pipeline.fix_packs.fixers.page_words import words_for
from cynthia_pipeline.fix_packs.html_source import SourceElement
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Override, Remedy, Way

_UNMARKED: Final = "acc-focus-visible"
_BROKEN: Final = frozenset(("axe-skip-link", "acc-anchor-missing"))
_NO_SKIP_LINK: Final = "acc-skip-link"

_SKIP_CLASS: Final = "cynthia-skip-link"
_SKIP_STYLES: Final = (
    Override(
        (f".{_SKIP_CLASS}",),
        (
            ("position", "absolute"),
            ("top", "-100px"),
            ("left", "8px"),
            ("z-index", "10000"),
            ("box-sizing", "border-box"),
            ("min-height", "44px"),
            ("padding", "12px 16px"),
            ("font-size", "16px"),
            ("line-height", "20px"),
            ("color", "#111111"),
            ("background-color", "#ffffff"),
            ("text-decoration", "underline"),
        ),
    ),
    Override((f".{_SKIP_CLASS}:focus",), (("top", "8px"), ("outline", "2px solid #111111"))),
)
"""Above the page until it has the focus, then in its corner, 44 px high and in 18.9:1."""
_RINGS: Final = (
    (("outline", "2px solid currentcolor"), ("outline-offset", "2px")),
    (("outline", "2px solid currentcolor"), ("outline-offset", "-2px")),
    (("outline", "2px solid #000"), ("box-shadow", "0 0 0 4px #fff")),
)
"""Outside, inside where the surroundings cut it off, and in two colours of which one stands out on any ground.

For everything that takes the focus: the audit looks at one element of each kind.
"""

_REPEATED: Final = frozenset(("nav", "header", "footer", "aside"))
_HEADING: Final = re.compile("h[1-6]")
_NEARLY: Final = 0.85
"""Similarity (difflib) from which an id is the one that was meant, but for a slip of the pen."""

_SKIPS: Final = re.compile(
    r"\b(skip|jump|go) to\b|\b(main )?content\b|\b(saltar|ir) al?\b|\bcontenido\b", re.IGNORECASE
)


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for all rings, one for each skip link whose target is missing."""
    unmarked = [fault for fault in faults if fault.rule.id == _UNMARKED and fault.path]
    if unmarked:
        paths = paths_of(unmarked)
        ways = tuple(
            Way(FixState.SOUND, page.say(Phrase.RING), overrides=(override((state,), ring),))
            for ring, state in zip(_RINGS, (":focus-visible", ":focus-visible", ":focus"), strict=True)
        )
        yield Remedy(keys_of(unmarked), ways, paths)
    yield from _skip_link(page, [fault for fault in faults if fault.rule.id == _NO_SKIP_LINK])
    broken: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.rule.id in _BROKEN and fault.path:
            broken.setdefault(fault.path, []).append(fault)
    for path, same in broken.items():
        way = _target(page, same[0])
        if way is not None:
            yield Remedy(keys_of(same), (way,), (path,))


def _skip_link(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """The first link of the page leads to where its content begins, and is seen with the focus alone."""
    body, content, words = page.html.first("body"), _main(page) or _heading(page), words_for(page)
    if not faults or body is None or body.start is None or content is None or words is None:
        return
    given = content.attributes.get("id", "").strip()
    target = given or page.html.free_id("content")
    link = f'<a class="{_SKIP_CLASS}" href="#{escape(target)}">{escape(words.skip)}</a>'
    edits = [body.insert_inside(f"\n{link}"), *([] if given else [content.set_attribute("id", target)])]
    way = Way(
        FixState.DRAFT,
        page.say(Phrase.SKIP_LINK, text=words.skip),
        edits=page.in_document(*edits),
        overrides=(*_SKIP_STYLES, *_below_bar(page, target)),
        restructures=True,
        adds=(words.skip,),
    )
    yield Remedy(keys_of(faults), (way,), ("html",))


def _below_bar(page: FixablePage, target: str) -> Iterator[Override]:
    """What is jumped to stops below a bar that stays at the top of the view."""
    bars = (top_bar(page.view(viewport).artifacts) for viewport in Viewport)
    height = max((bar.rect.height for bar in bars if bar is not None), default=0.0)
    if height:
        yield Override((f"#{css_identifier(target)}",), (("scroll-margin-top", f"{number(height, 0)}px"),))


def _main(page: FixablePage) -> SourceElement | None:
    """The main landmark, if it is written in the source."""
    found = (e for e in page.html.all() if e.tag == "main" or e.attributes.get("role") == "main")
    main = next(found, None)
    return main if main is not None and main.start is not None else None


def _heading(page: FixablePage) -> SourceElement | None:
    """Outside of what every page repeats, the first heading of the highest level: menus have lower ones."""
    found = (e for e in page.html.all() if _HEADING.fullmatch(e.tag) and e.start is not None and e.words)
    own = (e for e in found if not any(level.tag in _REPEATED for level in e.ancestors()))
    return min(own, key=lambda e: e.tag, default=None)


def _target(page: FixablePage, fault: Fault) -> Way | None:
    """A link leads to the id of the page that is nearly called so; one that skips to the content, to the content."""
    written = page.written(fault)
    wanted = unquote(written.attributes.get("href", "").strip().lstrip("#")) if written is not None else ""
    if written is None or not wanted:
        return None
    ids = [identifier for e in page.html.all() if (identifier := e.attributes.get("id", ""))]
    same = [identifier for identifier in ids if identifier.casefold() == wanted.casefold()]
    near = same[:1] or difflib.get_close_matches(wanted, ids, 1, _NEARLY)
    if near:
        state = FixState.SOUND if same else FixState.DRAFT
        edits = page.in_document(written.set_attribute("href", f"#{near[0]}"))
        return Way(state, f'href="#{near[0]}"', edits=edits)
    main = _main(page)
    if main is None or not (fault.rule.id == "axe-skip-link" or _SKIPS.search(written.words)):
        return None
    given = main.attributes.get("id", "").strip()
    edit = written.set_attribute("href", f"#{given}") if given else main.set_attribute("id", wanted)
    said = page.say(Phrase.SKIP_TARGET, id=given or wanted)
    return Way(FixState.SOUND, said, edits=page.in_document(edit))
