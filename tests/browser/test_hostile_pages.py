"""Every bad thing a page can do, done by a real server to a real browser; and the next audit is unharmed."""

from dataclasses import replace

import psutil
import pytest

from cynthia_pipeline.audit.cuts import CutCode
from cynthia_pipeline.audit.engine import AuditEngine, AuditRequest, AuditResult, TargetType
from cynthia_pipeline.audit.report import Axis, ReportDetails, RuleOutcome
from cynthia_pipeline.browser.chromium import Launch
from cynthia_pipeline.browser.engine import BrowserEngine, open_browser_engine
from cynthia_pipeline.browser.processes import PageProcesses, RendererLimits, process_tree
from cynthia_pipeline.browser.visit import VisitLimits
from cynthia_pipeline.errors import ErrorCode, PermanentError, RateLimitedError, TransientError, WorkError
from cynthia_pipeline.messages import Language, sentence

from .bad_site import refused_address
from .conftest import QUICK, SETTINGS

pytestmark = pytest.mark.asyncio(loop_scope="module")

P, T, R = PermanentError, TransientError, RateLimitedError

REFUSED = {
    "/status/400": (P, ErrorCode.HTTP_CLIENT_ERROR, {"status": "400"}),
    "/status/401": (P, ErrorCode.HTTP_CLIENT_ERROR, {"status": "401"}),
    "/status/404": (P, ErrorCode.HTTP_CLIENT_ERROR, {"status": "404"}),
    "/status/408": (T, ErrorCode.HTTP_CLIENT_ERROR, {"status": "408"}),
    "/status/429": (T, ErrorCode.RATE_LIMITED, {}),
    "/status/500": (T, ErrorCode.HTTP_SERVER_ERROR, {"status": "500"}),
    "/bare/403": (P, ErrorCode.HTTP_CLIENT_ERROR, {"status": "403"}),
    "/bare/502": (T, ErrorCode.HTTP_SERVER_ERROR, {"status": "502"}),
    "/not/there": (P, ErrorCode.HTTP_CLIENT_ERROR, {"status": "404"}),
    "/busy/429": (R, ErrorCode.RATE_LIMITED, {}),
    "/busy/503": (R, ErrorCode.HTTP_SERVER_ERROR, {"status": "503"}),
    "/redirect/loop": (P, ErrorCode.REDIRECT_LOOP, {}),
    "/redirect/file": (P, ErrorCode.SCHEME_REFUSED, {}),
    "/redirect/ftp": (P, ErrorCode.SCHEME_REFUSED, {"scheme": "ftp"}),
    "/redirect/script-to-404": (P, ErrorCode.HTTP_CLIENT_ERROR, {"status": "404"}),
    "/empty": (P, ErrorCode.EMPTY_PAGE, {}),
    "/empty/markup": (P, ErrorCode.EMPTY_PAGE, {}),
    "/empty/204": (P, ErrorCode.EMPTY_PAGE, {}),
    "/file/pdf": (P, ErrorCode.NOT_A_PAGE, {"content_type": "application/pdf"}),
    "/file/png": (P, ErrorCode.NOT_A_PAGE, {"content_type": "image/png"}),
    "/file/json": (P, ErrorCode.NOT_A_PAGE, {"content_type": "application/json"}),
    "/file/zip": (P, ErrorCode.NOT_A_PAGE, {"content_type": "application/zip"}),
    "/file/attachment": (P, ErrorCode.NOT_A_PAGE, {"content_type": "text/html"}),
    "/broken/reset": (T, ErrorCode.CONNECTION_FAILED, {}),
    "/broken/no-answer": (T, ErrorCode.CONNECTION_FAILED, {}),
    "/broken/half": (T, ErrorCode.CONNECTION_FAILED, {}),
    "/endless/silence": (T, ErrorCode.TIMED_OUT, {}),
    "/endless/headers-only": (P, ErrorCode.EMPTY_PAGE, {}),
    "/large/document": (P, ErrorCode.PAGE_TOO_LARGE, {"limit_mb": "3"}),
    "/large/announced": (P, ErrorCode.PAGE_TOO_LARGE, {"limit_mb": "3"}),
    "/large/bomb": (P, ErrorCode.PAGE_TOO_LARGE, {"limit_mb": "20"}),
    "/large/bomb-brotli": (P, ErrorCode.PAGE_TOO_LARGE, {"limit_mb": "20"}),
    "/large/bomb-zstd": (P, ErrorCode.PAGE_TOO_LARGE, {"limit_mb": "20"}),
    "/many/requests": (P, ErrorCode.TOO_MANY_REQUESTS, {"limit": "1000"}),
    "/many/requests-of-a-worker": (P, ErrorCode.TOO_MANY_REQUESTS, {"limit": "1000"}),
    "/many/requests-in-a-frame": (P, ErrorCode.TOO_MANY_REQUESTS, {"limit": "1000"}),
    "/many/grown-nodes": (P, ErrorCode.TOO_MANY_NODES, {"limit": "75000"}),
    "/navigation/script": (P, ErrorCode.ENDLESS_NAVIGATION, {}),
    "/navigation/refresh": (P, ErrorCode.ENDLESS_NAVIGATION, {}),
    "/navigation/load": (P, ErrorCode.ENDLESS_NAVIGATION, {}),
}

CUT = {
    "/endless/document": CutCode.STILL_LOADING,
    "/endless/resource": CutCode.STILL_LOADING,
    "/endless/requests": CutCode.STILL_CHANGING,
    "/large/resource": CutCode.TRANSFER_CAPPED,
    "/many/nodes": CutCode.TOO_MANY_ELEMENTS,
    "/scripts/busy": CutCode.SCRIPTS_STOPPED,
    "/scripts/busy-later": CutCode.SCRIPTS_STOPPED,
    "/scripts/busy-for-ever": CutCode.SCRIPTS_STOPPED,
    "/scripts/dialogs": CutCode.SCRIPTS_STOPPED,
}

WHOLE = (
    "/redirect/good",
    "/redirect/script",
    "/scripts/one-dialog",
    "/scripts/windows",
    "/scripts/print",
    "/scripts/leave",
    "/scripts/history",
    "/policy/strict",
    "/empty/but-refreshes",
)


async def _ignore(_: int) -> None:
    """Takes no interest in progress."""


async def audit(engine: AuditEngine, url: str) -> AuditResult:
    return await engine.audit(AuditRequest(TargetType.URL, url), _ignore)


async def assert_unharmed(engine: AuditEngine, site: str) -> None:
    """The next audit in the same browser is whole."""
    report = (await audit(engine, f"{site}/good")).report
    assert report.details.title == "A quiet page"
    assert report.overall_score is not None
    assert report.details.cut_short == ()


@pytest.mark.parametrize("path", REFUSED)
async def test_a_page_that_cannot_be_had_ends_in_its_own_error(auditor: AuditEngine, site: str, path: str) -> None:
    kind, code, facts = REFUSED[path]
    with pytest.raises(WorkError) as caught:
        await audit(auditor, site + path)
    assert (type(caught.value), caught.value.code) == (kind, code), caught.value.detail
    assert facts.items() <= caught.value.facts.items()
    assert "…" not in sentence(code, Language.ENGLISH, caught.value.facts)
    await assert_unharmed(auditor, site)


@pytest.mark.parametrize("path", CUT)
async def test_a_page_that_cannot_be_had_whole_says_what_was_cut_short(
    auditor: AuditEngine, site: str, path: str
) -> None:
    report = (await audit(auditor, site + path)).report
    assert report.overall_score is not None
    assert says(report.details, CUT[path]), report.details.cut_short
    await assert_unharmed(auditor, site)


@pytest.mark.parametrize("path", WHOLE)
async def test_a_page_that_only_annoys_is_measured_whole(auditor: AuditEngine, site: str, path: str) -> None:
    report = (await audit(auditor, site + path)).report
    assert report.details.title == "A quiet page"
    assert report.details.cut_short == ()
    await assert_unharmed(auditor, site)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("not a url", ErrorCode.NOT_A_URL),
        ("", ErrorCode.NOT_A_URL),
        ("gopher://127.0.0.1/", ErrorCode.SCHEME_REFUSED),
        ("javascript:alert(1)", ErrorCode.SCHEME_REFUSED),
        ("http://10.0.0.1/", ErrorCode.ADDRESS_REFUSED),
        ("http://no-such-host.invalid/", ErrorCode.HOST_NOT_FOUND),
    ],
)
async def test_an_address_that_leads_nowhere_is_told_apart(
    auditor: AuditEngine, site: str, address: str, code: ErrorCode
) -> None:
    with pytest.raises(WorkError) as caught:
        await audit(auditor, address)
    assert caught.value.code is code
    await assert_unharmed(auditor, site)


async def test_a_port_on_which_nobody_listens_refuses_for_now(auditor: AuditEngine, site: str) -> None:
    with pytest.raises(TransientError) as caught:
        await audit(auditor, refused_address())
    assert caught.value.code is ErrorCode.CONNECTION_REFUSED
    await assert_unharmed(auditor, site)


async def test_a_certificate_nobody_vouches_for_is_refused_for_good(
    auditor: AuditEngine, site: str, untrusted_site: str
) -> None:
    with pytest.raises(PermanentError) as caught:
        await audit(auditor, f"{untrusted_site}/good")
    assert caught.value.code is ErrorCode.TLS_FAILED
    await assert_unharmed(auditor, site)


@pytest.mark.parametrize(("path", "seconds"), [("/busy/429", 17), ("/busy/503", 60)])
async def test_a_site_that_names_a_time_is_taken_at_its_word(
    auditor: AuditEngine, site: str, path: str, seconds: float
) -> None:
    with pytest.raises(RateLimitedError) as caught:
        await audit(auditor, site + path)
    assert caught.value.retry_after_s == seconds


async def test_25000_elements_are_measured_in_part_or_given_up_in_time(auditor: AuditEngine, site: str) -> None:
    """Which of the two depends on the machine: axe-core looks at all elements, whatever the rest is limited to."""
    try:
        report = (await audit(auditor, f"{site}/many/more-nodes")).report
    except TransientError as error:
        assert error.code is ErrorCode.TIMED_OUT  # noqa: PT017 the error is one of two right outcomes
    else:
        assert says(report.details, CutCode.TOO_MANY_ELEMENTS)
    await assert_unharmed(auditor, site)


async def test_100_nested_frames_are_gone_into_as_far_as_time_allows(auditor: AuditEngine, site: str) -> None:
    report = (await audit(auditor, f"{site}/many/frames")).report
    assert report.details.title == "A quiet page"
    assert report.overall_score is not None
    await assert_unharmed(auditor, site)


async def test_a_page_that_eats_memory_or_breeds_workers_crashes_alone(site: str) -> None:
    """One small browser for the three of them; and when it is closed, nothing of it is left."""
    renderer = RendererLimits(bytes=400_000_000, threads=60)
    launch = Launch(flags=("--js-flags=--max-old-space-size=64",), renderer=renderer)
    async with open_browser_engine(SETTINGS, limits=QUICK, launch=launch) as engine:
        for path in ("/scripts/memory", "/scripts/buffers", "/scripts/workers"):
            with pytest.raises(TransientError) as caught:
                await audit(engine, site + path)
            assert caught.value.code is ErrorCode.PAGE_CRASHED, path
        await assert_unharmed(engine, site)
        async with engine.chromium.borrow() as chromium:
            processes = process_tree(chromium.process)
    assert len(processes) > 1
    assert not [process for process in processes if process.is_running()]


async def test_after_10000_requests_at_once_the_next_audit_has_a_browser_to_itself(site: str) -> None:
    """The old one's network process is busy with what was asked for. A busy machine runs out of time before the cap."""
    async with open_browser_engine(SETTINGS, limits=QUICK) as engine:
        async with engine.chromium.borrow() as chromium:
            processes = process_tree(chromium.process)
        with pytest.raises(WorkError) as caught:
            await audit(engine, f"{site}/many/10000-requests")
        assert caught.value.code in {ErrorCode.TOO_MANY_REQUESTS, ErrorCode.TIMED_OUT}
        await assert_unharmed(engine, site)
        async with engine.chromium.borrow() as another:
            assert another is not chromium
        assert not [process for process in processes if process.is_running()]


async def test_the_whole_audit_ends_in_its_time(site: str) -> None:
    settings = SETTINGS.model_copy(update={"audit_timeout_s": 3.0})
    async with open_browser_engine(settings, limits=QUICK) as engine:
        with pytest.raises(TransientError) as caught:
            await audit(engine, f"{site}/endless/silence")
        assert caught.value.code is ErrorCode.TIMED_OUT
        assert caught.value.facts["seconds"] == "3"


@pytest.mark.parametrize("path", ["/scripts/busy", "/scripts/busy-for-ever", "/endless/requests"])
async def test_an_audit_whose_time_is_used_up_ends_whatever_its_page_is_at(
    auditor: BrowserEngine, site: str, path: str
) -> None:
    """Its limits for one page are not reached: nothing but the end of the audit's own time stops the page."""
    short = SETTINGS.model_copy(update={"audit_timeout_s": 4.0})
    hurried = replace(auditor, settings=short, limits=VisitLimits(load_s=60, settle_s=60, busy_s=60, measure_s=60))
    with pytest.raises(TransientError) as caught:
        await audit(hurried, site + path)
    assert caught.value.code is ErrorCode.TIMED_OUT
    async with auditor.chromium.borrow() as chromium:
        assert chromium.browser.contexts == []
        pages = PageProcesses(chromium.process).beyond(RendererLimits(bytes=0), 0)
    assert not psutil.wait_procs(pages, timeout=20)[1]
    await assert_unharmed(auditor, site)


async def test_an_empty_page_is_audited_where_the_settings_say_so(site: str) -> None:
    settings = SETTINGS.model_copy(update={"audit_empty_pages": True})
    async with open_browser_engine(settings, limits=QUICK) as engine:
        report = (await audit(engine, f"{site}/empty/markup")).report
    outcomes = {record.rule_id: record.outcome for record in report.details.rules}
    assert outcomes["axe-html-has-lang"] is RuleOutcome.FAIL
    assert outcomes["axe-document-title"] is RuleOutcome.PASS
    assert RuleOutcome.ERROR not in outcomes.values()


async def test_a_draft_is_audited_without_any_network(auditor: AuditEngine) -> None:
    html = '<!doctype html><title>Bakery</title><h1>Bread</h1><img src="https://example.com/bread.png" alt="Bread">'
    request = AuditRequest(TargetType.FRAME, "a bakery", language=Language.SPANISH, html=html)
    report = (await auditor.audit(request, _ignore)).report
    assert report.details.title == "Bakery"
    assert report.details.cut_short == ()
    assert report.udec_scores[Axis.DYN] is None
    assert report.udec_scores[Axis.LFT] is not None


def says(details: ReportDetails, code: CutCode) -> bool:
    """Whether the report's reader is told of this cut: by the sentence's own words around its figures."""
    pattern = {
        CutCode.STILL_LOADING: "still loading",
        CutCode.STILL_CHANGING: "still changing",
        CutCode.TRANSFER_CAPPED: "transferred more than",
        CutCode.TOO_MANY_ELEMENTS: "elements were measured",
        CutCode.SCRIPTS_STOPPED: "scripts kept it from answering",
    }[code]
    return any(pattern in line for line in details.cut_short)
