"""A page that says hostile things everywhere is audited and mended for real, and then all that was told is searched.

Some of the same is held more narrowly elsewhere: tests/report has the document with hostile text in every field.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from dagster import AssetKey, DagsterInstance, MarkdownMetadataValue, build_sensor_context
from hypothesis import example, given
from hypothesis import strategies as st
from playwright.sync_api import ConsoleMessage, sync_playwright
from rich.console import Console

from cynthia_pipeline.audit.report import Report
from cynthia_pipeline.audit.site_files import file_name
from cynthia_pipeline.browser.executable import find_chromium
from cynthia_pipeline.cli.scorecard import score_card
from cynthia_pipeline.definitions import build_defs
from cynthia_pipeline.engines import open_audit_engine, open_pack_maker
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.messages import Language, sentence
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors.build_sessions import build_session_sensor
from cynthia_pipeline.text import json_escaped, neutralise

from .hostile_page import CORPUS, FORBIDDEN, OWNED_FILE, PRODUCT, RUNS, HostileServer

COMMAND = str(Path(sys.executable).parent / "cynthia")
SYSTEM_USER = "00000000-0000-0000-0000-000000000002"
ROOT = Path(__file__).parents[2]
anything = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), HostileServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Told:
    """What commands said about the page, and the files that they wrote."""

    audit_json: subprocess.CompletedProcess[str]
    fix_json: subprocess.CompletedProcess[str]
    folder: Path

    @property
    def report(self) -> Path:
        return self.folder / "report.html"

    @property
    def pack(self) -> Path:
        return self.folder / "pack.html"

    @property
    def sarif(self) -> Any:
        return json.loads((self.folder / "report.sarif").read_text())


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CYNTHIA_", "DAGSTER_"))}
    environment = (
        kept | {"CYNTHIA_ALLOW_HOSTS": "127.0.0.1", "CYNTHIA_AUDIT_TIMEOUT_S": "180", "COLUMNS": "120"} | variables
    )
    return subprocess.run(  # noqa: PLW1510 - a failure shows in what is searched
        [COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=240, stdin=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
def told(site: str, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The page audited and mended by the commands that need no database."""
    folder = tmp_path_factory.mktemp("told")
    url = f"{site}/a%2f..%2f..%2fpage.html"
    files = ("--html", str(folder / "report.html"), "--sarif", str(folder / "report.sarif"))
    return Told(
        audit_json=run("audit", url, "--json", *files),
        fix_json=run("fix", url, "token", "--json", "--html", str(folder / "pack.html")),
        folder=folder,
    )


def steering(text: str) -> list[str]:
    """What in `text` a terminal or a reader's eye would obey."""
    return [character for character in FORBIDDEN if character in text]


def test_a_terminal_is_told_nothing_but_text(told: Told, site: str) -> None:
    for done in (told.audit_json, told.fix_json):
        assert done.returncode == 0, done.stderr
        assert steering(done.stdout + done.stderr) == []
    terminal = Console(file=io.StringIO(), width=100, record=True)
    report = Report.model_validate_json(told.audit_json.stdout)
    terminal.print(score_card(report, target=report.details.final_url or "", language=Language.SPANISH))
    shown = terminal.export_text()
    assert "DROP TABLE" in shown
    assert steering(shown) == []
    refused = run("audit", f"{site}/type", "--json")
    assert refused.returncode == 1
    assert steering(refused.stdout + refused.stderr) == []
    assert len(refused.stderr) < 1_000


def test_json_says_what_the_page_said(told: Told) -> None:
    report, pack = json.loads(told.audit_json.stdout), json.loads(told.fix_json.stdout)
    said = json.dumps(report, ensure_ascii=False) + json.dumps(pack, ensure_ascii=False)
    assert CORPUS["sql"] in said
    assert "\u202e" in said, "the patch must hold the page's own characters"
    assert PRODUCT not in said


def test_the_documents_run_nothing_and_ask_for_nothing(told: Told) -> None:
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(None), args=["--no-sandbox"])
        for document in (told.report, told.pack):
            page = browser.new_page()
            complaints: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", partial(_note, complaints))
            page.goto(document.as_uri())
            assert page.evaluate(f"typeof window.{RUNS}") == "undefined"
            assert page.evaluate("[...document.querySelectorAll('script,iframe,object,embed,form,base')].length") == 0
            hrefs = page.evaluate("[...document.querySelectorAll('[href],[src]')].map((e) => e.href ?? e.src)")
            own = (
                document.as_uri(),
                "data:image/",
                "http://127.0.0.1:",
                "https://www.w3.org/",
                "https://dequeuniversity",
            )
            assert [href for href in hrefs if not str(href).startswith(own)] == []
            assert complaints == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert steering(page.evaluate("document.documentElement.outerHTML")) == []
            page.close()
        browser.close()
    assert [url for url in asked if not url.startswith("data:")] == [told.report.as_uri(), told.pack.as_uri()]
    for document in (told.report, told.pack):
        assert PRODUCT not in document.read_text()


def _note(complaints: list[str], message: ConsoleMessage) -> None:
    complaints.append(message.text)


def test_a_code_host_is_given_no_link_of_the_pages(told: Told) -> None:
    texts = [result["message"]["text"] for run in told.sarif["runs"] for result in run["results"]]
    texts += [rule[part]["text"] for rule in told.sarif["runs"][0]["tool"]["driver"]["rules"] for part in ("help",)]
    assert any(r"\[click\](" in text for text in texts), "the page's link is in there, as text"
    for text in texts:
        bare = text.replace("\\\\", "").replace(r"\[", "").replace(r"\]", "").replace("{{", "").replace("}}", "")
        assert not set("[]{}") & set(bare), text
    assert steering(json.dumps(told.sarif, ensure_ascii=False)) == []


def test_a_pack_stays_in_the_checkout(told: Told) -> None:
    pack = json.loads(told.fix_json.stdout)
    files = {diff["file"] for diff in pack["patch_preview"]["diffs"]}
    assert files == set(pack["files_affected"])
    assert files <= {
        "a%2F..%2F..%2Fpage.html",
        "cynthia-fixes.css",
        "%2Egit/hooks/post-checkout",
        "x%2F..%2F..%2Fowned.css",
    }
    assert "%2Egit/hooks/post-checkout" in files, "the page's own stylesheet was changed, under a harmless name"
    headers = [line for line in pack["verification"]["unifiedDiff"].splitlines() if line.startswith(("--- ", "+++ "))]
    assert set(headers) <= {f"{side}/{file}" for file in files for side in ("--- a", "+++ b")} | {"--- /dev/null"}


@given(path=anything)
@example(path="\ud800")
def test_any_path_names_a_file_below_the_checkout(path: str) -> None:
    name = file_name(f"https://site.example/{path.replace('#', '').replace('?', '')}")
    parts = name.split("/")
    assert name
    assert not name.startswith("/")
    assert "\\" not in name
    assert len(name.splitlines()) == 1
    assert not {"..", ".", ".git"} & {part.rstrip(" ").lower() for part in parts}
    assert neutralise(name) == name


@given(text=anything)
def test_json_stays_what_it_was(text: str) -> None:
    escaped = json_escaped(json.dumps({text: [text]}, ensure_ascii=False))
    assert json.loads(escaped) == {text: [text]}
    assert steering(escaped) == []
    escaped.encode()


@given(fact=anything)
def test_a_sentence_is_one_short_line_whatever_the_fact(fact: str) -> None:
    for language in Language:
        told = sentence(ErrorCode.NOT_A_PAGE, language, {"content_type": fact})
        assert neutralise(told) == told
        assert len(told.splitlines()) == 1
        assert len(told) < 500


def test_dagster_and_the_database_hold_it_as_text(
    site: str,
    server: Any,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The page, an idea and an address by way of the queue, and a pack of the page."""
    shutil.copy(ROOT / "dagster.yaml", tmp_path)
    dagster_url = server.create()
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", dagster_url.replace("postgresql://", "postgresql+psycopg2://"))
    environment = {
        "CYNTHIA_DATABASE_URL": database_url,
        "CYNTHIA_ALLOW_HOSTS": "127.0.0.1",
        "CYNTHIA_AUDIT_TIMEOUT_S": "180",
        "CYNTHIA_FIX_PACK_TIMEOUT_S": "300",
        "CYNTHIA_LINGER_S": "0",
        "CYNTHIA_MAX_ATTEMPTS": "1",
    }
    idea = " ".join(CORPUS.values())
    values = (("url", f"{site}/page.html"), ("url", f"{site}/type"), ("idea", idea), ("url", CORPUS["markup"]))
    with psycopg.connect(database_url, autocommit=True) as connection:
        for kind, value in values:
            connection.execute("INSERT INTO build_sessions (input_type, input_value) VALUES (%s, %s)", (kind, value))
        pipeline = Pipeline(
            environment=environment, open_audit_engine=open_audit_engine, open_pack_maker=open_pack_maker
        )
        definitions = build_defs({"pipeline": pipeline})
        with DagsterInstance.from_config(str(tmp_path)) as instance:
            build_session_sensor(build_sensor_context(instance=instance, resources={"pipeline": pipeline}))
            assert definitions.resolve_job_def("audit_results_job").execute_in_process(instance=instance).success
            (audit,) = connection.execute(
                "SELECT id FROM cynthia_audits WHERE status = 'completed' AND target_type = 'url'"
            ).fetchone() or (None,)
            connection.execute(
                "INSERT INTO credit_balances (user_id, plan, monthly_credits, reset_at)"
                " VALUES (%s, 'starter', 10, now() + interval '20 days')",
                (SYSTEM_USER,),
            )
            cli = partial(run, **environment)
            asked = cli("fix-pack", str(audit), "token", "--user", SYSTEM_USER)
            assert definitions.resolve_job_def("fix_packs_job").execute_in_process(instance=instance).success
            entries = _metadata(instance)
        sessions = connection.execute("SELECT id, audit_status::text, input_value FROM build_sessions").fetchall()
        packs = connection.execute("SELECT count(*) FROM fix_packs").fetchone()

    assert sorted(status for _, status, _ in sessions) == ["completed", "completed", "failed", "failed"]
    assert {value for *_, value in sessions} == {value for _, value in values}, "what was typed stays as it was typed"
    assert packs == (1,)
    assert any(isinstance(value, MarkdownMetadataValue) for value in entries)
    for value in entries:
        text = str(value.value)
        assert steering(text) == []
        if isinstance(value, MarkdownMetadataValue):
            assert not any(hostile in text for hostile in ("evil", RUNS, "<", "javascript"))
    said = [asked, cli("queue"), cli("failed"), cli("failed", "--json"), *_about(cli, sessions)]
    printed = capfd.readouterr()
    for output in (*(done.stdout + done.stderr for done in said), printed.out, printed.err.replace("\x1b[34m", "")):
        assert steering(_without_dagsters_colours(output)) == []
        assert PRODUCT not in output
    assert steering(caplog.text) == []
    assert not Path("/tmp", OWNED_FILE).exists()  # noqa: S108 - where the page's words would make it
    server.drop(dagster_url)


def _without_dagsters_colours(text: str) -> str:
    return "".join(part.partition("m")[2] if at else part for at, part in enumerate(text.split("\x1b[")))


def _about(run_command: Callable[..., Any], sessions: list[Any]) -> list[Any]:
    ids = [str(session) for session, *_ in sessions]
    return [run_command("status", each, *how) for each in ids for how in ((), ("--json",))]


def _metadata(instance: DagsterInstance) -> list[Any]:
    """Every metadata value of every event about the two assets."""
    found: list[Any] = []
    for asset in map(AssetKey, ("audit_results", "fix_packs")):
        for record in instance.fetch_materializations(asset, limit=100).records:
            assert record.asset_materialization is not None
            found += record.asset_materialization.metadata.values()
        for record in instance.fetch_observations(asset, limit=100).records:
            assert record.asset_observation is not None
            found += record.asset_observation.metadata.values()
    return found
