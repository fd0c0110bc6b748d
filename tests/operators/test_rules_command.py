"""`cynthia rules` as it is typed."""

import json

import pytest
from typer.testing import CliRunner

from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.cli.console import err, out
from cynthia_pipeline.cli.main import app
from cynthia_pipeline.errors import UsageError


def typed(*arguments: str) -> str:
    """The command's standard output at 120 columns."""
    out.cache_clear()
    err.cache_clear()
    result = CliRunner().invoke(app, ["rules", *arguments], env={"COLUMNS": "120"}, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_every_rule_is_listed() -> None:
    shown = typed()
    assert [rule.id for rule in RULES if f" {rule.id} " not in shown] == []
    assert f"{len(RULES)} rules" in shown


def test_an_axis_has_its_own() -> None:
    found = json.loads(typed("--axis", "SPC", "--json"))["rules"]
    assert {rule["axis"] for rule in found} == {"SPC"}
    assert [rule["id"] for rule in found] == [rule.id for rule in RULES if rule.axis.value == "SPC"]


def test_one_rule_is_explained_with_its_source_and_criteria() -> None:
    [rule] = json.loads(typed("mot-autoplay", "--json"))["rules"]
    assert rule["criteria"] == ["2.2.2"]
    shown = typed("mot-autoplay")
    assert rule["source"] in shown
    assert rule["fix"] in " ".join(shown.split())


def test_texts_come_in_the_language_that_is_asked_for_and_without_placeholders() -> None:
    english, spanish = (json.loads(typed("--language", language, "--json"))["rules"] for language in ("en", "es"))
    assert all(one["title"] != other["title"] for one, other in zip(english, spanish, strict=True))
    assert not any("{" in rule["title"] + rule["impact"] for rule in (*english, *spanish))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("mot-autopaly",), "there is no rule mot-autopaly: mot-autoplay"),
        (("nothing at all",), "`cynthia rules` lists them"),
        (("mot-autoplay", "--axis", "SPC"), "mot-autoplay is not of the axis SPC"),
    ],
)
def test_what_cannot_be_found_is_said_with_what_comes_near(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        typed(*arguments)
