"""Where a measured fact speaks against axe-core: `needs_review`, and a finding without the fact."""

from collections.abc import Callable

import pytest

from cynthia_pipeline.audit.artifacts import PageArtifacts, Part, Viewport
from cynthia_pipeline.audit.report import RuleOutcome
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.audit.running import run

_FRAME = """<iframe title="Loaves" tabindex="-1" srcdoc="<a href='/'>Loaves</a>"></iframe>"""
_DIALOG = "<dialog id=d><button>Close</button></dialog><script>d.{}()</script>"
_AREA = '<div style="font: 20px/20px Arial; width: 200px; height: 60px; overflow: auto; padding: 40px">{}</div>'
_LINE = "<div>Bread and butter</div>"

_LIST = '<div role="list"><div {}><div role="listitem">Rye</div><div role="listitem">Spelt</div></div></div>'

PAGES = {
    "aria-required-children": (_LIST.format("aria-live=polite"), _LIST.format("aria-live=polite role=tabpanel")),
    "scrollable-region-focusable": (_AREA.format(_LINE * 5), _AREA.format(_LINE * 9)),
    "frame-focusable-content": (_FRAME + _DIALOG.format("showModal"), _FRAME + _DIALOG.format("show")),
}
"""Of axe's rules, a page with what it complains of and the fact against it, and one without the fact."""


@pytest.mark.parametrize("axe_id", PAGES)
def test_a_fact_against_axe_leaves_it_to_a_person(axe_id: str, measure: Callable[..., PageArtifacts]) -> None:
    rule = next(rule for rule in RULES if rule.id == f"axe-{axe_id}")
    outcomes = []
    for body in PAGES[axe_id]:
        html = f"<!doctype html><html lang=en><title>Bread</title><body>{body}"
        page = measure(html, views=(Viewport.DESKTOP,), parts=frozenset({Part.AXE}))
        outcomes.append(run(rule, page).outcome)
    assert outcomes == [RuleOutcome.NEEDS_REVIEW, RuleOutcome.FAIL]
