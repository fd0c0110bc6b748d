"""What `make audit-deps` makes of pip-audit's report."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit_deps.py"
SOUND = {"name": "yarl", "version": "1.25.1", "vulns": []}
HOLED = {"name": "h11", "version": "0.14", "vulns": [{"id": "PYSEC-1", "fix_versions": ["0.16"], "aliases": []}]}
SKIPPED = {"name": "ours", "skip_reason": "not found"}


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_deps", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("argument", "report", "problem", "told"),
    [
        ("", [SOUND], "", (0, "1 packages audited, 0 with a known hole", "")),
        ("", [SOUND, HOLED], "", (1, "h11 0.14: PYSEC-1, mended in 0.16", "")),
        ("", [SKIPPED], "", (0, "", "1 packages were not audited")),
        ("--strict", [SKIPPED, SOUND], "", (1, "1 packages audited", "1 packages were not audited")),
        ("", [], "no answer", (0, "", "not audited: no answer")),
        ("--strict", [], "no answer", (1, "", "not audited: no answer")),
        ("--strict", [SOUND], "", (0, "1 packages audited", "")),
    ],
)
def test_nothing_asked_is_never_called_sound(
    script: ModuleType,
    argument: str,
    report: list[dict[str, object]],
    problem: str,
    told: tuple[int, str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["audit_deps", *([argument] if argument else [])])
    monkeypatch.setattr(script, "ask", lambda: ({"dependencies": report}, problem))
    code, out, err = told
    assert script.main() == code
    said = capsys.readouterr()
    assert (out in said.out) if out else said.out == ""
    assert (err in said.err) if err else said.err == ""
