"""`cynthia audit` and `cynthia report` as a user starts them: real processes, real browser, real Postgres."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, insert, select, update

from cynthia_pipeline.audit.engine import AuditResult, Evidence
from cynthia_pipeline.audit.report import Axis, Report
from cynthia_pipeline.cli.main import main
from cynthia_pipeline.cli.report import session_report
from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.queue.model import Limits
from cynthia_pipeline.store.acceptance import accept_new
from cynthia_pipeline.store.claims import claim
from cynthia_pipeline.store.database import Database
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.outcomes import complete
from cynthia_pipeline.store.tables import build_sessions

COMMAND = str(Path(sys.executable).parent / "cynthia")
PAGE = b"""<!doctype html><title>\x1b]0;owned\x07Bakery</title><h1>Bread</h1><p style="color:#aaa">Pale words.</p>"""


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        missing = self.path == "/missing"
        self.send_response(404 if missing else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"missing" if missing else PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CYNTHIA_", "DAGSTER_"))}
    environment = kept | {"CYNTHIA_ALLOW_HOSTS": "127.0.0.1", "COLUMNS": "80"} | variables
    return subprocess.run(  # noqa: PLW1510 - the exit code is what is tested
        [COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
    )


def test_an_audit_prints_json_writes_the_file_and_fails_under_its_threshold(site: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    sarif = tmp_path / "report.sarif"
    files = ("--html", str(file), "--sarif", str(sarif))
    done = run("audit", site, "--json", *files, "--fail-under", "100", "--language", "es")
    assert done.returncode == 1, done.stderr
    report = Report.model_validate_json(done.stdout)
    assert report.overall_score is not None
    assert set(json.loads(done.stdout)["udec_scores"]) == set(Axis)
    assert "elementPath" in json.loads(done.stdout)["full_issues"][0]
    assert done.stderr == f"cynthia: the score {report.overall_score}, below 100\n"
    document = file.read_text(encoding="utf-8")
    assert '<html lang="es">' in document
    assert "data:image/jpeg;base64," in document
    log = json.loads(sarif.read_text(encoding="utf-8"))
    assert len(log["runs"][0]["results"]) == report.issues_found_total


def test_the_score_card_of_an_idea_needs_no_address(tmp_path: Path) -> None:
    done = run("audit", "--idea", "A bakery in Madrid", "--fail-under", "50", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "of 100" in done.stdout
    assert "Bakery" in done.stdout
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout


def test_a_page_that_cannot_be_audited_is_one_clear_line(site: str) -> None:
    done = run("audit", f"{site}missing", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error_code"] == "http_client_error"
    (line,) = done.stderr.splitlines()
    assert "404" in line


def test_a_refused_address_names_the_way_to_allow_it(site: str) -> None:
    done = run("audit", site, CYNTHIA_ALLOW_HOSTS="")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "CYNTHIA_ALLOW_HOSTS" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("https://example.org/", "--idea", "both"),
        ("file:///etc/passwd",),
        ("not an address at all",),
        ("https://example.org/", "--html", "/no/such/folder/report.html"),
        ("https://example.org/", "--html", "/"),
        ("https://example.org/", "--sarif", "/no/such/folder/report.sarif"),
        ("https://example.org/", "--fail-under", "101"),
        ("https://example.org/", "--language", "xx"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["cynthia", "audit", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("cynthia: ")
    assert len(told.err.splitlines()) == 1


@pytest.fixture
def completed_session(engine: Engine, report: Callable[..., Report], evidence: Callable[..., Evidence]) -> UUID:
    """A session whose audit is completed and stored, in Spanish."""
    with engine.begin() as connection:
        connection.execute(
            insert(build_sessions).values(input_type="url", input_value="https://example.org/", language="es")
        )
        accept_new(connection, database_now(connection))
    with engine.begin() as connection:
        (claimed,) = claim(
            connection,
            slots=1,
            limits=Limits(at_once=1, per_owner=1, per_host=1),
            lease_s=60,
            run_id="run",
            now=database_now(connection),
        )
    with engine.begin() as connection:
        result = AuditResult(report("stored"), (evidence("page-desktop"),))
        complete(connection, claimed.id, claimed.lease, result, database_now(connection))
        session: UUID = connection.execute(select(build_sessions.c.id)).scalar_one()
    return session


def test_a_stored_report_is_written(completed_session: UUID, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    done = run("report", str(completed_session), "--html", str(file), CYNTHIA_DATABASE_URL=database_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == str(file)
    document = file.read_text(encoding="utf-8")
    assert '<html lang="es">' in document
    assert "Auditada el" in document
    assert "tstored" in document
    assert "data:image/webp;base64," in document


def test_a_report_that_is_not_there_says_why(
    completed_session: UUID, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    done = run("report", str(uuid4()), "--html", str(tmp_path / "r.html"), CYNTHIA_DATABASE_URL=database_url)
    assert done.returncode == 2
    assert "there is no session" in done.stderr
    assert not (tmp_path / "r.html").exists()
    database = Database(database_url)
    for status, words in (
        ("pending", "waits"),
        ("running", "being audited"),
        ("failed", "failed"),
        ("completed", "deleted"),
    ):
        with engine.begin() as connection:
            connection.execute(update(build_sessions).values(audit_status=status, audit_id=None))
        with pytest.raises(UsageError, match=words):
            session_report(database, completed_session)
    database.close()
