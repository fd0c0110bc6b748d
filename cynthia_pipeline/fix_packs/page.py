"""A probed page as fixers see it: what is wrong, where it is written, and which files are the page's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias
from urllib.parse import urljoin, urlsplit

from PIL import Image

from cynthia_pipeline.audit.artifacts import Element, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.pictures import opened
from cynthia_pipeline.audit.site_files import OVERRIDES
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import Fault, Faults
from cynthia_pipeline.fix_packs.html_source import HtmlSource, SourceElement
from cynthia_pipeline.fix_packs.phrases import Phrase, said
from cynthia_pipeline.fix_packs.probing import Declaration, Probe, Source, ViewProbe
from cynthia_pipeline.fix_packs.remedies import SourceEdit
from cynthia_pipeline.messages import Language

Look: TypeAlias = tuple[tuple[str, int], ...]

_STEP = re.compile(r"(?P<tag>[^\s:#>]+)(?::nth-of-type\((?P<nth>\d+)\))?")
_ID = re.compile(r"#(?P<id>(?:\\[0-9a-f]+ |[^\s>])+)")
_ESCAPE = re.compile(r"\\([0-9a-f]+) ")
_COMPARED: Final = ("href", "src", "type", "name", "alt", "placeholder", "role")


@dataclass(frozen=True)
class FixablePage:
    """Everything that fixers work from.

    Attributes:
        faults: those that are to be mended.
        everything: all that is wrong with the page.
        language: of the pack's texts.
    """

    probe: Probe
    faults: tuple[Fault, ...]
    everything: Faults
    language: Language

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The text files of the page, by address, as a desktop got them."""
        return {**self.probe.mobile.sources, **self.probe.desktop.sources}

    @cached_property
    def html(self) -> HtmlSource:
        """The document."""
        source = self.sources.get(self.probe.page_url)
        return HtmlSource(source.text if source is not None else "")

    @cached_property
    def own_language(self) -> Language:
        """The language of words that are put on the page: the page's own; the pack's, where the page's is no other."""
        declared = self.html.root.attributes.get("lang", "").strip().lower().partition("-")[0]
        return next((language for language in Language if language.value == declared), self.language)

    @property
    def overrides_url(self) -> str:
        """Where the added stylesheet is served."""
        return urljoin(self.probe.page_url, OVERRIDES)

    def view(self, viewport: Viewport) -> ViewProbe:
        """One viewport."""
        return self.probe.view(viewport)

    @cached_property
    def pictures(self) -> Mapping[Viewport, Image.Image]:
        """The screenshots, decoded once for all comparisons."""
        shots = {viewport: self.view(viewport).artifacts.screenshot for viewport in Viewport}
        return {viewport: opened(shot) for viewport, shot in shots.items() if shot is not None}

    def completed(self, probe: Probe, everything: Faults) -> "FixablePage":
        """The same page with more of it measured, and all that is wrong with it by that."""
        whole = replace(self, probe=probe, everything=everything)
        vars(whole).update(html=self.html, pictures=self.pictures)  # neither is to be read twice
        return whole

    def is_own(self, url: str) -> bool:
        """Whether a file is served by the page's own site, so that its owner can change it."""
        mine, other = urlsplit(self.probe.page_url), urlsplit(url)
        return url in self.sources and (mine.scheme, mine.netloc) == (other.scheme, other.netloc)

    def written(self, fault: Fault) -> SourceElement | None:
        """The source of a fault's element; None if scripts made it or something else stands there."""
        return self.located(fault.path, fault.element)

    def located(self, path: str, element: Element | None) -> SourceElement | None:
        """The element of the source that `path` leads to, if it is the same as the browser's `element`."""
        found = locate(self.html, path)
        if found is None or found.start is None:
            return None
        if element is not None and not _agrees(found, element):
            return None
        return found

    def declarations(self, fault: Fault) -> tuple[Declaration, ...]:
        """What applies to a fault's element, weakest first; empty if it was not asked for."""
        element = fault.element
        if element is None:
            return ()
        view = self.view(fault.viewport)
        exact = view.declarations.get(element.index)
        if exact is not None:
            return exact
        alike = self._representatives[fault.viewport].get(look(view.artifacts, element))
        return () if alike is None else view.declarations[alike]

    @cached_property
    def _representatives(self) -> Mapping[Viewport, Mapping[Look, int]]:
        """Of each look, the element that the browser was asked about."""
        views = {viewport: self.view(viewport) for viewport in Viewport}
        return {
            viewport: {look(view.artifacts, view.artifacts.elements[index]): index for index in view.declarations}
            for viewport, view in views.items()
        }

    def say(self, phrase: Phrase, **facts: object) -> str:
        """A phrase in the language of the pack's texts."""
        return said(phrase, self.language, **facts)

    def in_document(self, *edits: Edit | None) -> tuple[SourceEdit, ...]:
        """Edits of the document."""
        return tuple(SourceEdit(self.probe.page_url, edit) for edit in edits if edit is not None)


def look(view: ViewportArtifacts, element: Element) -> Look:
    """What makes two elements look alike: their tags and computed styles, and those of the three around them."""
    around = [element, *view.ancestors(element)[:3]]
    return tuple((level.tag, id(level.style)) for level in around)


def locate(html: HtmlSource, path: str) -> SourceElement | None:
    """Follows a selector of the audit's own making through the source's tree."""
    if not path or ">>>" in path:
        return None
    current: SourceElement | None = None
    for place, step in enumerate(path.split(" > ")):
        identifier = _ID.fullmatch(step)
        if identifier is not None:
            current = html.with_id(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), identifier["id"]))
        elif step == "html" and place == 0:
            current = html.root
        else:
            current = _child(current, step) if current is not None else None
        if current is None:
            return None
    return current


def _child(parent: SourceElement, step: str) -> SourceElement | None:
    match = _STEP.fullmatch(step)
    if match is None:
        return None
    same = [child for child in parent.children if child.tag == match["tag"]]
    nth = int(match["nth"] or 1)
    return same[nth - 1] if nth <= len(same) else None


def _agrees(written: SourceElement, element: Element) -> bool:
    if written.tag != element.tag or written.attributes.get("id", "") != element.id:
        return False
    return all(
        written.attributes.get(name, "") == element.attributes.get(name, "")
        for name in _COMPARED
        if name in written.attributes and name in element.attributes
    )
