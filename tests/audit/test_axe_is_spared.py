"""axe is asked once where its answers must be the same, and is held here against being asked each time."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cynthia_pipeline.audit.artifacts import PageArtifacts, Part, Viewport, ViewportArtifacts

Measure = Callable[..., PageArtifacts]

AXE_ALONE = frozenset({Part.AXE})
DESKTOP = (Viewport.DESKTOP,)

TAGS = ("div", "p", "span", "a", "section", "button", "h2", "code", "label", "b", "ul", "li")
STYLES = (
    *("background:#fff", "background:#222", "background:#eee", "background:rgba(0,0,0,.5)"),
    *("background:linear-gradient(red,blue)", "color:#999", "color:#555", "color:#fff", "color:rgba(0,0,0,.5)"),
    *("position:relative", "position:absolute;top:10px;left:20px", "position:relative;z-index:-1", "z-index:2"),
    *("position:fixed;top:0;left:0;width:200px", "position:sticky;top:0", "overflow:hidden;height:20px"),
    *("overflow:auto;height:40px;width:120px", "overflow:hidden;width:60px", "opacity:.5", "margin-top:-25px"),
    *("margin-left:-50px", "float:left", "float:right", "display:inline-block", "display:block", "display:inline"),
    *("display:flex", "display:none", "visibility:hidden", "font-size:24px", "font-size:10px", "font-weight:700"),
    *("line-height:.8", "text-shadow:0 0 3px #000", "transform:translate(10px,5px)", "filter:blur(1px)"),
    *("clip-path:inset(5px)", "height:10px", "padding:8px", "white-space:pre", "text-indent:-9999px"),
    *("-webkit-text-fill-color:#aaa", "mix-blend-mode:multiply", "columns:2", "writing-mode:vertical-rl"),
    *("direction:rtl", "content-visibility:auto", "position:absolute;left:-999px"),
)
WORDS = (
    "Hello there",
    "A",
    "...",
    "word",
    "12",
    "&#9733;",
    "x y",
    "Words that go on and on, and wrap over several lines",
)
PSEUDO = """.spot::before { content: ""; position: absolute; background: #f00; width: 30px; height: 9px }
.cover::after { content: ""; position: absolute; inset: 0; background: #123 }"""


SCREEN = '<meta name="viewport" content="width=device-width, initial-scale=1">'


def boxes(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, group, style, held: f'<{tag} class="{group}" style="{";".join(style)}">{" ".join(held)}</{tag}>',
        st.sampled_from(TAGS),
        st.sampled_from(("", "", "", "spot", "cover")),
        st.lists(st.sampled_from(STYLES), max_size=2),
        st.lists(inner, min_size=1, max_size=4),
    )


def page(body: str, style: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>Texts</title>{SCREEN}<style>{PSEUDO}</style></head>'
        f'<body style="{style}">{body}</body></html>'
    )


def verdicts(view: ViewportArtifacts, kind: str) -> set[tuple[str, int | str, str, str]]:
    return {
        (rule, node.element if node.element is not None else node.target, node.message, str(sorted(node.data.items())))
        for rule, result in view.axe.items()
        for node in getattr(result, kind)
    }


@settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(boxes(st.recursive(st.sampled_from(WORDS), boxes, max_leaves=8)), min_size=2, max_size=8),
    st.sampled_from(("", "background:#fff", "background:#333;color:#bbb", "background:#fff;height:100px")),
)
def test_texts_of_a_kin_are_judged_as_axe_judges_each(measure: Measure, body: list[str], style: str) -> None:
    html = page("".join(body), style)
    spared = measure(html, views=DESKTOP, parts=AXE_ALONE).desktop
    asked = measure(html, views=DESKTOP, parts=AXE_ALONE, asks_each=True).desktop
    assert verdicts(spared, "violations") == verdicts(asked, "violations")
    assert verdicts(spared, "incomplete") <= verdicts(asked, "incomplete")


@pytest.mark.parametrize(("ink", "rule"), [("#999", "color-contrast"), ("#707070", "color-contrast-enhanced")])
def test_a_kin_of_many_is_reported_one_by_one(measure: Measure, ink: str, rule: str) -> None:
    html = page(f"<p style='color:{ink}'>Pale words</p>" * 20)
    view = measure(html, views=DESKTOP, parts=AXE_ALONE).desktop
    pale = {index for index, element in enumerate(view.elements) if element.tag == "p"}
    assert {node.element for node in view.axe[rule].violations} == pale


SAME = page(
    "<main><h1>One</h1><img src='/40x40.jpg'><button></button><p style='color:#999'>Pale</p></main>", "margin:0"
)
NARROWED = """<style>@media (max-width: 600px) { span { display: none } }</style>
<main><h1>One</h1><button><i></i><span>Search</span></button></main>"""


def test_a_view_that_holds_and_shows_the_same_is_answered_by_the_other(measure: Measure) -> None:
    spared, asked = measure(SAME, parts=AXE_ALONE), measure(SAME, parts=AXE_ALONE, asks_each=True)
    assert spared.mobile.likeness == spared.desktop.likeness != ""
    for kind in ("violations", "incomplete"):
        assert verdicts(spared.mobile, kind) == verdicts(asked.mobile, kind)
    assert {"button-name", "image-alt"} <= {rule for rule, *_ in verdicts(spared.mobile, "violations")}


@pytest.mark.parametrize(
    "html",
    [page(NARROWED), page("<div id=a></div><script>a.attachShadow({mode:'open'}).innerHTML='<p>x</p>'</script>")],
)
def test_a_view_that_shows_something_else_is_asked_itself(measure: Measure, html: str) -> None:
    seen = measure(html, parts=AXE_ALONE)
    assert seen.mobile.likeness != seen.desktop.likeness or not seen.mobile.likeness


def test_a_name_that_only_the_phone_hides_is_missed_there(measure: Measure) -> None:
    seen = measure(page(NARROWED), parts=AXE_ALONE)
    assert not seen.desktop.axe["button-name"].violations
    assert seen.mobile.axe["button-name"].violations


def test_words_of_a_shadow_tree_are_axes_to_find(measure: Measure) -> None:
    shadow = "<p id=a style='color:#999'></p><script>a.attachShadow({mode:'open'}).textContent='Pale words'</script>"
    slotted = (
        "<div id=b style='color:#999'>Pale words</div>"
        "<script>b.attachShadow({mode:'open'}).innerHTML='<slot></slot>'</script>"
    )
    for body in (shadow, slotted):
        spared = measure(page(body), views=DESKTOP, parts=AXE_ALONE).desktop
        asked = measure(page(body), views=DESKTOP, parts=AXE_ALONE, asks_each=True).desktop
        assert verdicts(spared, "violations") == verdicts(asked, "violations") != set()


@pytest.mark.parametrize(("inner", "is_in_order"), [("<h2>Two</h2><h3>Three</h3>", True), ("<h2>Two</h2>", False)])
def test_a_frame_is_judged_where_it_stands(measure: Measure, inner: str, *, is_in_order: bool) -> None:
    """In the document elements are put down as themselves; the rules that join frames have to find their places."""
    frame = f'<iframe title="Inner" srcdoc="<main>{inner}<p style=color:#bbb>Pale</p></main>"></iframe>'
    html = page(f"<h1>One</h1><p style='color:#aaa'>Paler</p>{frame}<h4>Four</h4>")
    view = measure(html, views=DESKTOP, parts=AXE_ALONE).desktop
    broken = {node.element for node in view.axe["heading-order"].violations}
    assert broken == (set() if is_in_order else {index for index, one in enumerate(view.elements) if one.tag == "h4"})
    pale = {(node.element, node.target) for node in view.axe["color-contrast"].violations}
    here = next(index for index, one in enumerate(view.elements) if one.tag == "p")
    assert pale == {(here, ""), (None, "iframe >>> p")}


@pytest.mark.parametrize(
    "medium",
    [
        "<video autoplay src='data:video/mp4;base64,' width=100 height=60></video>",
        "<video autoplay width=100 height=60><source src='/film' type='video/none'></video>",
    ],
)
def test_a_medium_that_never_comes_does_not_keep_the_style_sheets_from_axe(measure: Measure, medium: str) -> None:
    turned = "<style>@media (orientation: portrait) { html { transform: rotate(90deg) } }</style><p>Words</p>"
    view = measure(page(turned + medium), views=DESKTOP, parts=AXE_ALONE).desktop
    assert view.axe["css-orientation-lock"].violations
