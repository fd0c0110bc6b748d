"""`cynthia fix`: a fix pack of one page here and now, by the engine alone. No Dagster, no database, no credits."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from cynthia_pipeline.cli.console import EXIT_FAILED, err, out, say_json, settings_of
from cynthia_pipeline.cli.files import writable, write_document
from cynthia_pipeline.cli.fix_pack_apply import apply_pack
from cynthia_pipeline.clock import system_clock
from cynthia_pipeline.errors import PermanentError, UsageError, WorkError
from cynthia_pipeline.fix_packs.ports import FixPackType, PartlyFixedIssue
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.settings import Settings
from cynthia_pipeline.text import neutralise, one_line

if TYPE_CHECKING:
    from cynthia_pipeline.fix_packs.ports import FixedIssue, MadePack, PartlyFixedIssue


def fix(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of the page.")],
    kind: Annotated[FixPackType, typer.Argument(metavar="TYPE", help="token, layout, component, motion or content.")],
    *,
    apply: Annotated[Path | None, typer.Option(help="Apply the pack to this checkout of the site.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the before and after to this HTML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the pack as one JSON object.")] = False,
    language: Annotated[Language, typer.Option(help="Language of the pack.")] = Language.ENGLISH,
) -> None:
    """Make a fix pack of a page here and now, proven in the browser."""
    settings = settings_of(context)
    file = writable(html) if html else None
    address = _address(url, language)
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a real stream; ASCII terminals get "?"
    try:
        pack = asyncio.run(_make(settings, address, kind, language))
    except WorkError as error:
        message = one_line(sentence(error.code, language, error.facts))
        if as_json:
            say_json({"error_code": error.code.value, "error_message": message})
        err().print(f"cynthia: {message}", markup=False, soft_wrap=True)
        raise typer.Exit(EXIT_FAILED) from error
    if file:
        from cynthia_pipeline.report.fix_pack import render_fix_pack

        write_document(file, render_fix_pack(pack, target=address, made_at=system_clock(), language=language))
    changed = apply_pack(pack.patch_preview.diffs, apply) if apply else ()
    _print(pack, as_json=as_json)
    for path in changed if not as_json else ():
        out().print(f"changed {one_line(str(path))}", markup=False, soft_wrap=True)


def _address(url: str, language: Language) -> str:
    from cynthia_pipeline.audit.target import parse_target

    try:
        return parse_target(url).url
    except PermanentError as error:
        raise UsageError(sentence(error.code, language, error.facts)) from error


async def _make(settings: Settings, url: str, kind: FixPackType, language: Language) -> "MadePack":
    from cynthia_pipeline.audit.engine import AuditRequest, TargetType
    from cynthia_pipeline.browser.engine import open_browser_engine
    from cynthia_pipeline.browser.probe import BrowserProber
    from cynthia_pipeline.engines import open_writer
    from cynthia_pipeline.fix_packs.maker import ProvingPackMaker
    from cynthia_pipeline.fix_packs.ports import PackOrder, PageAddress

    async with open_writer(settings) as writer, open_browser_engine(settings) as engine:
        with err().status("…") as status:

            async def show(percent: int) -> None:
                status.update(f"{percent} %")

            audited = await engine.audit(AuditRequest(TargetType.URL, url, language), show)
            order = PackOrder(uuid4(), kind, PageAddress(url), language, audited.report, system_clock())
            return await ProvingPackMaker(BrowserProber(engine), writer).make(order, show)


def _print(pack: "MadePack", *, as_json: bool) -> None:
    if as_json:
        answer = {
            "title": pack.title,
            "description": pack.description,
            "patch_preview": pack.patch_preview.model_dump(mode="json", by_alias=True),
            "files_affected": pack.files_affected,
            "issues_fixed": pack.issues_fixed,
            "verification": pack.verification.model_dump(mode="json", by_alias=True),
        }
        say_json(answer)
        return
    out().print(pack.title, style="bold", markup=False)
    out().print(pack.description, markup=False, soft_wrap=True)
    proof = pack.verification
    for item in proof.fixed:
        _say("+", item, "")
    for part in proof.partly:
        _say("±", part, f"  {part.mended}/{part.elements}: {part.reason}")
    for other in (*proof.dropped, *proof.left):
        out().print(f"  - {one_line(f'{other.issue}  {other.reason}')}", markup=False, soft_wrap=True)
    # Into a file or a pipe the patch goes as it is, to the byte: it is to be applied.
    typer.echo(neutralise(proof.unified_diff) if sys.stdout.isatty() else proof.unified_diff)


def _say(sign: str, item: "FixedIssue | PartlyFixedIssue", part: str) -> None:
    by = f" by {item.worded_by}" if item.worded_by is not None else ""
    said = f"{item.issue}  {item.state}{by}  {item.description or ''}  ({', '.join(item.engines)}){part}"
    out().print(f"  {sign} {one_line(said)}", markup=False, soft_wrap=True)
