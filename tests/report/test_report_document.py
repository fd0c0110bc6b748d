"""The document's promises: page text stays text, every link leads somewhere, nothing is left unsaid."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cynthia_pipeline.audit.engine import Evidence
from cynthia_pipeline.audit.report import (
    Axis,
    ChangelogEntry,
    Issue,
    PatchPlan,
    Report,
    ReportDetails,
    RuleOutcome,
    Severity,
)
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.texts import ENGLISH, SPANISH, Texts
from cynthia_pipeline.text import neutralise

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</style></title></textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "\x1b]0;owned\x07\x00\x9b31m",
    "\u202eexe.gnp\u2066",
    "&lt;b&gt;&#60;b&#62;",
    "style=background:url(//evil.example)",
    "x" * 30_000,
    "שלום עולم 🏳️‍🌈",
)
texts = st.sampled_from(HOSTILE) | st.text(max_size=60).filter(lambda text: "://" not in text)


class Structure(HTMLParser):
    """The elements of a document with their attributes, and its text."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def attribute(self, name: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(name)) is not None]

    def counts(self) -> Counter[str]:
        return Counter(tag for tag, _ in self.elements)


@settings(deadline=None, max_examples=40)
@given(text=texts, language=st.sampled_from(Language), draft=st.booleans())
def test_page_text_never_becomes_markup(
    text: str,
    language: Language,
    draft: bool,
    report: Callable[..., Report],
    render: Callable[..., str],
) -> None:
    harmless = Structure(render(report("word", draft=draft), target="word", language=language))
    document = render(report(text or "word", draft=draft), target=text or "word", language=language)
    document.encode()
    structure = Structure(document)
    assert structure.counts().keys() <= harmless.counts().keys() - {"script"}
    assert not [name for _, attributes in structure.elements for name in attributes if name.startswith("on")]
    assert not structure.attribute("style")
    assert all(re.match(r"#[a-z0-9-]+$|https?://", address) for address in structure.attribute("href"))
    assert all(source.startswith("data:image/") for source in structure.attribute("src"))
    assert neutralise(document) == document


def test_the_same_structure_whatever_the_text_says(report: Callable[..., Report], render: Callable[..., str]) -> None:
    """Nothing that a text holds adds or takes away one element."""
    expected = Structure(render(report("word"), target="word")).counts()
    for text in HOSTILE[:9]:
        assert Structure(render(report(text), target="word")).counts() == expected, text


@given(text=st.text())
@settings(deadline=None, max_examples=30)
def test_the_same_report_gives_the_same_document(
    text: str, report: Callable[..., Report], render: Callable[..., str]
) -> None:
    assert render(report(text)) == render(report(text))


def test_the_policy_allows_its_one_style_block_and_nothing_else(
    report: Callable[..., Report], render: Callable[..., str]
) -> None:
    document = render(report())
    (style,) = re.findall(r"<style>(.*?)</style>", document, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [
        attributes["content"] or ""
        for tag, attributes in Structure(document).elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@pytest.mark.parametrize("language", Language)
def test_links_inside_lead_somewhere_and_headings_do_not_skip(
    language: Language, report: Callable[..., Report], render: Callable[..., str]
) -> None:
    structure = Structure(render(report(), language=language))
    ids = structure.attribute("id")
    assert len(ids) == len(set(ids))
    named = [address[1:] for address in structure.attribute("href") if address.startswith("#")]
    named += [name for value in structure.attribute("aria-labelledby") for name in value.split()]
    assert named
    assert set(named) <= set(ids)
    levels = [int(tag[1]) for tag, _ in structure.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert structure.elements[0] == ("html", {"lang": language.value})


def test_every_axis_has_a_number_or_a_reason(report: Callable[..., Report], render: Callable[..., str]) -> None:
    scores = {axis: None if axis in {Axis.EMO, Axis.TRD} else number for number, axis in enumerate(Axis)}
    told = report(udec_scores=scores, details=ReportDetails(unjudged={Axis.EMO: "No picture could be taken."}))
    text = Structure(render(told)).text
    for axis, score in scores.items():
        name = ENGLISH.axis_names[axis]
        assert name in text
        if score is not None:
            assert f"{name} {axis.value} {score}" in text
    assert "No picture could be taken." in text
    assert ENGLISH.not_judged_plain in text
    assert ENGLISH.based_on_axes.format(judged=11, total=13) in text


def test_no_score_is_said_and_never_invented(report: Callable[..., Report], render: Callable[..., str]) -> None:
    text = Structure(render(report(overall_score=None, udec_scores=dict.fromkeys(Axis)))).text
    assert ENGLISH.no_score_why in text
    assert ENGLISH.out_of_100 not in text


def test_what_is_critical_is_not_called_polish(
    report: Callable[..., Report], issue: Callable[..., Issue], render: Callable[..., str]
) -> None:
    for severity, verdict in ((Severity.CRITICAL, ENGLISH.verdict_good_but), (Severity.MINOR, ENGLISH.verdict_good)):
        found = report("text", issue(severity=severity), overall_score=90)
        assert verdict in Structure(render(found)).text


def test_a_page_without_issues_says_so_and_claims_no_more(
    report: Callable[..., Report], render: Callable[..., str]
) -> None:
    empty = report().model_copy(
        update={"full_issues": (), "teaser_issues": (), "fix_packs": (), "issues_found_total": 0}
    )
    text = Structure(render(empty)).text
    assert ENGLISH.no_issues_why in text
    assert ENGLISH.fix_first not in text


@given(severities=st.lists(st.sampled_from(Severity), max_size=12))
@settings(deadline=None, max_examples=30)
def test_every_issue_is_shown_once_heaviest_first(
    severities: list[Severity],
    issue: Callable[..., Issue],
    report: Callable[..., Report],
    render: Callable[..., str],
) -> None:
    found = tuple(
        issue(id=str(number), title=f"number {number}.", severity=severity)
        for number, severity in enumerate(severities)
    )
    told = report().model_copy(update={"full_issues": found, "teaser_issues": (), "fix_packs": ()})
    shown = [int(number) for number in re.findall(r"<h4><bdi>number (\d+)\.</bdi></h4>", render(told))]
    order = list(Severity)
    assert shown == sorted(range(len(found)), key=lambda number: (order.index(severities[number]), number))


def test_an_issue_says_what_why_and_how_with_its_picture(
    issue: Callable[..., Issue],
    report: Callable[..., Report],
    evidence: Callable[..., Evidence],
    render: Callable[..., str],
) -> None:
    found = issue("pale", id="clr-1", element_path="main > p.intro", source="https://www.w3.org/TR/WCAG22/")
    picture = evidence("clr-1")
    document = render(report("t", found), picture, evidence("page-desktop", 480, 900), evidence("page-mobile"))
    structure = Structure(document)
    for told in ("What is wrong", "Why it matters", "How to fix it", "main > p.intro", "3 elements", "Mobile"):
        assert told in structure.text
    assert 'fill="#777777"' in document
    assert 'fill="#595959"' in document
    encoded = base64.b64encode(picture.content).decode()
    assert f"data:image/webp;base64,{encoded}" in structure.attribute("src")
    assert structure.counts()["img"] == 3
    assert all(structure.attribute("alt"))
    assert "https://www.w3.org/TR/WCAG22/" in structure.attribute("href")


def test_each_change_of_the_plan_is_shown_with_before_and_after(
    report: Callable[..., Report], render: Callable[..., str]
) -> None:
    plan = PatchPlan(
        reversible=True,
        changelog=(
            ChangelogEntry(
                file="css/x.css",
                type="add",
                description="Pale",
                before="a { color: #777777; }",
                after="a { color: #595959; }",
            ),
        ),
    )
    shown = Structure(render(report("t", patch_plan=plan))).text
    for told in ("1 change", "Pale", "added to css/x.css", "a { color: #777777; }", "a { color: #595959; }", "undone"):
        assert told in shown
    without = Structure(render(report("t", patch_plan=None)))
    assert "#plan" not in without.attribute("href")


def test_a_picture_of_another_type_stays_out(report: Callable[..., Report], render: Callable[..., str]) -> None:
    drawing = Evidence("page-desktop", "image/svg+xml", 10, 10, b"<svg onload='alert(1)'/>")
    assert Structure(render(report(), drawing)).counts()["img"] == 0


@pytest.mark.parametrize(
    ("target", "linked"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,<p>", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
        ("https://", False),
        ("https://example.org/\u202egnp", False),
        ("https://example.org/\x00", False),
        ("https://example.org/" + "a" * 3_000, False),
    ],
)
def test_only_plain_web_addresses_become_links(
    target: str, linked: bool, report: Callable[..., Report], render: Callable[..., str]
) -> None:
    assert (target in Structure(render(report(), target=target)).attribute("href")) is linked


def test_a_draft_is_marked_as_one(report: Callable[..., Report], render: Callable[..., str]) -> None:
    text = Structure(render(report("bread", draft=True), target="bread")).text
    assert ENGLISH.draft_note in text
    assert "ibread" in text
    assert ENGLISH.address_reached not in text
    assert ENGLISH.draft_note not in Structure(render(report())).text


def test_what_was_cut_short_and_how_it_was_measured_is_told(
    report: Callable[..., Report], render: Callable[..., str]
) -> None:
    text = Structure(render(report("word"), language=Language.SPANISH)).text
    assert SPANISH.cut_short in text
    assert "812 ms" in text
    assert "4,2 s" in text
    for outcome in RuleOutcome:
        assert SPANISH.outcomes[outcome] in text
    assert "23 de noviembre de 2026, 19:11 UTC" in text


def _sentences(texts_of_language: Texts) -> dict[str, str]:
    told: dict[str, str] = {}
    for field in fields(Texts):
        value = getattr(texts_of_language, field.name)
        parts = {"": value} if isinstance(value, str) else value
        pairs = parts.items() if hasattr(parts, "items") else enumerate(parts)
        told |= {f"{field.name}.{key}": part for key, part in pairs}
    return told


def test_both_languages_say_the_same_things() -> None:
    english, spanish = _sentences(ENGLISH), _sentences(SPANISH)
    assert english.keys() == spanish.keys()
    for name, sentence in english.items():
        assert spanish[name].strip(), name
        assert set(re.findall(r"{\w+}", sentence)) == set(re.findall(r"{\w+}", spanish[name])), name
    for mapping, members in (("severities", Severity), ("axis_names", Axis), ("outcomes", RuleOutcome)):
        for language_texts in (ENGLISH, SPANISH):
            assert set(getattr(language_texts, mapping)) == set(members)
