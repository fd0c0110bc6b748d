"""The benchmark's planted pages: mended as the fixers propose, and measured again in real Chromium.

The best way of every remedy is taken at once. What a page says it plants is there, then gone by every engine that
covers it, and nobody lost anything.
"""

import re
from pathlib import Path

import pytest

from cynthia_pipeline.browser.probe import BrowserProber
from cynthia_pipeline.fix_packs.faults import faults_of
from cynthia_pipeline.fix_packs.fixers.registry import asked, remedies
from cynthia_pipeline.fix_packs.judging import Comparison
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.patching import patch_of
from cynthia_pipeline.fix_packs.probing import PageUnderTest
from cynthia_pipeline.messages import Language

from .conftest import measured

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGES = {
    path.stem: path.read_bytes().decode()
    for path in (Path(__file__).parents[2] / "benchmarks" / "fixes" / "planted").glob("*.html")
}


def _planted(html: str) -> frozenset[str]:
    """The rules that a page says it breaks."""
    said = re.match(r"<!-- plants: ([^>]*) -->", html)
    return frozenset(said[1].split()) if said is not None else frozenset()


async def _mended(prober: BrowserProber, html: str) -> Comparison:
    async with prober.opened(PageUnderTest("", Language.ENGLISH, html), asked) as opened:
        probe = opened.probe
    found = faults_of(probe.artifacts)
    page = FixablePage(probe, found.of_issues(group.issue_id for group in found.groups), found, Language.ENGLISH)
    taken = [(remedy, remedy.ways[0]) for remedy in remedies(page)]
    where = PageUnderTest("", Language.ENGLISH, html, patch_of(page, taken).replaced)
    return Comparison(page, await measured(prober, where), taken, reworded=True)


@pytest.mark.parametrize("name", sorted(PAGES))
async def test_a_family_of_faults_is_mended_and_nobody_loses_anything(prober: BrowserProber, name: str) -> None:
    html = PAGES[name]
    comparison = await _mended(prober, html)
    found = {fault.rule.id for fault in comparison.page.faults}
    assert _planted(html) <= found, f"not found on the page: {sorted(_planted(html) - found)}"
    mended = [fault for fault in comparison.page.faults if fault.rule.id in _planted(html)]
    assert not {fault.key for fault in mended if not comparison.is_gone(fault)}
    assert not [item for item in comparison.problems() if not item.what.startswith(("new finding", "the picture"))]
