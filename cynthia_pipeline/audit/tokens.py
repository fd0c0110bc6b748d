"""Issues -> changes of design tokens: the value as measured, the value that mends, and where it is used."""

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from cynthia_pipeline.audit.declared import Style, style_in
from cynthia_pipeline.audit.report import FixType, Issue, TokenChange

TokenType: TypeAlias = Literal["color", "spacing", "typography", "motion"]

_TYPES: Final[tuple[tuple[TokenType, tuple[str, ...]], ...]] = (
    ("motion", ("animation", "transition", "scroll-behavior")),
    ("color", ("color", "background", "border-color", "outline-color", "fill", "stroke")),
    ("spacing", ("margin", "padding", "gap", "row-gap", "column-gap", "width", "height", "min-", "max-", "inset")),
)
"""The beginnings of property names, by what kind of token holds their values; all else is typography."""


def token_changes(issues: Iterable[Issue]) -> tuple[TokenChange, ...] | None:
    """One change for each issue that a token mends and whose fix is exact; None if there are none."""
    changes = tuple(change for issue in issues if (change := _change(issue)) is not None)
    return changes or None


def _change(issue: Issue) -> TokenChange | None:
    if issue.fix.type is not FixType.TOKEN or issue.fix.before is None or issue.fix.after is None:
        return None
    before, after = style_in(issue.fix.before), style_in(issue.fix.after)
    if before is None or after is None:
        return None
    paths = (issue.element_path, *issue.element_paths)
    return TokenChange(
        type=_type(after),
        before=dict(before.declarations),
        after=dict(after.declarations),
        affected_components=tuple(f"{path}{after.pseudo}" for path in paths if path),
    )


def _type(style: Style) -> TokenType:
    name = style.declarations[0][0]
    return next((kind for kind, beginnings in _TYPES if name.startswith(beginnings)), "typography")
