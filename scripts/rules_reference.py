"""Writes docs/rules.md, every rule of an audit, from the rules themselves: `make rules`.

With --check it writes nothing, and exits with 1 if the file is not what it would write.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from cynthia_pipeline.audit.report import Axis
from cynthia_pipeline.audit.rules.model import Rule
from cynthia_pipeline.audit.rules.reference import without_values
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.texts import texts_for

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "rules.md"
_HEAD = """\
# Rules

Every rule of an audit, by axis: what a report says when it fails, what is measured, and whose threshold that is.
… stands for what was measured. `cynthia rules RULE` explains one. Written from the code by `make rules`.
How findings become scores is in [scoring](scoring.md), and which rules have a fixer in [fix packs](fix-packs.md)."""


def main() -> int:
    """Writes or checks the file; returns the exit code."""
    wanted = "\n".join(document()) + "\n"
    is_stale = not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != wanted
    if "--check" in sys.argv[1:]:
        if is_stale:
            sys.stderr.write(f"{DOCUMENT.relative_to(ROOT)} is stale: run `make rules`\n")
        return int(is_stale)
    DOCUMENT.write_text(wanted, encoding="utf-8")
    return 0


def document() -> Iterator[str]:
    """The lines of docs/rules.md: a table for each axis."""
    yield _HEAD
    words = texts_for(Language.ENGLISH)
    for axis in Axis:
        rules = [rule for rule in RULES if rule.axis is axis]
        yield ""
        yield f"## {words.axis_names[axis]} ({axis.value})"
        yield ""
        yield words.axis_meanings[axis]
        yield ""
        yield "| rule | what it says | what it measures | source |"
        yield "|---|---|---|---|"
        yield from map(row, rules)


def row(rule: Rule) -> str:
    """One rule."""
    title = without_values(rule.texts[Language.ENGLISH].title)
    cells = (f"`{rule.id}`", title, rule.measures, rule.source)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
