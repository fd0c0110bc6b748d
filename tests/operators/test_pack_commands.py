"""The commands around fix packs and credits as they are typed, against a real database."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, insert, update
from typer.testing import CliRunner

from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.cli.console import err, out
from cynthia_pipeline.cli.main import app
from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.queue.model import SYSTEM_PROJECT
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.packs.acceptance import accept_new
from cynthia_pipeline.store.tables import cynthia_audits, fix_pack_requests, fix_packs

Cynthia = Callable[..., tuple[int, str]]


@pytest.fixture
def cynthia(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Cynthia:
    monkeypatch.setenv("CYNTHIA_DATABASE_URL", database_url)
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", database_url)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: object) -> tuple[int, str]:
        # The consoles are made once for a process; here each command has its own output.
        out.cache_clear()
        err.cache_clear()
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if isinstance(result.exception, UsageError):
            return 2, str(result.exception)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout

    return run


def told(answer: tuple[int, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer[1])
    return found


def an_audit(engine: Engine, user: UUID) -> UUID:
    issue = {
        "id": "i",
        "axis": "CLR",
        "severity": "major",
        "title": "t",
        "description": "d",
        "reason": "r",
        "impact": "i",
        "fix": {"type": "token_change", "description": "f", "measurements": {}},
    }
    row = {
        "project_id": SYSTEM_PROJECT,
        "user_id": user,
        "status": "completed",
        "target_type": "url",
        "target_value": "https://example.com/",
        "udec_scores": dict.fromkeys(Axis, 70),
        "issues_found_total": 1,
        "teaser_issues": [issue],
        "full_issues": [issue],
    }
    with engine.begin() as connection:
        audit: UUID = connection.execute(insert(cynthia_audits).values(row).returning(cynthia_audits.c.id)).scalar_one()
        return audit


def accept(engine: Engine) -> None:
    with engine.begin() as connection:
        accept_new(connection, database_now(connection))


def test_a_plan_is_set_shown_and_remembered(cynthia: Cynthia) -> None:
    user = uuid4()
    assert told(cynthia("credits", "show", user, "--json"))["plan"] == "free"
    assert cynthia("credits", "set-plan", user, "pro")[0] == 0
    shown = told(cynthia("credits", "show", user, "--json"))
    assert (shown["plan"], shown["monthly_credits"], shown["left"], shown["open_holds"]) == ("pro", 50, 50, 0)
    assert "50 of 50" in cynthia("credits", "show", user)[1]
    assert told(cynthia("credits", "set-plan", user, "pro", "--json"))["reset_at"] == shown["reset_at"]
    entries = told(cynthia("credits", "history", user, "--json"))["entries"]
    assert [(entry["kind"], entry["credits"]) for entry in entries] == [("plan_change", 50), ("opening", 0)]
    listed = cynthia("credits", "history", user)[1]
    assert "free to pro" in listed
    assert "+50" in listed
    assert cynthia("credits", "set-plan", user, "gold")[0] == 2


def test_a_request_is_inserted_followed_and_cancelled(cynthia: Cynthia, engine: Engine) -> None:
    user = uuid4()
    cynthia("credits", "set-plan", user, "starter")
    audit = an_audit(engine, user)
    asked = cynthia("fix-pack", audit, "token", "--user", user, "--key", "k", "--json")
    assert asked[0] == 0
    request = told(asked)["request_id"]
    assert (told(asked)["status"], told(asked)["credit"]) == ("pending", None)
    assert told(cynthia("fix-pack", audit, "token", "--user", user, "--key", "k", "--json"))["request_id"] == request
    assert told(cynthia("queue", "--json"))["fix_packs"]["due"] == 1
    accept(engine)
    assert told(cynthia("status", request, "--json"))["credit"] == "held"
    assert "held" in cynthia("status", request)[1]
    assert "fix packs" in cynthia("queue")[1]
    assert told(cynthia("credits", "show", user, "--json"))["open_holds"] == 1

    cancelled = told(cynthia("cancel", request, "--json"))
    assert cancelled["requests"] == [{"request_id": request, "outcome": "cancelled", "status": "failed"}]
    assert told(cynthia("credits", "show", user, "--json"))["left"] == 10
    assert cynthia("cancel", request)[0] == 1
    assert cynthia("status", uuid4())[0] == 2


def test_waiting_for_a_refused_request_says_why_and_fails(cynthia: Cynthia, engine: Engine) -> None:
    user = uuid4()
    audit = an_audit(engine, user)
    cynthia("fix-pack", audit, "token", "--user", user, "--key", "k")
    accept(engine)
    code, text = cynthia("fix-pack", audit, "token", "--user", user, "--key", "k", "--wait")
    assert code == 1
    assert "No credits are left" in text


def test_a_pack_is_applied_to_a_checkout_and_undone_at_no_further_charge(
    cynthia: Cynthia, engine: Engine, tmp_path: Path
) -> None:
    user = uuid4()
    cynthia("credits", "set-plan", user, "starter")
    audit = an_audit(engine, user)
    asked = ("fix-pack", audit, "token", "--user", user, "--key", "k")
    request = told(cynthia(*asked, "--json"))["request_id"]
    finish(engine, audit, user, UUID(request))
    page = tmp_path / "index.html"
    page.write_bytes(b"<p style='color: #aaa'>\xff</p>\r\n")
    before = page.read_bytes()

    code, text = cynthia(*asked, "--apply", tmp_path)
    assert (code, page.read_bytes()) == (0, before.replace(b"#aaa", b"#595959"))
    assert f"changed {page}" in text.replace("\n", "")
    again = cynthia(*asked, "--apply", tmp_path)
    assert again[0] == 2
    assert "nothing was changed" in again[1]
    assert cynthia(*asked, "--apply", tmp_path, "--reverse")[0] == 0
    assert page.read_bytes() == before
    assert cynthia(*asked, "--reverse") == (
        2,
        "--reverse says how --apply is meant: name the checkout with --apply DIR",
    )
    assert cynthia(*asked, "--apply", tmp_path / "nowhere")[0] == 2


def finish(engine: Engine, audit: UUID, user: UUID, request: UUID) -> None:
    """Makes a pack of one change and lets it be the request's."""
    diff = {"file": "index.html", "before": "color: #aaa", "after": "color: #595959", "linesChanged": 1}
    pack = {
        "audit_id": audit,
        "user_id": user,
        "type": "token",
        "title": "t",
        "description": "d",
        "patch_preview": {"diffs": [diff]},
        "files_affected": ["index.html"],
        "issues_fixed": ["i"],
    }
    with engine.begin() as connection:
        made = connection.execute(insert(fix_packs).values(pack).returning(fix_packs.c.id)).scalar_one()
        connection.execute(
            update(fix_pack_requests)
            .where(fix_pack_requests.c.id == request)
            .values(status="completed", fix_pack_id=made, progress=100)
        )


def test_failed_requests_are_listed_and_replayed(cynthia: Cynthia, engine: Engine) -> None:
    user = uuid4()
    audit = an_audit(engine, user)
    request = told(cynthia("fix-pack", audit, "token", "--user", user, "--json"))["request_id"]
    accept(engine)
    assert told(cynthia("failed", "--json"))["fix_packs"]["codes"][0]["newest"] == [request]
    assert told(cynthia("failed", "--kind", "fix-packs", "--json"))["fix_packs"]["failed"] == 1
    assert "no_credits" in cynthia("failed")[1]
    assert "Nothing failed" in cynthia("failed", "--kind", "audits")[1]
    bulk = ("replay", "--failed", "--kind", "fix-packs", "--since", "1h", "--json")
    assert told(cynthia("replay", "--failed", "--since", "1h", "--json"))["replayed"] == []
    assert told(cynthia(*bulk, "--dry-run"))["replayed"] == [request]
    assert told(cynthia("status", request, "--json"))["status"] == "failed"

    cynthia("credits", "set-plan", user, "starter")
    assert told(cynthia(*bulk))["replayed"] == [request]
    accept(engine)
    assert told(cynthia("status", request, "--json"))["credit"] == "held"
    assert cynthia("replay", request)[0] == 1
    cynthia("cancel", request)
    assert cynthia("replay", request)[0] == 0
    assert told(cynthia("status", request, "--json"))["status"] == "pending"


def test_packs_are_paused_and_go_on(cynthia: Cynthia) -> None:
    assert cynthia("pause", "fix-packs")[0] == 0
    assert told(cynthia("queue", "--json"))["fix_packs"]["paused"] is True
    assert told(cynthia("queue", "--json"))["pause"] is None
    assert "go on" in cynthia("resume", "fix-packs")[1]
