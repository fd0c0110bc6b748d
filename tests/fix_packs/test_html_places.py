"""Every element of a document by its place in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from justhtml import JustHTML

from cynthia_pipeline.fix_packs.edits import edited
from cynthia_pipeline.fix_packs.html_source import HtmlSource
from cynthia_pipeline.fix_packs.page import locate

PAGE = """<!doctype html>\r
<html>\r
<head><title>T</title><style>a > b {}</style></head>\r
<body>
<!-- </div> is not the end -->
<div class=box data-a='1 > 0' hidden><p>één &amp; 😀<p>two <img src=a.png></div>
<ul id="menu"><li>1<li>2</ul>
<table><tr><td>cell</td></tr></table>
</body></html>"""


def test_places_are_offsets_into_the_text_as_it_was_sent() -> None:
    html = HtmlSource(PAGE)
    for element in html.all():
        if element.start is not None:
            assert PAGE[element.start :].lower().startswith(f"<{element.tag}")
            assert PAGE[element.opened - 1] == ">"


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("html > body > div:nth-of-type(1) > p:nth-of-type(2)", "<p>two"),
        ("#menu > li:nth-of-type(2)", "<li>2"),
        ("html > body > table:nth-of-type(1) > tbody:nth-of-type(1) > tr:nth-of-type(1)", "<tr>"),
    ],
)
def test_a_selector_of_the_audit_leads_to_its_element(path: str, start: str) -> None:
    element = locate(HtmlSource(PAGE), path)
    assert element is not None
    assert element.start is not None
    assert PAGE[element.start :].startswith(start)


def test_an_implied_element_has_no_place() -> None:
    tbody = HtmlSource(PAGE).first("tbody")
    assert tbody is not None
    assert tbody.start is None


def test_an_end_tag_in_a_comment_is_none() -> None:
    text = "<body><div>a<!-- </div> -->b</div>c"
    div = HtmlSource(text).first("div")
    assert div is not None
    assert div.closing is not None
    assert text[div.closing[0] :] == "</div>c"


_VALUES = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@given(
    tag=st.sampled_from(["<div>", "<div class=a>", "<div class='a b' hidden>", '<DIV\n id="x"\tCLASS="y">', "<div/>"]),
    name=st.sampled_from(["class", "title", "aria-label"]),
    value=_VALUES,
)
def test_an_attribute_that_is_set_reads_back_and_leaves_the_others(tag: str, name: str, value: str) -> None:
    text = f"<body>before {tag}inside</div> after"
    div = HtmlSource(text).first("div")
    assert div is not None
    now = next(
        child for child in HtmlSource(edited(text, [div.set_attribute(name, value)])).all() if child.tag == "div"
    )
    assert now.attributes == {**div.attributes, name: value}
    assert JustHTML(edited(text, [div.set_attribute(name, value)]), sanitize=False).to_text(separator="")
