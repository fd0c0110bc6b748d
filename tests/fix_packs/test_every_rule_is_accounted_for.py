"""docs/fix-packs.md says of every rule whether it has a fixer, and names no rule that there is not."""

import re
from collections import Counter
from pathlib import Path

from cynthia_pipeline.audit.rules.registry import RULES

SECTION = re.compile(r"## Which rules have a fixer\n(.*?)\n## ", re.DOTALL)
NAME = re.compile(r"\b[a-z]{3}-[a-z0-9-]+")


def test_each_rule_is_in_one_of_the_lists_and_only_there() -> None:
    document = (Path(__file__).parents[2] / "docs" / "fix-packs.md").read_text(encoding="utf-8")
    section = SECTION.search(document)
    assert section is not None
    rows = (line.split("|")[1:3] for line in section[1].splitlines() if line.startswith("| "))
    named = Counter(name for cells in rows for cell in cells for name in NAME.findall(cell))
    known = {rule.id for rule in RULES}
    assert {name: count for name, count in named.items() if name in known and count > 1} == {}
    assert known - set(named) == set()
    prefixes = {rule.id.partition("-")[0] for rule in RULES}
    assert {name for name in named if name.partition("-")[0] in prefixes} - known == set()
