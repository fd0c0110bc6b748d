"""Every rule says the same things in both languages, and its placeholders are filled."""

import string

import pytest

from cynthia_pipeline.audit.rules.axe_tags import AXE_TAGS
from cynthia_pipeline.audit.rules.axe_texts import AXE_TEXTS
from cynthia_pipeline.audit.rules.model import Rule, Texts
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.messages import Language

PARTS = ("title", "description", "reason", "impact", "fix")


def placeholders(texts: Texts) -> set[str]:
    everything = " ".join(getattr(texts, part) for part in PARTS)
    return {name for _, name, _, _ in string.Formatter().parse(everything) if name is not None}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_both_languages_name_the_same_facts(rule: Rule) -> None:
    english, spanish = rule.texts[Language.ENGLISH], rule.texts[Language.SPANISH]
    for part in PARTS:
        assert getattr(english, part).strip()
        assert getattr(spanish, part).strip()
    assert placeholders(english) == placeholders(spanish)
    assert english.description != spanish.description
    assert english.fix != spanish.fix


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_what_rules_absorb_exists() -> None:
    assert {name for rule in RULES for name in rule.absorbs} <= set(AXE_TEXTS)


def test_the_two_tables_of_axe_agree() -> None:
    assert set(AXE_TEXTS) == set(AXE_TAGS)
