"""Secrets are planted in every setting that takes one, work is done with them, and then everything is searched."""

import json
import shutil
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from dagster import DagsterInstance, build_sensor_context
from psycopg import sql
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.cli.main import app
from cynthia_pipeline.definitions import build_defs
from cynthia_pipeline.engines import open_audit_engine
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors.build_sessions import build_session_sensor
from cynthia_pipeline.sensors.rescue import rescue_sensor

_DAGSTER_YAML = Path(__file__).parents[2] / "dagster.yaml"

APP, DAGSTER, TOKEN, TYPED = "app-1f0c7e55", "dagster-94d2b1a0", "token-7bd0e3c6", "typed-c03f9d21"
"""Passwords of the two databases, the Audit API's token, and one that a user typed into an address."""


class EchoingApi(BaseHTTPRequestHandler):
    """An Audit API that carries its caller's token into all it answers."""

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = self.headers["Authorization"]
        report = {
            "product": f"stub for {said}",
            "version": "1",
            "overall_score": 70,
            "udec_scores": dict.fromkeys(Axis, 70),
            "issues_found_total": 0,
            "teaser_issues": [],
            "full_issues": [],
            "fix_packs": [],
            "details": {"caller": said},
        }
        status, body = (401, f"not you, {said}") if "refused" in asked else (200, json.dumps(report))
        self.send_response(status, f"for {said}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def api() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), EchoingApi)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/audits"
    server.shutdown()
    server.server_close()


def with_password(url: str, password: str) -> str:
    """The same server; it trusts its socket and does not ask for the password."""
    return make_url(url).set(password=password).render_as_string(hide_password=False)


def everything_in(url: str) -> str:
    """All rows of all tables as text, with what is compressed unpacked."""
    found: list[str] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))):
                for value in row:
                    found.append(repr(value))
                    if isinstance(value, bytes):
                        with suppress(zlib.error):
                            found.append(zlib.decompress(value).decode(errors="replace"))
    return "\n".join(found)


def test_no_secret_leaves_the_settings(
    server: Any,
    database_url: str,
    api: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    shutil.copy(_DAGSTER_YAML, tmp_path)
    dagster_url = server.create()
    environment = {
        "CYNTHIA_DATABASE_URL": with_password(database_url, APP),
        "CYNTHIA_DAGSTER_POSTGRES_URL": with_password(dagster_url, DAGSTER),
        "CYNTHIA_AUDIT_ENGINE": "remote",
        "CYNTHIA_AUDIT_API_URL": api,
        "CYNTHIA_AUDIT_API_TOKEN": TOKEN,
        "CYNTHIA_HOME": str(tmp_path / "home"),
        "CYNTHIA_LINGER_S": "0",
        "CYNTHIA_MAX_ATTEMPTS": "1",
    }
    monkeypatch.setenv(
        "DAGSTER_POSTGRES_URL", with_password(dagster_url, DAGSTER).replace("postgresql://", "postgresql+psycopg2://")
    )
    with psycopg.connect(database_url) as connection:
        for value in ("https://good.test/", "https://refused.test/", f"https://ann:{TYPED}@site.test/"):
            connection.execute("INSERT INTO build_sessions (input_type, input_value) VALUES ('url', %s)", (value,))

    pipeline = Pipeline(environment=environment, open_audit_engine=open_audit_engine)
    with DagsterInstance.from_config(str(tmp_path)) as instance:
        for sensor in (build_session_sensor, rescue_sensor):
            sensor(build_sensor_context(instance=instance, resources={"pipeline": pipeline}))
        job = build_defs({"pipeline": pipeline}).resolve_job_def("audit_results_job")
        assert job.execute_in_process(instance=instance).success
        assert len(instance.get_dynamic_partitions("build_sessions")) == 2
    asked = (["doctor", "--json"], ["doctor"], ["queue", "--json"], ["queue"], ["failed", "--json"])
    said = [CliRunner().invoke(app, words, env={**environment, "COLUMNS": "200"}).output for words in asked]
    wrong = make_url(environment["CYNTHIA_DATABASE_URL"]).update_query_dict({"host": str(tmp_path)})
    away = {**environment, "CYNTHIA_DATABASE_URL": wrong.render_as_string(hide_password=False)}
    said += [CliRunner().invoke(app, [command], env=away).output for command in ("queue", "doctor", "migrate")]
    files = [path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    printed = capfd.readouterr()
    app_rows, dagster_rows = everything_in(database_url), everything_in(dagster_url)
    server.drop(dagster_url)

    assert "good.test" in app_rows
    assert "good.test" in dagster_rows
    assert "[token]" in app_rows, "the service did echo the token"
    told = "\n".join(
        [app_rows, dagster_rows, *said, *files, printed.out, printed.err, caplog.text, repr(pipeline.settings)]
    )
    assert [secret for secret in (APP, DAGSTER, TOKEN) if secret in told] == []
    # What a user typed stays in the web app's row and in the audit made of it, and goes nowhere else.
    assert TYPED not in "\n".join([dagster_rows, *said, *files, printed.out, printed.err, caplog.text])
