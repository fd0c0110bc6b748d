"""Reports to render: one as an engine writes it, and the real browser to look at it in."""

import io
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, async_playwright

from cynthia_pipeline.audit.engine import Evidence
from cynthia_pipeline.audit.report import (
    Axis,
    ChangelogEntry,
    Draft,
    Fix,
    FixPackOutline,
    FixType,
    Issue,
    Judgement,
    Measurements,
    PatchPlan,
    Remark,
    Report,
    ReportDetails,
    RuleOutcome,
    RuleRecord,
    Severity,
)
from cynthia_pipeline.browser.executable import find_chromium
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.html import render_html

AUDITED_AT = datetime(2026, 11, 23, 19, 11, tzinfo=UTC)


def make_issue(text: str = "text", **changed: Any) -> Issue:
    """An issue with `text` in every place that a page can write to."""
    told: dict[str, Any] = {
        "id": text,
        "axis": Axis.CLR,
        "severity": Severity.MAJOR,
        "title": text,
        "description": text,
        "reason": text,
        "impact": f"{text} ",
        "element_path": f"main > {text}",
        "fix": Fix(
            type=FixType.TOKEN,
            description=text,
            measurements=Measurements(values={f"a{text}": text, "foreground": "#777777"}, contrast=text),
            before=f"{text} #777777",
            after=f"{text} #595959",
        ),
        "rule_id": text,
        "source": text,
        "viewport": "mobile",
        "occurrences": 3,
        "element_paths": (f"p > {text}", f"q > {text}"),
    }
    return Issue(**(told | changed))


def make_report(text: str = "text", *issues: Issue, draft: bool = False, **changed: Any) -> Report:
    """A report with `text` in every place that a page can write to; every section of the document has content."""
    found = issues or tuple(
        make_issue(text, id=f"{severity}{text}", severity=severity, axis=axis)
        for severity, axis in zip(Severity, (Axis.ACC, Axis.CLR, Axis.TYP, Axis.RSP), strict=True)
    )
    told: dict[str, Any] = {
        "version": f"1{text}",
        "overall_score": 58,
        "udec_scores": {axis: 74 if axis in {Axis.ACC, Axis.CLR} else None for axis in Axis},
        "issues_found_total": len(found),
        "teaser_issues": found[:3],
        "full_issues": found,
        "fix_packs": (
            FixPackOutline(
                id="p",
                name=text,
                description=text,
                category="color",
                issues=tuple(issue.id for issue in found),
                estimated_impact=text,
                tradeoffs=text,
            ),
        ),
        "patch_plan": PatchPlan(
            reversible=True,
            changelog=(
                ChangelogEntry(file=text, type="add", description=text, before=text, after=f"{text} #595959"),
                ChangelogEntry(file=text, type="modify", description=text, before=text, after=text),
            ),
        ),
        "details": ReportDetails(
            unjudged={Axis.EMO: f"why {text}"},
            cut_short=(text,),
            rules=tuple(
                RuleRecord(rule_id=text, axis=Axis.ACC, outcome=outcome, checked=7, failing=2, note=text)
                for outcome in RuleOutcome
            ),
            title=f"t{text}",
            final_url=f"https://example.org/?{text}",
            draft=Draft(idea=f"i{text}", template="one-page-1") if draft else None,
            timings_ms={f"load{text}": 812.3, "total": 4203.0},
            engine={f"chromium{text}": text},
            judgement=Judgement(
                model=text,
                remarks=(Remark(axis=Axis.CTX, title=text, description=text, suggestion=text, quote=text),),
            ),
        ),
    }
    return Report(**(told | changed))


def make_evidence(name: str, width: int = 320, height: int = 200, colour: str = "#2b7a4b") -> Evidence:
    """A real picture."""
    content = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(content, "WEBP")
    return Evidence(name, "image/webp", width, height, content.getvalue())


def rendered(
    report: Report,
    *evidence: Evidence,
    target: str = "https://example.org/",
    language: Language = Language.ENGLISH,
) -> str:
    return render_html(report, evidence, target=target, audited_at=AUDITED_AT, language=language)


@pytest.fixture(scope="session")
def issue() -> Callable[..., Issue]:
    return make_issue


@pytest.fixture(scope="session")
def report() -> Callable[..., Report]:
    return make_report


@pytest.fixture(scope="session")
def evidence() -> Callable[..., Evidence]:
    return make_evidence


@pytest.fixture(scope="session")
def render() -> Callable[..., str]:
    return rendered


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One real browser for all tests that look."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(None),
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )
        yield browser
        await browser.close()
