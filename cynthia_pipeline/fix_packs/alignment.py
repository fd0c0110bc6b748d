"""Which element of the patched page is which of the original one."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

from cynthia_pipeline.audit.artifacts import Element, ViewportArtifacts

Pairs: TypeAlias = Mapping[int, int]
"""Index before -> index after. What is missing on the left was added, what is missing on the right is gone."""

_Signature: TypeAlias = tuple[str, str, str]


def aligned(before: ViewportArtifacts, after: ViewportArtifacts) -> Pairs:
    """Pairs the elements of two measurements of what should be the same page, in document order.

    An element that got another tag in the same place is still the same one.
    """
    first, second = _signatures(before.elements), _signatures(after.elements)
    if first == second or [tag for tag, _, _ in first] == [tag for tag, _, _ in second]:
        return {index: index for index in range(len(first))}
    head = _shared(first, second)
    tail = min(_shared(first[::-1], second[::-1]), len(first) - head, len(second) - head)
    pairs = {index: index for index in range(head)}
    pairs.update({len(first) - 1 - step: len(second) - 1 - step for step in range(tail)})
    middle, other = first[head : len(first) - tail], second[head : len(second) - tail]
    for kind, start, end, to, end_to in SequenceMatcher(None, middle, other, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and end - start == end_to - to):
            pairs.update({head + start + step: head + to + step for step in range(end - start)})
    return pairs


def _signatures(elements: Sequence[Element]) -> list[_Signature]:
    return [(element.tag, element.id, element.text[:40]) for element in elements]


def _shared(first: Sequence[_Signature], second: Sequence[_Signature]) -> int:
    """How many signatures agree from the beginning."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
