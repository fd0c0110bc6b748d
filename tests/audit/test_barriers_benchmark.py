"""The barriers benchmark on a small folder of two barriers: what the shell fails too is no word about the barrier."""

import asyncio
import json
from pathlib import Path

import pytest

from benchmarks.engine.barriers import emptied, read_barriers, read_judgement, run, summary, table

PAGE = '<!doctype html><html lang="en"><head><title>{title}</title></head><body><main>{body}</main></body></html>'
SETS = {
    "Pictures": {
        "A picture isn't named: it has no alt": {"example": '<img src="dot.svg">'},
        "A picture is told of twice": {"example": '<a href="example-pages/twice.html">A page that tells twice</a>'},
    }
}


def write_set(folder: Path) -> None:
    (folder / "tests").mkdir()
    (folder / "example-pages").mkdir()
    (folder / "tests.json").write_text(json.dumps(SETS))
    for name, body in (
        ("pictures-a-picture-isnt-named-it-has-no-alt", '<img src="dot.svg" width="40" height="40">'),
        ("pictures-a-picture-is-told-of-twice", "<a href='../example-pages/twice.html'>Tells twice</a>"),
    ):
        (folder / "tests" / f"{name}.html").write_text(PAGE.format(title="A barrier", body=body))
    twice = "<p>The lake at noon</p><button></button>"
    (folder / "example-pages" / "twice.html").write_text(PAGE.format(title="The lake", body=twice))
    (folder / "tests" / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')


def test_a_barrier_is_found_by_what_fails_on_its_page_alone_and_speaks_of_it(tmp_path: Path) -> None:
    write_set(tmp_path)
    barriers = read_barriers(tmp_path)
    assert [barrier.shown_on for barrier in barriers] == [
        "tests/pictures-a-picture-isnt-named-it-has-no-alt.html",
        "example-pages/twice.html",
    ]
    judgement = tmp_path / "judged.json"
    judgement.write_text(json.dumps({barriers[0].name: ["axe-image-alt", "img-alt-missing"]}))
    results = asyncio.run(run(tmp_path, barriers, read_judgement(judgement, barriers), at_once=2))
    unnamed, twice = results
    assert unnamed.by
    assert set(unnamed.by) <= {"axe-image-alt", "img-alt-missing"}
    assert "ctx-first-heading" not in unnamed.failed  # The shell has no heading either.
    assert twice.failed
    assert twice.by == ()
    assert summary(results) == {"barriers": 2, "found": 1, "asked": 0, "at_most": 2, "not_audited": 0}
    lines = list(table(results))
    assert lines[0] == "Pictures: 1 of 2, at most 2"
    assert lines[-1].startswith("found 1 of 2 as judged, 0 more left to a person; any new failed rule 2; not audited 0")
    assert not list(tmp_path.rglob("shell-of-*"))


def test_a_page_keeps_its_head_when_it_is_emptied() -> None:
    shell = emptied(PAGE.format(title="Kept", body="<main-thing>\n<b>Gone</b></main-thing>"))
    assert "<title>Kept</title>" in shell
    assert "Gone" not in shell
    with pytest.raises(SystemExit):
        emptied("<body><p>No main element</p></body>")


@pytest.mark.parametrize("judgement", [{"No such barrier": []}, {"A picture is told of twice": ["no-such-rule"]}])
def test_a_judgement_of_what_there_is_not_is_refused(tmp_path: Path, judgement: dict[str, list[str]]) -> None:
    write_set(tmp_path)
    (tmp_path / "judged.json").write_text(json.dumps(judgement))
    with pytest.raises(SystemExit, match=r"judged\.json names what there is not"):
        read_judgement(tmp_path / "judged.json", read_barriers(tmp_path))


def test_a_page_that_is_missing_is_named(tmp_path: Path) -> None:
    write_set(tmp_path)
    (tmp_path / "example-pages" / "twice.html").unlink()
    with pytest.raises(SystemExit, match=r"example-pages/twice\.html"):
        read_barriers(tmp_path)
