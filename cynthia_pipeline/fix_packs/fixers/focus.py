"""Focus that is seen, and ways past what every page repeats."""

from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.faults import Fault, keys_of, paths_of
from cynthia_pipeline.fix_packs.fixers.css import override
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

_UNMARKED: Final = "acc-focus-visible"
_BROKEN: Final = "axe-skip-link"
_RINGS: Final = (
    (("outline", "2px solid currentcolor"), ("outline-offset", "2px")),
    (("outline", "2px solid currentcolor"), ("outline-offset", "-2px")),
    (("outline", "2px solid #000"), ("box-shadow", "0 0 0 4px #fff")),
)
"""Outside, inside where the surroundings cut it off, and in two colours of which one stands out on any ground.

For everything that takes the focus: the audit looks at one element of each kind.
"""


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for all rings, one for each skip link whose target is missing."""
    unmarked = [fault for fault in faults if fault.rule.id == _UNMARKED and fault.path]
    if unmarked:
        paths = paths_of(unmarked)
        ways = tuple(
            Way(FixState.SOUND, "a ring around what has the focus", overrides=(override((state,), ring),))
            for ring, state in zip(_RINGS, (":focus-visible", ":focus-visible", ":focus"), strict=True)
        )
        yield Remedy(keys_of(unmarked), ways, paths)
    for fault in faults:
        way = _target(page, fault) if fault.rule.id == _BROKEN else None
        if way is not None:
            yield Remedy((fault.key,), (way,), (fault.path,))


def _target(page: FixablePage, fault: Fault) -> Way | None:
    """The main landmark becomes what the skip link leads to."""
    written = page.written(fault)
    main = next((e for e in page.html.all() if e.tag == "main" or e.attributes.get("role") == "main"), None)
    if written is None or main is None or main.start is None:
        return None
    wanted = written.attributes.get("href", "").lstrip("#")
    given = main.attributes.get("id", "")
    edit = written.set_attribute("href", f"#{given}") if given else main.set_attribute("id", wanted)
    return Way(FixState.SOUND, f"the skip link leads to #{given or wanted}", edits=page.in_document(edit))
