"""`cynthia audit`: one page, or the draft of an idea, by the engine alone. No Dagster, no database."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cynthia_pipeline.cli.console import EXIT_FAILED, err, out, say_json, settings_of
from cynthia_pipeline.cli.files import writable, write_document
from cynthia_pipeline.clock import system_clock
from cynthia_pipeline.errors import ErrorCode, PermanentError, UsageError, WorkError
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.settings import Settings
from cynthia_pipeline.text import one_line

if TYPE_CHECKING:
    from cynthia_pipeline.audit.engine import AuditRequest, AuditResult


def audit(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(help="Address of the page.", show_default=False)] = None,
    *,
    idea: Annotated[str | None, typer.Option(help="Audit the page drafted from these words.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report to this HTML file.")] = None,
    sarif: Annotated[Path | None, typer.Option(help="Write the issues to this SARIF file, for code hosts.")] = None,
    language: Annotated[Language, typer.Option(help="Language of the report.")] = Language.ENGLISH,
    fail_under: Annotated[
        int | None, typer.Option(min=0, max=100, help="Exit with 1 if the score is below this.")
    ] = None,
) -> None:
    """Audit a page here and now, and print its score card."""
    settings = settings_of(context)
    request = _request(url, idea, language)
    file = writable(html) if html else None
    sarif_file = writable(sarif) if sarif else None
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a real stream; ASCII terminals get "?"
    try:
        result = asyncio.run(_audit(settings, request))
    except WorkError as error:
        _tell_failure(error, language, as_json=as_json)
        raise typer.Exit(EXIT_FAILED) from error
    if file:
        _write(file, result, request)
    if sarif_file:
        _write_sarif(sarif_file, result, request)
    _print(result, request, as_json=as_json)
    for written in (file, sarif_file):
        if written and not as_json:
            out().print(str(written), markup=False, soft_wrap=True)
    score = result.report.overall_score
    if fail_under is not None and (score is None or score < fail_under):
        err().print(f"cynthia: the score {'is missing' if score is None else score}, below {fail_under}", markup=False)
        raise typer.Exit(EXIT_FAILED)


def _request(url: str | None, idea: str | None, language: Language) -> "AuditRequest":
    from cynthia_pipeline.audit.engine import AuditRequest, TargetType
    from cynthia_pipeline.audit.report import Draft
    from cynthia_pipeline.audit.target import parse_target
    from cynthia_pipeline.drafts.template import TemplateDrafter

    if (url is None) == (idea is None):
        raise UsageError("name one page: an address, or --idea with the words to draft one from")
    if idea is not None:
        page = TemplateDrafter().draft(idea, language)
        draft = Draft(idea=idea, template=page.template)
        return AuditRequest(TargetType.FRAME, idea, language, html=page.html, draft=draft)
    try:
        return AuditRequest(TargetType.URL, parse_target(url or "").url, language)
    except PermanentError as error:
        raise UsageError(sentence(error.code, language, error.facts)) from error


async def _audit(settings: Settings, request: "AuditRequest") -> "AuditResult":
    from cynthia_pipeline.engines import open_audit_engine

    async with open_audit_engine(settings) as engine:
        with err().status("…") as status:

            async def show(percent: int) -> None:
                status.update(f"{percent} %")

            return await engine.audit(request, show)


def _tell_failure(error: WorkError, language: Language, *, as_json: bool) -> None:
    message = one_line(sentence(error.code, language, error.facts))
    if as_json:
        failure = {"audit_status": "failed", "error_code": error.code.value, "error_message": message}
        say_json(failure)
    err().print(f"cynthia: {message}", markup=False, soft_wrap=True)
    if error.code is ErrorCode.ADDRESS_REFUSED:
        err().print("cynthia: to audit it all the same, name its host in CYNTHIA_ALLOW_HOSTS", markup=False)


def _write(file: Path, result: "AuditResult", request: "AuditRequest") -> None:
    from cynthia_pipeline.report.html import render_html

    document = render_html(
        result.report,
        result.evidence,
        target=request.target_value,
        audited_at=system_clock(),
        language=request.language,
    )
    write_document(file, document)


def _write_sarif(file: Path, result: "AuditResult", request: "AuditRequest") -> None:
    from cynthia_pipeline.report.sarif import sarif

    log = sarif(result.report, target=request.target_value)
    write_document(file, json.dumps(log, ensure_ascii=False, indent=2) + "\n")


def _print(result: "AuditResult", request: "AuditRequest", *, as_json: bool) -> None:
    if as_json:
        say_json(result.report.model_dump(mode="json", by_alias=True))
        return
    from cynthia_pipeline.cli.scorecard import score_card

    out().print(score_card(result.report, target=request.target_value, language=request.language))
