"""What the words are for that a pack puts on a page, and how long they may be."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from cynthia_pipeline.audit.rules.page_title import DESCRIPTION_LEAST, DESCRIPTION_MOST, TITLE_MOST

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
