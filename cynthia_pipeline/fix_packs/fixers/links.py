"""Links within text that only their colour tells apart: they get their underline."""

from collections.abc import Iterator, Sequence
from typing import Final

from cynthia_pipeline.fix_packs.faults import Fault, keys_of, paths_of
from cynthia_pipeline.fix_packs.fixers.css import override
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Remedy, Way

RULES: Final = frozenset(("axe-link-in-text-block", "clr-link-colour-alone"))
_UNDERLINE: Final = (("text-decoration-line", "underline"),)


def remedies(page: FixablePage, faults: Sequence[Fault]) -> Iterator[Remedy]:
    """One remedy for all of them."""
    same = [fault for fault in faults if fault.rule.id in RULES and fault.path]
    if same:
        paths = paths_of(same)
        way = Way(
            FixState.SOUND,
            page.say(Phrase.UNDERLINED),
            overrides=(override(paths, _UNDERLINE),),
            sets=_UNDERLINE,
        )
        yield Remedy(keys_of(same), (way,), paths)
