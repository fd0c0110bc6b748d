"""Changes of one text by position: what fixers write, before it becomes excerpts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replaces text[start:end] by `text`; an insertion where both are the same."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"an edit from {self.start} to {self.end}")

    def overlaps(self, other: "Edit") -> bool:
        """Whether both claim the same characters. Two insertions at one place do not; they are made in turn."""
        if self.start == self.end or other.start == other.end:
            inner, outer = (self, other) if self.start == self.end else (other, self)
            return outer.start < inner.start < outer.end
        return self.start < other.end and other.start < self.end


def compatible(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """`edits` in the order of their places, each once.

    Raises:
        ValueError: two of them claim the same characters.
    """
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end))
    for place, edit in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.start >= edit.end and other.start > edit.start:
                break
            if edit.overlaps(other):
                raise ValueError(f"two edits claim {other.start} to {min(edit.end, other.end)}")
    return tuple(ordered)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all edits made.

    Raises:
        ValueError: two of them claim the same characters, or one lies beyond the end.
    """
    return _spliced(text, compatible(edits))


def _spliced(text: str, ordered: Sequence[Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in ordered:
        if edit.end > len(text):
            raise ValueError(f"an edit ends at {edit.end}, the text at {len(text)}")
        parts += text[at : edit.start], edit.text
        at = edit.end
    return "".join((*parts, text[at:]))
