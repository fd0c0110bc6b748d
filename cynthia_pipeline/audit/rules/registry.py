"""Every rule there is, in the order of the report's records. A rule that is not listed here does not run."""

from cynthia_pipeline.audit.rules import axe
from cynthia_pipeline.audit.rules.model import Rule

RULES: tuple[Rule, ...] = (*axe.RULES,)
