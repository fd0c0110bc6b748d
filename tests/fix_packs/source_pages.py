"""Pages that are nothing but their source, for fixers that look at nothing else."""

from collections.abc import Mapping

from cynthia_pipeline.audit.artifacts import DocumentFacts, PageArtifacts, Viewport, ViewportArtifacts
from cynthia_pipeline.audit.report import Severity
from cynthia_pipeline.audit.rules.model import Finding
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.fix_packs.faults import Fault, Faults
from cynthia_pipeline.fix_packs.fixers.registry import remedies
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.patching import patch_of
from cynthia_pipeline.fix_packs.probing import Probe, Source, ViewProbe
from cynthia_pipeline.fix_packs.remedies import Remedy
from cynthia_pipeline.messages import Language

URL = "https://bakery.example/"


def page_of(html: str, *faults: Fault, language: Language = Language.ENGLISH) -> FixablePage:
    """The page with these faults and no others."""
    text = html.partition("<body>")[2]
    views = {viewport: _view(viewport, text, html) for viewport in Viewport}
    desktop, mobile = views[Viewport.DESKTOP], views[Viewport.MOBILE]
    artifacts = PageArtifacts(URL, URL, desktop.artifacts, mobile.artifacts)
    return FixablePage(Probe(URL, artifacts, desktop, mobile), faults, Faults(faults, ()), language)


def _view(viewport: Viewport, text: str, html: str) -> ViewProbe:
    facts = DocumentFacts("", "", viewport.width, viewport.height, viewport.width, 0, 0, {})
    artifacts = ViewportArtifacts(viewport, facts, (), (), {}, "", {}, {})
    return ViewProbe(artifacts, {}, {}, text, {URL: Source(URL, "text/html", html)})


def fault(rule: str, path: str, **facts: str) -> Fault:
    """A finding of a rule at a place, without an element of a browser's."""
    known = next(item for item in RULES if item.id == rule)
    return Fault("issue", known, Viewport.DESKTOP, path, Finding(Severity.MINOR, "cause", facts))


def proposed(
    html: str, rule: str, path: str, facts: Mapping[str, str] | None = None, language: Language = Language.ENGLISH
) -> tuple[FixablePage, list[Remedy]]:
    """The page with one fault, and what the fixers propose for it."""
    page = page_of(html, fault(rule, path, **(facts or {})), language=language)
    return page, list(remedies(page))


def patched(page: FixablePage, remedy: Remedy, way: int = 0) -> str:
    """The document with a remedy in one of its ways."""
    return patch_of(page, [(remedy, remedy.ways[way])]).replaced[URL].text
