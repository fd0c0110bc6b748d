"""Every rule says the same things in both languages, and its placeholders are filled."""

import re
import string
from importlib.resources import files

import pytest

from cynthia_pipeline.audit.rules.axe_act import AXE_ACT
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


def test_the_tables_of_axe_agree() -> None:
    assert set(AXE_TEXTS) == set(AXE_TAGS)
    assert set(AXE_ACT) <= set(AXE_TEXTS)


def test_the_act_rules_of_axe_are_those_that_the_release_declares() -> None:
    source = files("cynthia_pipeline.browser").joinpath("vendor", "axe-core", "axe.min.js").read_text("utf-8")
    declared = re.findall(r'\{id:"([\w-]+)",impact:[^{}]*?actIds:\[([^\]]*)\]', source)
    assert {rule: tuple(re.findall(r"\w+", ids)) for rule, ids in declared} == AXE_ACT


def test_a_rule_knows_the_criteria_that_its_source_cites() -> None:
    rules = {rule.id: rule for rule in RULES}
    assert rules["clr-text-contrast"].criteria == ("1.4.3",)
    assert "4.1.2" in rules["axe-button-name"].criteria
