"""Words that a pack puts on a page: how long they may be, where they stand, and how others would be put there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from cynthia_pipeline.audit.rules.page_title import DESCRIPTION_LEAST, DESCRIPTION_MOST, TITLE_MOST

if TYPE_CHECKING:
    from cynthia_pipeline.fix_packs.remedies import Way

NAME_MOST: Final = 80
"""Characters of a drafted name."""


class DraftKind(StrEnum):
    """What words are for."""

    TITLE = "title"
    DESCRIPTION = "description"
    ALTERNATIVE = "alternative"
    NAME = "name"

    @property
    def lengths(self) -> tuple[int, int]:
        """The fewest and the most characters."""
        return _LENGTHS[self]


_LENGTHS: Final[Mapping[DraftKind, tuple[int, int]]] = {
    DraftKind.TITLE: (3, TITLE_MOST),
    DraftKind.DESCRIPTION: (DESCRIPTION_LEAST, DESCRIPTION_MOST),
    DraftKind.ALTERNATIVE: (2, NAME_MOST),
    DraftKind.NAME: (2, NAME_MOST),
}


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Words that a way puts on the page, taken from the page's own. Each is one of its own, whatever it says.

    Attributes:
        words: as they are drafted.
        write: the same way with other words; None where they would change nothing.
        about: what is known of the place: element, text around it, file, address.
        begins: what the words have to begin with: those that are seen there.
    """

    kind: DraftKind
    words: str
    write: "Callable[[str], Way | None]" = field(repr=False)
    about: Mapping[str, str] = field(default_factory=dict)
    begins: str = ""
