"""gather() and assemble() together, on pages that make it hard."""

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cynthia_pipeline.audit.artifacts import PageArtifacts, Viewport, parse_view
from cynthia_pipeline.audit.assemble import AssembledReport, assemble
from cynthia_pipeline.audit.crops import CropLimits, crop_evidence, frame_around
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.geometry import Rect
from cynthia_pipeline.audit.report import Axis, FixType, RuleOutcome
from cynthia_pipeline.audit.rules.axe_tags import AXE_TAGS
from cynthia_pipeline.audit.rules.axe_texts import AXE_TEXTS
from cynthia_pipeline.audit.rules.model import Rule, Texts, Verdict, bilingual
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.browser.gather import GatherLimits
from cynthia_pipeline.messages import Language

Measure = Callable[..., PageArtifacts]

FAULTY = """<!doctype html><html><head><title>Faulty</title>
<meta name="viewport" content="width=device-width, user-scalable=no"></head>
<body style="background:#fff;margin:0">
<h1>Faults</h1><h4>Skipped</h4>
<p style="color:#aaa">Pale.</p><p style="color:#aaa">Pale again.</p>
<p>A long enough sentence around <a href="/x" style="color:#0000a0;text-decoration:none">a link</a> of colour.</p>
<img src="data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27/%3E" width="40" height="40">
<input><select><option>One</option></select><button></button><a href="/y"></a>
<style>.tiny { width: 12px; height: 12px; padding: 0 }</style>
<div style="font-size:0"><button class="tiny"></button><button class="tiny"></button></div>
<ul><div>No item</div></ul><table><tr><th></th></tr></table><div role="nonsense" aria-fake="1" tabindex="4">Role</div>
<iframe srcdoc="<p style='color:#bbb'>Framed</p>" width="200" height="60"></iframe>
<div id="host"></div>
<script>host.attachShadow({mode: "open"}).innerHTML = "<p style='color:#ccc'>In the shadow</p>"</script>
</body></html>"""

HOSTILE = """<!doctype html><html lang="en"><head><title>Hostile</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>
  window.heard = 0;
  addEventListener("message", () => { heard++; });
  for (const name of ["JSON", "Map", "Set", "Promise", "getComputedStyle", "axe", "PerformanceObserver"])
    window[name] = undefined;
  Element.prototype.getBoundingClientRect = () => ({ x: 0, y: 0, width: 0, height: 0 });
  Array.prototype.map = Array.prototype.push = () => { throw new Error("no"); };
  document.querySelectorAll = () => [];
</script>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"></head>
<body><main><h1>Hostile</h1><p style="color:#aaa;background:#fff">Pale.</p></main></body></html>"""


def report_of(page: PageArtifacts, language: Language = Language.ENGLISH) -> AssembledReport:
    return assemble(page, AuditRequest(TargetType.URL, page.url, language=language))


@pytest.fixture(scope="module")
def faulty(measure: Measure) -> PageArtifacts:
    return measure(FAULTY)


def test_every_violation_of_axe_is_in_the_report(faulty: PageArtifacts) -> None:
    issues = report_of(faulty).report.full_issues
    held = {
        (rule.removeprefix("axe-"), path)
        for issue in issues
        for path in (issue.element_path, *issue.element_paths)
        for rule in (issue.rule_id or "", *(issue.source or "").replace("axe-core ", "").split("; "))
    }
    found = 0
    for viewport in Viewport:
        view = faulty.view(viewport)
        for rule, result in view.axe.items():
            for node in result.violations:
                found += 1
                path = view.path(view.elements[node.element]) if node.element is not None else node.target
                assert (rule, path) in held
    assert found > 30


def test_axe_ran_with_all_of_its_rules_and_the_tables_know_them(faulty: PageArtifacts) -> None:
    for viewport in Viewport:
        results = faulty.view(viewport).axe
        assert set(results) == set(AXE_TEXTS)
        for rule, result in results.items():
            assert set(AXE_TAGS[rule]) <= set(result.tags)


def test_no_element_is_named_by_two_issues_of_the_same_criterion(faulty: PageArtifacts) -> None:
    rules = {issue.rule_id for issue in report_of(faulty).report.full_issues}
    assert {"clr-text-contrast", "clr-link-colour-alone", "acc-target-size", "rsp-zoom"} <= rules
    assert not {"axe-color-contrast", "axe-link-in-text-block", "axe-target-size", "axe-meta-viewport"} & rules


def test_the_same_page_twice_gives_the_same_report(faulty: PageArtifacts, measure: Measure) -> None:
    again = measure(FAULTY)
    assert report_of(again).report.model_dump_json() == report_of(faulty).report.model_dump_json()


def test_languages_differ_in_words_only(faulty: PageArtifacts) -> None:
    english, spanish = (report_of(faulty, language).report for language in (Language.ENGLISH, Language.SPANISH))
    assert english.udec_scores == spanish.udec_scores
    assert [issue.id for issue in english.full_issues] == [issue.id for issue in spanish.full_issues]
    for one, other in zip(english.full_issues, spanish.full_issues, strict=True):
        assert one.title != other.title


def test_axes_without_rules_say_so(faulty: PageArtifacts) -> None:
    report = report_of(faulty).report
    measured = {rule.axis for rule in RULES}
    assert set(report.udec_scores) == set(Axis)
    for axis in set(Axis) - measured:
        assert report.udec_scores[axis] is None
        assert report.details.unjudged[axis]


def test_frames_and_shadow_roots_are_looked_into(faulty: PageArtifacts) -> None:
    contrast = faulty.desktop.axe["color-contrast"].violations
    assert any(node.target == "iframe >>> p" for node in contrast)
    known = [faulty.desktop.elements[node.element] for node in contrast if node.element is not None]
    assert [path for path in map(faulty.desktop.path, known) if ">>>" in path] == ["#host >>> p:nth-of-type(1)"]


def test_a_page_that_breaks_its_globals_and_forbids_scripts_is_measured_all_the_same(measure: Measure) -> None:
    page = measure(HOSTILE)
    issues = report_of(page).report.full_issues
    assert [issue.rule_id for issue in issues if issue.axis is Axis.CLR] == ["clr-text-contrast"]
    assert page.desktop.texts[0].rect.width > 0


def test_a_crashing_rule_costs_its_own_answer_only(faulty: PageArtifacts) -> None:
    def crash(_: object) -> Verdict:
        raise ZeroDivisionError("on purpose")

    texts = Texts("t", "d", "r", "i", "f")
    broken = Rule("zz-broken", Axis.TRD, FixType.TOKEN, "none", "nothing", bilingual(texts, texts), crash)
    sound = report_of(faulty).report
    report = assemble(faulty, AuditRequest(TargetType.URL, faulty.url), [*RULES, broken]).report
    record = next(record for record in report.details.rules if record.rule_id == "zz-broken")
    assert record.outcome is RuleOutcome.ERROR
    assert record.note == "ZeroDivisionError: on purpose"
    assert report.full_issues == sound.full_issues
    assert report.udec_scores == sound.udec_scores


def test_elements_beyond_the_cap_are_left_out_and_said(measure: Measure) -> None:
    page = measure("<title>Many</title><main>" + "<p>Text</p>" * 300, GatherLimits(max_nodes=100))
    assert len(page.desktop.elements) == 100
    assert any("100" in sentence and "30" in sentence for sentence in report_of(page).report.details.cut_short)


def test_a_tall_page_is_pictured_as_far_as_the_cap_goes(measure: Measure) -> None:
    html = '<meta name="viewport" content="width=device-width"><div style="height:9000px">Tall</div>'
    page = measure(html, GatherLimits(screenshot_px=1280 * 1000))
    picture = page.desktop.screenshot
    assert picture is not None
    assert Image.open(io.BytesIO(picture.content)).size == (picture.width, picture.height) == (1280, 1000)
    assert any("1000 px" in sentence for sentence in report_of(page).report.details.cut_short)


def test_pictures_show_the_issues_within_the_budget(faulty: PageArtifacts) -> None:
    spots = report_of(faulty).spots
    pictures = crop_evidence(faulty, spots)
    names = [picture.name for picture in pictures]
    assert names[:2] == ["page-desktop", "page-mobile"]
    assert {spot.issue_id for spot in spots} == set(names[2:])
    for picture in pictures:
        assert Image.open(io.BytesIO(picture.content)).size == (picture.width, picture.height)
    budget = sum(len(picture.content) for picture in pictures) // 2
    assert (
        sum(len(picture.content) for picture in crop_evidence(faulty, spots, CropLimits(total_bytes=budget))) <= budget
    )


extents = st.floats(-2000, 4000, allow_nan=False)


@given(extents, extents, st.floats(0, 3000), st.floats(0, 3000))
def test_a_crop_lies_within_its_picture(x: float, y: float, width: float, height: float) -> None:
    limits = CropLimits()
    box = frame_around(Rect(x, y, width, height), 1280, 2000, limits)
    if box is not None:
        left, top, right, bottom = box
        assert 0 <= left < right <= 1280
        assert 0 <= top < bottom <= 2000
        assert right - left <= limits.max_width
        assert bottom - top <= limits.max_height


DOCUMENT: dict[str, object] = {
    "title": "",
    "language": "",
    "scrollWidth": 0,
    "scrollHeight": 0,
    "clientWidth": 0,
    "elementCount": 0,
    "measuredCount": 0,
    "meta": [],
}
EMPTY: dict[str, object] = {
    "properties": [],
    "styles": [],
    "elements": [],
    "blocks": [],
    "placeholders": [],
    "layout": {
        "spacing": [],
        "ink": [],
        "cuts": [],
        "overlaps": [],
        "pinned": [],
        "anchors": [],
        "scrollPaddingTop": 0,
    },
    "motion": {"transitions": [], "animations": [], "media": [], "smoothScroll": False},
    "vitals": {"fcp": None, "lcp": None, "shifts": [], "tasks": [], "blocking": []},
    "names": [],
    "passages": [],
    "images": [],
    "features": {},
    "styled": {"texts": [], "turned": [], "hovered": [], "pointers": [], "turnable": 0},
    "timings": {},
    "document": DOCUMENT,
    "axe": [],
    "axeVersion": "4.14.1",
}


@given(
    st.dictionaries(
        st.sampled_from(sorted(EMPTY)), st.one_of(st.integers(), st.text(), st.none(), st.lists(st.integers()))
    )
)
def test_answers_in_another_shape_are_refused_as_unreadable(changes: dict[str, object]) -> None:
    try:
        view = parse_view(json.dumps({**EMPTY, **changes}), Viewport.DESKTOP, None)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return
    assert view.viewport is Viewport.DESKTOP


@given(st.text(max_size=2000), st.one_of(st.floats(), st.text(), st.none()))
def test_strings_are_capped_and_numbers_finite(title: str, width: object) -> None:
    document = {**DOCUMENT, "title": title, "scrollWidth": width}
    view = parse_view(json.dumps({**EMPTY, "document": document}), Viewport.DESKTOP, None)
    assert len(view.document.title) <= 400
    assert not any(char < " " or "\ud800" <= char <= "\udfff" for char in view.document.title)
    assert abs(view.document.scroll_width) <= 10_000_000


def test_a_page_without_anything_crashes_no_rule_and_has_no_colour_score() -> None:
    view = parse_view(json.dumps(EMPTY), Viewport.DESKTOP, None)
    page = PageArtifacts("http://x.test/", "http://x.test/", view, replace(view, viewport=Viewport.MOBILE))
    report = report_of(page).report
    assert report.udec_scores[Axis.CLR] is None
    assert all(record.outcome is not RuleOutcome.ERROR for record in report.details.rules)
