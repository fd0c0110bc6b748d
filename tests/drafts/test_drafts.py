"""Drafts: whatever the idea, a whole page of bounded size that says the idea's words and no others."""

import asyncio
import re
from html.parser import HTMLParser

import pytest
from coloraide import Color
from hypothesis import given, settings
from hypothesis import strategies as st

from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.report import Draft, Severity
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.drafts.drafter import Drafter
from cynthia_pipeline.drafts.template import PALETTES, TEMPLATE, TemplateDrafter
from cynthia_pipeline.drafts.wording import MOST_OFFERS, Action, wording_of
from cynthia_pipeline.markup import environment
from cynthia_pipeline.messages import Language
from cynthia_pipeline.settings import Settings
from cynthia_pipeline.text import neutralise

DRAFTER: Drafter = TemplateDrafter()

BAKERY = (
    "I want a website for a neighbourhood bakery in Madrid called Harina Viva, with sourdough bread, croissants, and"
    " baking classes on Saturdays. We open at seven. Everything is baked on the spot. You can order online."
)
IDEAS = {
    "bakery": BAKERY,
    "nothing": "",
    "space": " \n\t ",
    "marks": "!!! ??? ---",
    "invisible": "\u200b\u2060\u00ad",
    "emoji": "🍞🥐☕ 🏳️‍🌈",
    "right to left": "مخبز صغير في دمشق يقدم الخبز، الكعك، القهوة، والحلويات. نفتح كل يوم.",
    "hostile": "<script>alert(1)</script>\"><img src=x onerror='alert(1)'> javascript:alert(1) \x00\x1b\u202e {{ 7 }}",
    "closing": "</style></title></textarea></script><svg/onload=alert(1)>",
    "a megabyte": "Bread and butter. " * 60_000,
    "one word of a megabyte": "A" * 1_000_000,
    "bullets": "An app for runners\n- Routes\n- Plans\n* A community\n\nIt is free.",
}
ideas = st.sampled_from(sorted(IDEAS.values())) | st.text(max_size=300) | st.from_regex(r"[\w ,.;:\n\-<>\"']{0,400}")


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._open = tag

    def handle_data(self, data: str) -> None:
        self.texts[self._open] = (self.texts.get(self._open, "") + data).strip()


@settings(deadline=None, max_examples=120)
@given(idea=ideas, language=st.sampled_from(Language))
def test_any_idea_gives_a_whole_bounded_page_without_a_script(idea: str, language: Language) -> None:
    drafted = DRAFTER.draft(idea, language)
    assert drafted.template == TEMPLATE
    assert len(drafted.html.encode()) < 32_000
    assert neutralise(drafted.html) == drafted.html
    page = Page(drafted.html)
    assert set(page.tags) <= set(Page(DRAFTER.draft(BAKERY, language).html).tags) | {"li", "ul", "bdi"}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert all((value or "").startswith("#") for name, value in page.attributes if name in {"href", "action"})
    assert not [name for name, _ in page.attributes if name in {"src", "srcset", "srcdoc"}]
    assert page.texts["h1"]
    assert page.texts["title"]
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {(value or "#")[1:] for name, value in page.attributes if name == "href"} <= set(ids)
    assert ("lang", language.value) in page.attributes


@settings(deadline=None, max_examples=40)
@given(idea=ideas, language=st.sampled_from(Language))
def test_the_same_idea_gives_the_same_page(idea: str, language: Language) -> None:
    assert DRAFTER.draft(idea, language) == TemplateDrafter().draft(idea, language)


@settings(deadline=None)
@given(idea=st.from_regex(r"[a-zA-Zñá ,.;:\n\-]{0,400}", fullmatch=True))
def test_a_page_says_no_word_that_the_idea_does_not(idea: str) -> None:
    wording = wording_of(idea)
    given_words = set(re.findall(r"\w+", idea.lower()))
    told = " ".join((wording.name, wording.headline, wording.lead, *wording.offers, *wording.about)).lower()
    # What was cut ends in an ellipsis; the word before it may be half a word.
    assert set(re.findall(r"\w+(?!\w*…)", told)) <= given_words | {""}
    assert len(wording.offers) <= MOST_OFFERS
    assert wording.lead == "" or wording.headline


def test_the_words_of_an_idea_find_their_places() -> None:
    wording = wording_of(BAKERY)
    assert wording.name == "Harina Viva"
    assert wording.headline == "Neighbourhood bakery in Madrid"
    assert wording.lead == "We open at seven."
    assert wording.offers == ("Sourdough bread", "Croissants", "Baking classes on Saturdays")
    assert wording.about == ("Everything is baked on the spot.", "You can order online.")
    assert wording.action is Action.BUY


@pytest.mark.parametrize(
    ("idea", "name", "headline", "action"),
    [
        (
            "Quiero una página para mi estudio de yoga en Valencia. Reserva tu plaza.",
            "Estudio de yoga",
            "Estudio de yoga en Valencia",
            Action.BOOK,
        ),
        ("bakery", "Bakery", "Bakery", Action.CONTACT),
        ("A running club that meets on Sundays", "Running club", "Running club that meets on Sundays", Action.JOIN),
        ('A shop for records, "Vinyl & Co"', "Vinyl & Co", "Shop for records", Action.BUY),
        ("Una tienda llamada Casa Verde, con plantas", "Casa Verde", "Tienda", Action.BUY),
        ("Un sitio web para", "Sitio web", "Sitio web para", Action.CONTACT),
        ("!!!", "", "", Action.CONTACT),
        ("🍞", "", "🍞", Action.CONTACT),
    ],
)
def test_name_headline_and_action(idea: str, name: str, headline: str, action: Action) -> None:
    wording = wording_of(idea)
    assert (wording.name, wording.headline, wording.action) == (name, headline, action)


def test_what_the_headline_leaves_out_is_told_below_it() -> None:
    wording = wording_of("A small museum: it shows the town's clocks since the year of its founding in 1650")
    assert wording.headline == "Museum"
    assert "clocks" in wording.lead


def test_every_palette_is_readable() -> None:
    """WCAG 2.2, 1.4.6: seven to one for all text on its ground, and 1.4.11: three to one for a field's edge."""
    style = environment("cynthia_pipeline.drafts").get_template("style.css").render()
    root = dict(re.findall(r"--(\w+): (#\w+)", re.findall(r":root {(.*?)}", style)[0]))
    palettes = [dict(re.findall(r"--(\w+): (#\w+)", body)) for body in re.findall(r"\.palette-\d {(.*?)}", style)]
    assert len(palettes) == PALETTES
    for palette in palettes:
        for text, ground in (("#ffffff", palette["accent"]), (root["ink"], palette["tint"]), (root["ink"], "#ffffff")):
            assert Color(text).contrast(Color(ground), method="wcag21") >= 7
        assert Color(root["soft"]).contrast(Color(palette["tint"]), method="wcag21") >= 4.5
    assert Color(root["line"]).contrast(Color("#ffffff"), method="wcag21") >= 3


def test_the_engine_finds_nothing_heavy_on_a_draft() -> None:
    async def ignore(_: int) -> None: ...

    async def audit_all() -> None:
        async with open_browser_engine(Settings()) as engine:
            for name in ("bakery", "nothing", "right to left", "hostile", "one word of a megabyte"):
                page = DRAFTER.draft(IDEAS[name], Language.ENGLISH)
                draft = Draft(idea=IDEAS[name][:99], template=page.template)
                request = AuditRequest(TargetType.FRAME, name, html=page.html, draft=draft)
                report = (await engine.audit(request, ignore)).report
                heavy = {Severity.CRITICAL, Severity.MAJOR}
                assert [(i.title, i.element_path) for i in report.full_issues if i.severity in heavy] == [], name
                assert report.overall_score is not None
                assert report.overall_score >= 90, name
                assert report.details.draft == draft

    asyncio.run(audit_all())
