"""The documents say what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cynthia_pipeline.settings import Settings, environment_names, load_settings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("script", ["settings_reference.py", "rules_reference.py"])
def test_what_is_written_from_the_code_is_what_the_code_says(script: str) -> None:
    check = [sys.executable, str(ROOT / "scripts" / script), "--check"]
    assert subprocess.run(check, capture_output=True, text=True, check=False).stderr == ""


def test_every_setting_is_in_the_example_and_in_the_table() -> None:
    for document in (".env.example", "docs/settings.md"):
        text = (ROOT / document).read_text()
        for name, variable in environment_names().items():
            assert variable in text
            assert (Settings.model_fields[name].description or "without description") in text


def test_the_example_gives_the_defaults() -> None:
    given = re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert load_settings(dict(given)) == load_settings({})


def test_the_readme_names_every_command_and_make_target() -> None:
    readme = (ROOT / "README.md").read_text()
    shown = subprocess.run(
        [str(Path(sys.executable).with_name("cynthia")), "--help"],
        env={"COLUMNS": "200", "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    commands = re.findall(r"^│ ([a-z-]+) +", shown.split("Commands", 1)[1], flags=re.MULTILINE)
    assert len(commands) >= 9
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert [command for command in commands if f"`cynthia {command}" not in readme] == []
    assert [target for target in targets if f"`make {target}" not in readme] == []


def test_help_imports_nothing_slow() -> None:
    probe = (
        "import sys; sys.argv = ['cynthia', '--help']\n"
        "from cynthia_pipeline.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "slow = {'dagster', 'playwright', 'sqlalchemy', 'psycopg', 'pandas', 'PIL'} & set(sys.modules)\n"
        "sys.exit(f'imported {slow}' if slow else 0)"
    )
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
