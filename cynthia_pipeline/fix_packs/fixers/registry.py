"""Every fixer there is, in the order in which they are asked. The first one that knows a fault has it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from cynthia_pipeline.audit.artifacts import ViewportArtifacts
from cynthia_pipeline.audit.rules.model import Rule
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.fix_packs.faults import Fault
from cynthia_pipeline.fix_packs.fixers import (
    announced,
    attributes,
    contrast,
    declared,
    document,
    focus,
    form_groups,
    headings,
    identifiers,
    images,
    landmarks,
    link_texts,
    links,
    lists,
    markup,
    media,
    motion,
    obsolete,
    states,
    style_rules,
    tables,
    targets,
)
from cynthia_pipeline.fix_packs.page import FixablePage, Look, look
from cynthia_pipeline.fix_packs.remedies import Remedy

Fixer: TypeAlias = Callable[[FixablePage, Sequence[Fault]], Iterable[Remedy]]

FIXERS: Final[tuple[Fixer, ...]] = (
    contrast.remedies,
    targets.remedies,
    links.remedies,
    document.remedies,
    landmarks.remedies,
    headings.remedies,
    lists.remedies,
    tables.remedies,
    images.remedies,
    media.remedies,
    link_texts.remedies,
    announced.remedies,
    form_groups.remedies,
    states.remedies,
    markup.remedies,
    identifiers.remedies,
    obsolete.remedies,
    motion.remedies,
    focus.remedies,
    style_rules.remedies,
    attributes.remedies,
    declared.remedies,
)

_MOST_ASKED: Final = 80
"""Elements of one view whose declarations are asked for; each costs the browser some milliseconds."""


def remedies(page: FixablePage) -> Iterator[Remedy]:
    """What all fixers propose for the page's faults, each fault by one of them."""
    taken: set[tuple[str, str]] = set()
    for fixer in FIXERS:
        left = [fault for fault in page.faults if fault.key not in taken]
        for remedy in fixer(page, left):
            if remedy.ways and not taken.issuperset(remedy.faults):
                taken.update(remedy.faults)
                yield remedy


def asked(view: ViewportArtifacts, rules: Iterable[Rule] = RULES) -> Iterator[int]:
    """The elements whose declarations fixers of CSS will want to mend what these rules find: one of each look."""
    seen: set[Look] = set()
    for rule in rules:
        if view.viewport not in rule.viewports or not (rule.id in contrast.RULES or not rule.id.startswith("axe-")):
            continue
        for finding in rule.check(view).findings:
            if finding.element is None or len(seen) >= _MOST_ASKED:
                continue
            kind = look(view, finding.element)
            if kind not in seen:
                seen.add(kind)
                yield finding.element.index
