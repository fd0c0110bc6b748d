"""Writes .env.example and docs/settings.md from the settings' own descriptions: `make settings`.

With --check it writes nothing, and exits with 1 if a file is not what it would write.
"""

import sys
from enum import Enum
from pathlib import Path

from pydantic.fields import FieldInfo

from cynthia_pipeline.settings import Settings, environment_names

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Writes or checks both files; returns the exit code."""
    wanted = {ROOT / ".env.example": example(), ROOT / "docs" / "settings.md": table()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale: run `make settings`\n")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path])
    return 0


def example() -> str:
    """.env.example: every setting with its default, commented out."""
    lines = ["# Every setting, with its default. Nothing reads this file by itself: load it with your process manager,"]
    lines += ["# or in a shell with `set -a; . ./.env; set +a`.", ""]
    for name, field in Settings.model_fields.items():
        lines += [f"# {field.description}", f"#{environment_names()[name]}={_default(field)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def table() -> str:
    """docs/settings.md: every setting as a table."""
    lines = ["# Settings", "", "Read once from the environment when a process starts; an empty value counts as unset."]
    lines += ["Written from the code by `make settings`.", "", "| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = _default(field)
        shown = f"`{default}`" if default else "–"
        lines.append(f"| `{environment_names()[name]}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
