"""What fixers write into a source, and where they leave it alone: no browser is asked."""

from collections.abc import Mapping

import pytest

from cynthia_pipeline.fix_packs.fixers.registry import remedies
from cynthia_pipeline.fix_packs.patching import patch_of
from cynthia_pipeline.fix_packs.ports import FixState
from cynthia_pipeline.fix_packs.remedies import Override, Remedy, Way
from cynthia_pipeline.messages import Language

from .source_pages import URL, fault, page_of, patched, proposed

BODY = '<!doctype html><html lang="en"><head><title>t</title></head><body>{}</body></html>'
FLAT = ' style="display: contents"'
ITEM = f'<span role="listitem"{FLAT}>'
TABLE = "html > body > table:nth-of-type(1)"


@pytest.mark.parametrize(
    ("rule", "body", "path", "facts", "written"),
    [
        (
            "acc-table-scope",
            "<table><tr><td></td><th>Rye</th></tr><tr><th>Grams</th><td>9</td></tr></table>",
            TABLE,
            {},
            '<table><tr><td></td><th scope="col">Rye</th></tr><tr><th scope="row">Grams</th><td>9</td></tr></table>',
        ),
        (
            "acc-table-scope",
            "<table><thead><tr><th>A<th>B</thead><tbody><tr><th id=x>C</th><td>1</td></tr></tbody></table>",
            TABLE,
            {},
            '<th scope="row" id=x>C',
        ),
        (
            "acc-note-apart",
            '<p id="in-hint"></p><label for="in">A</label><small>Nine digits</small><input id="in">',
            "#in",
            {},
            '<small id="in-hint-2">Nine digits</small><input aria-describedby="in-hint-2" id="in">',
        ),
        (
            "acc-note-apart",
            '<label for="in">A</label><small id="s">Nine digits</small><input id="in">',
            "#in",
            {},
            '<small id="s">Nine digits</small><input aria-describedby="s" id="in">',
        ),
        (
            "acc-choices-ungrouped",
            '<p><b>Which?</b> <input type="radio" name="r" id="r"> A <input type="radio" name="r"> B</p>',
            "#r",
            {},
            '<p role="radiogroup" aria-label="Which?">',
        ),
        (
            "ctx-unmarked-list",
            '<div><a id="a" href="/a">A</a> <a href="/b">B</a>, <a href="/c">C</a></div>',
            "#a",
            {"count": "2"},
            f'<span role="list"{FLAT}>{ITEM}<a id="a" href="/a">A</a></span> {ITEM}<a href="/b">B</a></span></span>, ',
        ),
        (
            "acc-new-window",
            '<a id="a" href="/a" target="_blank">Our <b>mill</b></a>',
            "#a",
            {},
            "Our <b>mill</b> (opens in a new tab)</a>",
        ),
        (
            "acc-new-window",
            '<a id="a" href="/a" target="_blank" aria-label="Our mill, far off">Mill</a>',
            "#a",
            {},
            'aria-label="Our mill, far off (opens in a new tab)">Mill</a>',
        ),
        (
            "acc-new-window",
            '<b id="b">Mill</b><a id="a" href="/a" target="_blank" aria-labelledby="b">Mill</a>',
            "#a",
            {},
            '<a title="Opens in a new tab" id="a"',
        ),
        ("ctx-file-link", '<a id="a" href="/p.pdf">Prices</a>', "#a", {"file": "PDF"}, "Prices (PDF)</a>"),
        ("acc-anchor-missing", '<a id="a" href="#Ours">x</a><p id="ours">y</p>', "#a", {}, 'href="#ours"'),
        (
            "acc-anchor-missing",
            '<a id="a" href="#our-miles">x</a><p id="our-mills">y</p>',
            "#a",
            {},
            'href="#our-mills"',
        ),
        (
            "acc-anchor-missing",
            '<a id="a" href="#there">Skip to content</a><main>y</main>',
            "#a",
            {},
            '<main id="there">',
        ),
        (
            "acc-skip-link",
            '<main id="m">y</main>',
            "",
            {},
            '<a class="cynthia-skip-link" href="#m">Skip to content</a>',
        ),
        ("acc-skip-link", '<i id="content"></i><main>y</main>', "", {}, '<main id="content-2">'),
        ("acc-skip-link", "<nav><h1>A</h1></nav><ul><h6>B</h6></ul><h2>C</h2><h2>D</h2>", "", {}, '<h2 id="content">C'),
        ("acc-link-as-button", '<a id="a" href="/x" role="button">x</a>', "#a", {}, '<a id="a" href="/x">x</a>'),
        (
            "acc-aria-reference",
            '<i id="i" aria-activedescendant="none o p"></i><b id="o"></b>',
            "#i",
            {"attribute": "aria-activedescendant"},
            'aria-activedescendant="o"',
        ),
        ("ctx-title-repeats", '<a id="a" href="/x" title="x">x</a>', "#a", {}, '<a id="a" href="/x">x</a>'),
        (
            "img-alt-hidden",
            '<p><img id="i" src="x.png" alt="An oven" aria-hidden="true"></p>',
            "#i",
            {},
            '<img id="i" src="x.png" alt="An oven">',
        ),
        (
            "img-alt-hidden",
            '<p>The oven <img id="i" src="x.png" alt="The oven" role="presentation"></p>',
            "#i",
            {},
            '<img id="i" src="x.png" alt="" role="presentation">',
        ),
        ("img-title-differs", '<img id="i" src="x.png" alt="" title="An oven">', "#i", {}, 'alt="An oven"'),
        (
            "img-logo-unheard",
            '<a href="/"><img id="i" src="/acme-logo-white.svg" alt=""></a>',
            "#i",
            {},
            'alt="Acme"',
        ),
        ("acc-text-direction", '<p id="p" lang="ar">x</p>', "#p", {"wanted": "rtl"}, '<p dir="rtl" id="p" lang="ar">'),
        ("acc-group-unnamed", "<h2>Order</h2><fieldset id='f'><input></fieldset>", "#f", {}, 'aria-label="Order"'),
        (
            "acc-label-in-name",
            '<button id="b" aria-label="Go">Send it</button>',
            "#b",
            {},
            'aria-label="Send it – Go"',
        ),
        (
            "ctx-unmarked-heading",
            '<p id="p"><b>Flour</b></p><p>More.</p>',
            "#p",
            {},
            'aria-level="2" role="heading" id="p"',
        ),
    ],
)
def test_a_mend_is_written_where_it_belongs(
    rule: str, body: str, path: str, facts: Mapping[str, str], written: str
) -> None:
    page, found = proposed(BODY.format(body), rule, path, facts)
    assert len(found) == 1
    assert written in patched(page, found[0])


@pytest.mark.parametrize(
    ("rule", "body", "path"),
    [
        ("acc-table-scope", "<table><tr><th>A</th></tr><tr><td>1</td><th>B</th></tr></table>", TABLE),
        ("acc-note-apart", '<small>Nine</small><input id="in" aria-describedby="x">', "#in"),
        (
            "acc-choices-ungrouped",
            '<div><input type="radio" name="r" id="r"><input name="other"><input type="radio" name="r"></div>',
            "#r",
        ),
        (
            "acc-choices-ungrouped",
            '<ul><li><input type="radio" name="r" id="r"></li><li><input type="radio" name="r"></li></ul>',
            "#r",
        ),
        ("ctx-unmarked-list", '<p id="p">- a<br>- b<br>- c</p>', "#p"),
        ("ctx-unmarked-list", '<div><a id="a" href="/a">A</a>, <a href="/b">B</a></div>', "#a"),
        ("acc-anchor-missing", '<a id="a" href="#prices">Prices</a><main id="m">y</main>', "#a"),
        ("acc-skip-link", "<header><h1>A name on every page</h1></header><div>y</div>", ""),
        ("img-title-differs", '<img id="i" src="x.png" alt="A loaf" title="An oven">', "#i"),
        ("img-logo-unheard", '<img id="i" src="/acme-logo.svg" aria-hidden="true">', "#i"),
        ("acc-label-in-name", '<i id="x">Go</i><button id="b" aria-labelledby="x">Send it</button>', "#b"),
        ("acc-hover-only", '<div id="d">x</div>', "#d"),
        ("acc-idle-stop", '<p id="p" tabindex="0">x</p>', "#p"),
        ("acc-access-key", '<a id="a" href="/x" accesskey="x">x</a>', "#a"),
        (
            "ctx-link-text",
            '<h2>Harbour map</h2><svg id="map"><a href="/harbour"><text>More</text></a></svg>',
            "#map",
        ),
    ],
)
def test_what_cannot_be_known_is_left(rule: str, body: str, path: str) -> None:
    assert proposed(BODY.format(body), rule, path)[1] == []


def test_choices_among_other_fields_get_a_group_of_their_own_with_their_labels() -> None:
    first = '<label><input type="radio" name="r" id="r"> A</label>'
    second = '<input type="radio" name="r" id="s"><label for="s">B</label>'
    body = f'<form><p>Which &lt;one&gt;?</p>{first}{second}<input name="x"></form>'
    page, (remedy,) = proposed(BODY.format(body), "acc-choices-ungrouped", "#r")
    group = f'<span role="radiogroup" aria-label="Which &lt;one&gt;?"{FLAT}>{first}{second}</span><input name="x">'
    assert group in patched(page, remedy)


@pytest.mark.parametrize(
    ("tag", "text", "words"),
    [
        ("es", "", "Saltar al contenido"),
        ("es-MX", "", "Saltar al contenido"),
        ("", "We bake the bread of the town, and it is for you and for all of us.", "Skip to content"),
        ("pl", "", None),
        ("", "", None),
        ("es", "We bake the bread of the town, and it is for you and all of us who have it every day.", None),
    ],
)
def test_words_are_added_in_the_pages_language_or_not_at_all(tag: str, text: str, words: str | None) -> None:
    html = f'<html lang="{tag}"><head></head><body><main id="m">{text}</main></body></html>'
    page, found = proposed(html, "acc-skip-link", "")
    assert [words in patched(page, remedy) for remedy in found if words] == ([] if words is None else [True])
    assert bool(found) == (words is not None)


@pytest.mark.parametrize(
    ("tag", "pack", "name"), [("en", "es", "Home"), ("es", "en", "Inicio"), ("pl", "es", "Inicio")]
)
def test_a_name_is_in_the_pages_language_whatever_the_packs_is(tag: str, pack: str, name: str) -> None:
    html = f'<html lang="{tag}"><head></head><body><a id="a" href="/"><i></i></a></body></html>'
    page, (remedy,) = proposed(html, "axe-link-name", "#a", language=Language(pack))
    assert f'aria-label="{name}"' in patched(page, remedy)


def test_a_group_is_not_called_by_the_fields_above_it() -> None:
    body = '<h2>Order</h2><div>Rye <input></div><fieldset id="f"><input></fieldset>'
    page, (remedy,) = proposed(BODY.format(body), "acc-group-unnamed", "#f")
    assert 'aria-label="Order"' in patched(page, remedy)


def test_what_adds_words_says_which_and_is_a_draft() -> None:
    _, (remedy,) = proposed(BODY.format("<main>y</main>"), "acc-skip-link", "")
    assert remedy.ways[0].adds == ("Skip to content",)
    assert remedy.ways[0].state is FixState.DRAFT


def test_links_are_mended_together_in_their_words_or_all_in_their_titles() -> None:
    links = '<a href="/a" target="_blank">A</a><a href="/b" target="_blank">B</a>'
    places = [f"html > body > a:nth-of-type({place})" for place in (1, 2)]
    page = page_of(BODY.format(links), *(fault("acc-new-window", path) for path in places))
    (remedy,) = remedies(page)
    assert len(remedy.ways) == 2
    assert patched(page, remedy, 1).count('title="Opens in a new tab"') == 2
    assert "(opens" not in patched(page, remedy, 1)


def test_a_rule_with_a_pseudo_element_follows_its_element_to_its_new_place() -> None:
    page = page_of(BODY.format("<p>a</p><p>b</p>"))
    second = page.html.root.children[1].children[1]
    wrapped = Way(FixState.SOUND, "", edits=page.in_document(*second.wrap("<div>", "</div>")), restructures=True)
    rule = Override(("html > body > p:nth-of-type(2)::before",), (("animation", "none"),))
    calmed = Way(FixState.SOUND, "", overrides=(rule,))
    patch = patch_of(page, [(Remedy((), (way,), ()), way) for way in (wrapped, calmed)])
    css = patch.replaced[f"{URL}cynthia-fixes.css"].text
    assert "html > body > div:nth-of-type(1) > p:nth-of-type(1)::before" in css
