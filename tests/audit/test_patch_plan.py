"""The plan of changes: exact, free of contradictions, and undone by nothing but itself."""

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.artifacts import PageArtifacts, Viewport
from cynthia_pipeline.audit.assemble import assemble
from cynthia_pipeline.audit.declared import Style, is_markup, style_in
from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.audit.patch_plan import SELECTORS_CAP, Wish, patch_plan
from cynthia_pipeline.audit.report import ChangelogEntry, PatchPlan, Severity
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.messages import Language

PAGE = "https://example.org/shop/"
SHEET = "shop/cynthia-fixes.css"
DOCUMENT = "shop/index.html"
SOURCE = "<html><head><title>Shop</title></head><body></body></html>"

paths = st.sampled_from(["#a", "main > p", "li:nth-of-type(2)", "a.b"])
views = st.sampled_from([None, *Viewport])
declarations = st.lists(
    st.tuples(
        st.sampled_from(["color", "font-size", "min-height", "margin-left"]),
        st.integers(1, 60).map(lambda size: f"{size}px"),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: "; ".join(f"{name}: {value}" for name, value in pairs))
wishes = st.lists(
    st.builds(Wish, st.sampled_from(["one", "two"]), paths, views, declarations, declarations), max_size=12
)

RULE = re.compile(r"(?:@media \((?P<bound>min|max)-width: [\d.]+px\) \{ )?(?P<selectors>[^{]+) \{ (?P<body>[^}]+) \}")


def planned(*wanted: Wish) -> tuple[ChangelogEntry, ...]:
    plan = patch_plan(wanted, page_url=PAGE, language=Language.ENGLISH)
    return plan.changelog if plan is not None else ()


def settings_of(entry: ChangelogEntry) -> list[tuple[str, str, str, Viewport]]:
    """Selector, property, value and view of everything that a rule sets."""
    rule = RULE.match(entry.after or "")
    assert rule is not None, entry.after
    where = {"min": [Viewport.DESKTOP], "max": [Viewport.MOBILE], None: list(Viewport)}[rule["bound"]]
    style = style_in(rule["body"])
    assert style is not None
    return [
        (selector, name, value, view)
        for selector in rule["selectors"].split(", ")
        for name, value in style.declarations
        for view in where
    ]


def done(files: dict[str, str], changelog: Sequence[ChangelogEntry]) -> dict[str, str]:
    """The files with the changes made, by what the entries say and nothing else."""
    files = dict(files)
    for entry in changelog:
        text = files.get(entry.file, "")
        if entry.type == "add":
            files[entry.file] = f"{text}{entry.after}\n"
        else:
            assert text.count(entry.before or "") == 1
            files[entry.file] = text.replace(entry.before or "", entry.after or "")
    return files


def undone(files: dict[str, str], changelog: Sequence[ChangelogEntry]) -> dict[str, str]:
    files = dict(files)
    for entry in reversed(changelog):
        text = files[entry.file]
        if entry.type == "add":
            files[entry.file] = text.removesuffix(f"{entry.after}\n")
        else:
            files[entry.file] = text.replace(entry.after or "", entry.before or "", 1)
    return {name: text for name, text in files.items() if text}


@given(wishes)
def test_no_property_of_an_element_is_given_two_values(wanted: list[Wish]) -> None:
    made = [item for entry in planned(*wanted) if entry.type == "add" for item in settings_of(entry)]
    places = [(selector, name, view) for selector, name, _, view in made]
    assert len(places) == len(set(places))


@given(wishes)
def test_every_property_that_is_wished_for_is_given_the_first_value_or_a_larger_bound(wanted: list[Wish]) -> None:
    made = {
        (selector, name, view): value
        for entry in planned(*wanted)
        if entry.type == "add"
        for selector, name, value, view in settings_of(entry)
    }
    expected: dict[tuple[str, str, Viewport], str] = {}
    for wish in wanted:
        style = style_in(wish.after)
        assert style is not None
        for name, value in style.declarations:
            for view in (wish.view,) if wish.view else tuple(Viewport):
                known = expected.setdefault((wish.path, name, view), value)
                if name in ("min-height", "font-size"):
                    larger = max(known, value, key=lambda size: int(size.removesuffix("px")))
                    expected[wish.path, name, view] = larger
    assert made == expected


@given(wishes)
def test_what_is_done_is_undone_to_the_byte(wanted: list[Wish]) -> None:
    before = {DOCUMENT: SOURCE}
    changelog = planned(*wanted)
    after = done(before, changelog)
    assert undone(after, changelog) == before
    assert (after == before) == (not changelog)
    if changelog:
        assert '<link rel="stylesheet" href="cynthia-fixes.css">\n</head>' in after[DOCUMENT]


@given(wishes)
def test_a_plan_says_that_it_can_be_undone(wanted: list[Wish]) -> None:
    plan = patch_plan(wanted, page_url=PAGE, language=Language.SPANISH)
    assert (plan is None) == (not wanted)
    if plan is not None:
        assert plan.reversible
        assert all(entry.before is not None and entry.after is not None for entry in plan.changelog)


def test_one_reason_on_many_elements_is_one_entry_that_names_some_and_counts_the_rest() -> None:
    wanted = [Wish("Pale", f"#p{n}", None, "color: #777", "color: #595959") for n in range(SELECTORS_CAP + 3)]
    entry, link = planned(*wanted)
    assert (entry.file, entry.type, entry.description) == (SHEET, "add", "Pale (and 3 more)")
    assert entry.before == entry.after.replace("#595959", "#777") if entry.after else False
    assert (link.file, link.type) == (DOCUMENT, "modify")


def test_what_was_seen_in_one_view_is_changed_there_alone() -> None:
    entry, _ = planned(Wish("Small", "#a", Viewport.MOBILE, "font-size: 9px", "font-size: 12px"))
    assert entry.before == "#a { font-size: 9px; }"
    assert entry.after == "@media (max-width: 767.98px) { #a { font-size: 12px; } }"


def test_markup_is_changed_where_it_stands() -> None:
    (entry,) = planned(Wish("Level skipped", "main > h4", None, "<h4>Prices</h4>", "<h2>Prices</h2>"))
    assert entry == ChangelogEntry(
        file=DOCUMENT,
        type="modify",
        description="Level skipped: main > h4",
        before="<h4>Prices</h4>",
        after="<h2>Prices</h2>",
    )


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("#a", '<img src="…x.png">', '<img src="…x.png" alt="…">'),  # somebody has to find the words
        ("#a", "500 × 500 px", "288 × 288 px"),
        ("#a", "cellspacing", "border-spacing"),
        ("#a", "color: #777", "color: red } body { display: none"),
        ("#a", "color: #777", "color: url(</style>)"),
        ("iframe >>> #a", "color: #777", "color: #595959"),
        ("", "color: #777", "color: #595959"),
    ],
)
def test_what_is_not_exact_or_out_of_reach_is_not_planned(path: str, before: str, after: str) -> None:
    assert planned(Wish("why", path, None, before, after)) == ()


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("color: #fff", Style((("color", "#fff"),))),
        ("min-width: 44px; min-height: 44px", Style((("min-width", "44px"), ("min-height", "44px")))),
        ("::placeholder color: #777", Style((("color", "#777"),), pseudo="::placeholder")),
        (":focus-visible { outline: 2px solid red }", Style((("outline", "2px solid red"),), pseudo=":focus-visible")),
        (
            "@media (prefers-reduced-motion: reduce) { #a { animation: none } }",
            Style((("animation", "none"),), condition="(prefers-reduced-motion: reduce)"),
        ),
        (
            "@media (prefers-reduced-motion: reduce) { #a > p:nth-of-type(2)::before { animation: none } }",
            Style((("animation", "none"),), "::before", "(prefers-reduced-motion: reduce)"),
        ),
        ("border-spacing", None),
        ("", None),
        ("<img width>", None),
        ("color: red; and more", None),
    ],
)
def test_declarations_are_read_from_what_rules_write(text: str, style: Style | None) -> None:
    assert style_in(text) == style


@given(st.text())
def test_any_text_at_all_can_be_asked(text: str) -> None:
    style = style_in(text)
    assert style is None or not any(mark in name + value for name, value in style.declarations for mark in "{};<>")
    assert is_markup(text) in (True, False)


FAULTY = """<!doctype html><html lang="en"><head><title>Prices of our bicycles</title>
<meta name="viewport" content="width=device-width"><style>
body { font: 16px/1.5 sans-serif; color: #222; background: #fff }
.pale { color: #999 } .tiny { font-size: 8px }
input::placeholder { color: #bbb }</style></head><body><main><h1>Prices</h1>
<p class="pale">Every bicycle comes with a bell, a lamp and two years of service.</p>
<p class="pale tiny">Prices include tax.</p>
<label>Name <input placeholder="Jane"></label><h4>Delivery</h4><p>We deliver on weekdays.</p></main></body></html>"""


def plan_and_texts(artifacts: PageArtifacts, language: Language) -> tuple[PatchPlan, str]:
    report = assemble(artifacts, AuditRequest(TargetType.URL, PAGE, language)).report
    assert report.patch_plan is not None
    assert report.token_changes is not None
    types = {change.type for change in report.token_changes}
    assert types == {"color", "typography"}
    for change in report.token_changes:
        assert change.before.keys() == change.after.keys()
        assert change.before != change.after
    suggestions = {issue.title for issue in report.full_issues if issue.severity is Severity.INFO}
    assert not suggestions & {entry.description for entry in report.patch_plan.changelog}
    return report.patch_plan, report.model_dump_json(by_alias=True)


def test_the_plan_of_a_real_page_mends_what_the_browser_measured(measure: Callable[..., PageArtifacts]) -> None:
    artifacts = measure(FAULTY)
    plan, _ = plan_and_texts(artifacts, Language.ENGLISH)
    spanish, _ = plan_and_texts(artifacts, Language.SPANISH)
    assert [entry.after for entry in spanish.changelog] == [entry.after for entry in plan.changelog]
    assert {entry.description for entry in spanish.changelog}.isdisjoint(e.description for e in plan.changelog)
    css = "\n".join(entry.after or "" for entry in plan.changelog if entry.type == "add")
    assert "font-size: 12px" in css
    assert "::placeholder { color: " in css

    mended = measure(
        FAULTY.replace("</style></head>", f"{css}</style></head>").replace("<h4>Delivery</h4>", "<h2>Delivery</h2>")
    )
    wanted = {"clr-text-contrast", "clr-placeholder-contrast", "typ-tiny-text", "ctx-heading-order"}
    request = AuditRequest(TargetType.URL, PAGE)
    before = {issue.rule_id for issue in assemble(artifacts, request, RULES).report.full_issues}
    after = {issue.rule_id for issue in assemble(mended, request, RULES).report.full_issues}
    assert wanted <= before
    assert not wanted & after
