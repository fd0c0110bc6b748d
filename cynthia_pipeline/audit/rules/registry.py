"""Every rule there is, in the order of the report's records. A rule that is not listed here does not run."""

from cynthia_pipeline.audit.rules import (
    axe,
    control_contrast,
    line_metrics,
    link_colour,
    mobile_text,
    overflow,
    palette,
    pointer_only,
    target_size,
    text_contrast,
    text_size,
    text_style,
    type_system,
    viewport_meta,
)
from cynthia_pipeline.audit.rules.model import Rule

RULES: tuple[Rule, ...] = (
    *text_contrast.RULES,
    *control_contrast.RULES,
    *link_colour.RULES,
    *palette.RULES,
    *text_size.RULES,
    *line_metrics.RULES,
    *text_style.RULES,
    *type_system.RULES,
    *overflow.RULES,
    *viewport_meta.RULES,
    *mobile_text.RULES,
    *target_size.RULES,
    *pointer_only.RULES,
    *axe.RULES,
)
