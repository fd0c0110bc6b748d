"""What a fixer proposes: for some faults, one or more ways to mend them, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass

from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.faults import FaultKey
from cynthia_pipeline.fix_packs.ports import FixState


@dataclass(frozen=True, slots=True)
class Override:
    """A rule for the stylesheet that a pack adds to the page.

    Attributes:
        condition: of the @media block around it; empty for none.
    """

    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]
    condition: str = ""

    def css(self) -> str:
        """As it is written."""
        body = "".join(f"  {name}: {value};\n" for name, value in self.declarations)
        rule = ",\n".join(self.selectors) + " {\n" + body + "}\n"
        if not self.condition:
            return rule
        indented = "".join(f"  {line}\n" for line in rule.splitlines())
        return f"@media {self.condition} {{\n{indented}}}\n"


@dataclass(frozen=True, slots=True)
class SourceEdit:
    """A change of one of the page's files, by its address."""

    url: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Way:
    """One way to mend.

    Attributes:
        state: whether a reader has to look at it.
        description: what it does, one phrase.
        decorative: it says of pictures that they carry nothing, so that assistive technology leaves them out.
        renames: it gives the touched elements another role on purpose.
        restructures: it adds, wraps or renames elements, so that selectors by place may lead elsewhere behind it.
        sets: CSS values that it brings about, as (property, value).
    """

    state: FixState
    description: str
    edits: tuple[SourceEdit, ...] = ()
    overrides: tuple[Override, ...] = ()
    decorative: bool = False
    renames: bool = False
    restructures: bool = False
    sets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Remedy:
    """For some faults, the ways to mend them.

    Attributes:
        touched: selectors of the elements that it changes.
    """

    faults: tuple[FaultKey, ...]
    ways: tuple[Way, ...]
    touched: tuple[str, ...]


def stylesheet(overrides: Sequence[Override]) -> str:
    """The text of the stylesheet that holds these rules."""
    return "\n".join(override.css() for override in dict.fromkeys(overrides))
