"""Remedies -> the page's patched files."""

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cynthia_pipeline.audit.site_files import OVERRIDES, file_name
from cynthia_pipeline.fix_packs.edits import Edit, compatible
from cynthia_pipeline.fix_packs.fixers.document import at_end_of_head
from cynthia_pipeline.fix_packs.html_source import HtmlSource
from cynthia_pipeline.fix_packs.page import FixablePage, locate
from cynthia_pipeline.fix_packs.patches import PatchError, applied, diffs_of, unified
from cynthia_pipeline.fix_packs.phrases import Phrase
from cynthia_pipeline.fix_packs.ports import Diff
from cynthia_pipeline.fix_packs.probing import Source
from cynthia_pipeline.fix_packs.remedies import Override, Remedy, SourceEdit, Way, stylesheet

_SUFFIX = re.compile(r"(?P<path>.*?)(?P<suffix>(?:::?(?!nth-of-type)[a-z-].*)?)", re.DOTALL)
"""A selector of the audit, and the pseudo-class or pseudo-element behind it."""

Applied = Sequence[tuple[Remedy, Way]]


@dataclass(frozen=True, slots=True)
class Patch:
    """Every changed file.

    Attributes:
        diffs: all changes, file by file.
        replaced: the patched files by address, as they are served for the verification.
        originals: the same files as they were, by their names in a checkout; empty text for one that is added.
    """

    diffs: tuple[Diff, ...]
    replaced: dict[str, Source]
    originals: dict[str, str]

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the changed files."""
        return tuple(dict.fromkeys(diff.file for diff in self.diffs))

    def unified(self, *, reverse: bool = False) -> str:
        """The whole patch, or what undoes it, as one unified diff."""
        parts = []
        for file, text in self.originals.items():
            patched = applied(text, [diff for diff in self.diffs if diff.file == file])
            parts.append(unified(file, patched, text) if reverse else unified(file, text, patched))
        return "".join(parts)


def patch_of(page: FixablePage, taken: Applied) -> Patch:
    """The patch that makes all of these.

    Raises:
        ValueError: two of them claim the same characters; see `without_conflicts`.
    """
    overrides = [rule for _, way in taken for rule in way.overrides if rule.selectors]
    edits: dict[str, dict[Edit, str]] = {}
    for _, way in taken:
        for item in way.edits:
            edits.setdefault(item.url, {}).setdefault(item.edit, way.description)
    if overrides:
        link = f'<link rel="stylesheet" href="{OVERRIDES}">'
        for item in at_end_of_head(page, link):
            edits.setdefault(item.url, {})[item.edit] = page.say(Phrase.LINKS_SHEET)
    diffs: list[Diff] = []
    replaced: dict[str, Source] = {}
    originals: dict[str, str] = {}
    for url, noted in edits.items():
        source = page.sources[url]
        file = file_name(url)
        made = diffs_of(file, source.text, noted, noted)
        diffs += made
        originals[file] = source.text
        replaced[url] = Source(url, source.media_type, applied(source.text, made), source.headers)
    if overrides:
        if any(way.restructures for _, way in taken):
            overrides = _followed(page, overrides, edits[page.probe.page_url], replaced[page.probe.page_url].text)
        css = stylesheet(overrides)
        file = posixpath.join(posixpath.dirname(file_name(page.probe.page_url)), OVERRIDES)
        diffs.append(
            Diff(
                file=file,
                before="",
                after=css,
                lines_changed=css.count("\n"),
                description=page.say(Phrase.SHEET_ADDED),
            )
        )
        originals[file] = ""
        replaced[page.overrides_url] = Source(page.overrides_url, "text/css", css)
    return Patch(tuple(diffs), replaced, originals)


def _followed(page: FixablePage, overrides: Sequence[Override], edits: Iterable[Edit], patched: str) -> list[Override]:
    """The rules for the same elements, whose places in the tree the edits of the document have changed."""
    made, after = compatible(edits), HtmlSource(patched)

    def follow(selector: str) -> str:
        match = _SUFFIX.fullmatch(selector)
        path, suffix = (match["path"], match["suffix"]) if match is not None else (selector, "")
        steps = path.split(" > ")
        for count in range(len(steps), 0, -1):  # what scripts add stands below something that is written
            written = locate(page.html, " > ".join(steps[:count]))
            if written is not None and written.start is not None:
                moved = sum(len(edit.text) - (edit.end - edit.start) for edit in made if edit.end <= written.start)
                now = after.by_place.get(written.start + moved)
                return selector if now is None else " > ".join((after.path(now), *steps[count:])) + suffix
        return selector

    return [replace(rule, selectors=tuple(map(follow, rule.selectors))) for rule in overrides]


def conflicting(taken: Applied) -> Remedy | None:
    """The first remedy that claims characters which one before it claims; None if all go together."""
    made: dict[str, list[Edit]] = {}
    for remedy, way in taken:
        for url, edits in _by_url(way.edits).items():
            try:
                compatible([*made.get(url, ()), *edits])
            except ValueError:
                return remedy
            made.setdefault(url, []).extend(edits)
    return None


def _by_url(edits: Iterable[SourceEdit]) -> dict[str, list[Edit]]:
    found: dict[str, list[Edit]] = {}
    for item in edits:
        found.setdefault(item.url, []).append(item.edit)
    return found


def applied_or_none(text: str, diffs: Sequence[Diff]) -> str | None:
    """`text` with the diffs made; None where one does not fit."""
    try:
        return applied(text, diffs)
    except PatchError:
        return None
