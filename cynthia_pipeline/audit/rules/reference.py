"""What there is to know of a rule without a page: for `cynthia rules` and docs/rules.md."""

import re
from collections.abc import Mapping
from typing import Final

from cynthia_pipeline.audit.rules.model import Rule
from cynthia_pipeline.messages import Language

_PLACEHOLDER: Final = re.compile(r"\{[a-z_0-9]+\}")


def described(rule: Rule, language: Language) -> Mapping[str, object]:
    """The rule's facts, and its texts with … where a report has what was measured. Ready for JSON."""
    texts = rule.texts[language]
    return {
        "id": rule.id,
        "axis": rule.axis.value,
        "title": without_values(texts.title),
        "measures": rule.measures,
        "source": rule.source,
        "criteria": list(rule.criteria),
        "fix_type": rule.fix_type.value,
        "views": [view.value for view in rule.viewports],
        "act_rules": list(rule.act_rules),
        "merges_axe_rules": list(rule.absorbs),
        "reason": without_values(texts.reason),
        "impact": without_values(texts.impact),
        "fix": without_values(texts.fix),
    }


def without_values(template: str) -> str:
    """A text with … for each placeholder."""
    return _PLACEHOLDER.sub("…", template)
