"""Which findings a pack of a type is about. Asked before anything is charged, and by the maker itself."""

from cynthia_pipeline.audit.report import Issue
from cynthia_pipeline.fix_packs.ports import FixPackType


def in_scope(issue: Issue, pack: FixPackType) -> bool:
    """Whether a pack of this type may mend the issue: its fix is a change of that kind."""
    return issue.fix.type is pack.fix_type
