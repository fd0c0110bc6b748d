"""Edits -> diffs that anyone can apply by search and replace, and undo to the byte.

A diff's `before` occurs exactly once in the file as the diffs before it left it, and its `after` exactly once in the
file as the diffs behind it find it when they are undone in reverse order. Where a short excerpt occurs more than
once, its context grows until it does not; diffs whose contexts meet become one.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cynthia_pipeline.errors import CynthiaError
from cynthia_pipeline.fix_packs.edits import Edit, compatible, edited
from cynthia_pipeline.fix_packs.ports import Diff

_MARGIN = 24
"""Characters of context that an excerpt has at least on each side, where the file has them."""


class PatchError(CynthiaError):
    """A diff does not fit: its excerpt does not occur exactly once."""


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A stretch of the original text, from `start` to `end`, and the edits within it."""

    start: int
    end: int
    edits: tuple[Edit, ...]

    def before(self, text: str) -> str:
        return text[self.start : self.end]

    def after(self, text: str) -> str:
        moved = (Edit(edit.start - self.start, edit.end - self.start, edit.text) for edit in self.edits)
        return edited(self.before(text), moved)


def diffs_of(file: str, text: str, edits: Iterable[Edit], notes: Mapping[Edit, str] | None = None) -> tuple[Diff, ...]:
    """The diffs that make `edits` in `text`, in the order of their places.

    Args:
        file: the path that the diffs name.
        text: the whole file.
        edits: what is changed; edits that change nothing are left out.
        notes: what each edit is for, which becomes the diffs' description.

    Raises:
        ValueError: two edits claim the same characters.
    """
    ordered = compatible(edit for edit in edits if text[edit.start : edit.end] != edit.text)
    hunks = _joined([_around(text, edit) for edit in ordered])
    while (ambiguous := _first_ambiguous(text, hunks)) is not None:
        hunks = _joined([_grown(text, hunk) if place == ambiguous else hunk for place, hunk in enumerate(hunks)])
    return tuple(_diff(file, text, hunk, notes or {}) for hunk in hunks)


def applied(text: str, diffs: Sequence[Diff]) -> str:
    """`text` with the diffs made in turn.

    Raises:
        PatchError: an excerpt does not occur exactly once.
    """
    for diff in diffs:
        text = _replaced(text, diff.file, diff.before, diff.after)
    return text


def undone(text: str, diffs: Sequence[Diff]) -> str:
    """`text` with the diffs undone, the last one first.

    Raises:
        PatchError: an excerpt does not occur exactly once.
    """
    for diff in reversed(diffs):
        text = _replaced(text, diff.file, diff.after, diff.before)
    return text


def unified(file: str, before: str, after: str) -> str:
    """The change as a unified diff that `patch -p1` and `git apply` take; empty if there is none."""
    old = f"a/{file}" if before else "/dev/null"
    new = f"b/{file}" if after else "/dev/null"
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), old, new)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _replaced(text: str, file: str, before: str, after: str) -> str:
    found = occurrences(text, before)
    if found != 1:
        raise PatchError(f"{file}: the excerpt occurs {found} times, not once: {_shortened(before)!r}")
    return text.replace(before, after, 1)


def occurrences(text: str, excerpt: str) -> int:
    """How often `excerpt` stands in `text`: 0, 1, or 2 for more than once. Nothing stands once in nothing."""
    if not excerpt:
        return 1 if not text else 2
    first = text.find(excerpt)
    if first < 0:
        return 0
    return 1 if text.find(excerpt, first + 1) < 0 else 2


def _shortened(excerpt: str) -> str:
    return excerpt if len(excerpt) <= 60 else f"{excerpt[:57]}..."


def _around(text: str, edit: Edit) -> _Hunk:
    return _Hunk(max(0, edit.start - _MARGIN), min(len(text), edit.end + _MARGIN), (edit,))


def _grown(text: str, hunk: _Hunk) -> _Hunk:
    more = max(_MARGIN, hunk.end - hunk.start)
    return _Hunk(max(0, hunk.start - more), min(len(text), hunk.end + more), hunk.edits)


def _joined(hunks: Sequence[_Hunk]) -> list[_Hunk]:
    joined: list[_Hunk] = []
    for hunk in hunks:
        if joined and hunk.start <= joined[-1].end:
            last = joined.pop()
            joined.append(_Hunk(last.start, max(last.end, hunk.end), (*last.edits, *hunk.edits)))
        else:
            joined.append(hunk)
    return joined


def _first_ambiguous(text: str, hunks: Sequence[_Hunk]) -> int | None:
    """The first hunk whose excerpt, before or after, is not alone in the text at the moment it is searched for."""
    if len(hunks) == 1 and (hunks[0].start, hunks[0].end) == (0, len(text)):
        return None
    for place, hunk in enumerate(hunks):
        before, after = hunk.before(text), hunk.after(text)
        earlier = edited(text, (edit for other in hunks[:place] for edit in other.edits))
        done = edited(text, (edit for other in hunks[: place + 1] for edit in other.edits))
        if occurrences(earlier, before) != 1 or occurrences(text, before) != 1 or occurrences(done, after) != 1:
            return place
    return None


def _diff(file: str, text: str, hunk: _Hunk, notes: Mapping[Edit, str]) -> Diff:
    before, after = hunk.before(text), hunk.after(text)
    said = dict.fromkeys(notes[edit] for edit in hunk.edits if edit in notes)
    changed = (line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line.startswith(("+ ", "- ")))
    added_or_removed = [line[0] for line in changed]
    return Diff(
        file=file,
        before=before,
        after=after,
        lines_changed=max(added_or_removed.count("+"), added_or_removed.count("-")),
        description="; ".join(said) or None,
    )
