"""What a fixer proposes: for some faults, one or more ways to mend them, the best first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cynthia_pipeline.fix_packs.drafts import DraftKind
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


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Words that a way puts on the page, taken from the page's own. Each is one of its own, whatever it says.

    Attributes:
        words: as they are drafted.
        write: the same way with other words; None where they would change nothing.
        about: what is known of the place: element, text around it, file, address.
        begins: what the words have to begin with: those that are seen there.
    """

    kind: DraftKind
    words: str
    write: "Callable[[str], Way | None]" = field(repr=False)
    about: Mapping[str, str] = field(default_factory=dict)
    begins: str = ""


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
        draft: the words that it puts on the page, where others could stand as well.
        adds: words that it adds to the page, which are seen with the focus alone.
        author: the language model that worded it; empty for all others.
    """

    state: FixState
    description: str
    edits: tuple[SourceEdit, ...] = ()
    overrides: tuple[Override, ...] = ()
    decorative: bool = False
    renames: bool = False
    restructures: bool = False
    sets: tuple[tuple[str, str], ...] = ()
    draft: Draft | None = None
    adds: tuple[str, ...] = ()
    author: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """For some faults, the ways to mend them.

    Attributes:
        touched: selectors of the elements that it changes.
    """

    faults: tuple[FaultKey, ...]
    ways: tuple[Way, ...]
    touched: tuple[str, ...]

    def divided(self, way: int, paths: Iterable[str]) -> "tuple[Remedy, Remedy] | None":
        """A remedy for the elements at `paths` and one for its other elements, from this way on.

        None where it cannot be divided: one part would be empty, or a way from this one on is not a rule that names
        each element by itself.
        """
        wanted = frozenset(paths)
        parts = self._only(way, wanted), self._only(way, frozenset(self.touched) - wanted)
        first, second = parts
        return None if first is None or second is None else (first, second)

    def _only(self, way: int, paths: frozenset[str]) -> "Remedy | None":
        faults = tuple(key for key in self.faults if key[1] in paths)
        named = {path for _, path in self.faults}
        ways = tuple(_narrowed(later, paths, named) for later in self.ways[way:])
        if not faults or any(later is None for later in ways):
            return None
        touched = tuple(path for path in self.touched if path in paths)
        return Remedy(faults, tuple(later for later in ways if later is not None), touched)


def _narrowed(way: Way, paths: frozenset[str], named: Iterable[str]) -> Way | None:
    """The part of a way that concerns these elements; None if that cannot be told apart."""
    if way.edits or not way.overrides:
        return None
    overrides = []
    for override in way.overrides:
        meant = {selector: _element_of(selector, named) for selector in override.selectors}
        if None in meant.values():
            return None
        selectors = tuple(selector for selector, path in meant.items() if path in paths)
        if selectors:
            overrides.append(replace(override, selectors=selectors))
    return replace(way, overrides=tuple(overrides)) if overrides else None


def _element_of(selector: str, named: Iterable[str]) -> str | None:
    """Which of the elements a selector means: it is the element's own, or that with a pseudo-element behind it."""
    element, _, _ = selector.partition("::")
    return element if element in named else None


def stylesheet(overrides: Sequence[Override]) -> str:
    """The text of the stylesheet that holds these rules; those that follow each other and say the same become one."""
    rules: list[Override] = []
    for override in dict.fromkeys(overrides):
        last = rules[-1] if rules else None
        if last is not None and (last.declarations, last.condition) == (override.declarations, override.condition):
            rules[-1] = replace(last, selectors=tuple(dict.fromkeys((*last.selectors, *override.selectors))))
        else:
            rules.append(override)
    return "\n".join(rule.css() for rule in rules)
