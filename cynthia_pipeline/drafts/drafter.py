"""What a drafter is: something that makes a page from an idea, for sessions that bring no page of their own."""

from dataclasses import dataclass, field
from typing import Protocol

from cynthia_pipeline.messages import Language


@dataclass(frozen=True, slots=True)
class DraftedPage:
    """A whole HTML document that needs nothing else, and the template that it was made from."""

    html: str = field(repr=False)
    template: str


class Drafter(Protocol):
    """Makes pages from ideas."""

    def draft(self, idea: str, language: Language) -> DraftedPage:
        """One page made from `idea`, with the frame's words in `language`.

        Whatever the idea holds (nothing, a megabyte, markup, any script), the page is whole and its size bounded.
        """
        ...
