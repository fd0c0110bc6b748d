"""A pack applied to a checkout and undone: to the byte, or not at all."""

from pathlib import Path

import pytest

from cynthia_pipeline.cli.fix_pack_apply import apply_pack
from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.fix_packs.edits import Edit
from cynthia_pipeline.fix_packs.patches import diffs_of
from cynthia_pipeline.fix_packs.ports import Diff

HTML = "<p>caf\u00e9</p>\r\n<p>two</p>\r\n"
ADDED = Diff(file="css/fixes.css", before="", after="a {}\n", lines_changed=1)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_bytes(HTML.encode() + b"\xff\xfe stray bytes")
    return tmp_path


def _diffs() -> tuple[Diff, ...]:
    return (*diffs_of("index.html", HTML, [Edit(3, 7, "tea"), Edit(17, 20, "2")]), ADDED)


def test_applied_and_undone_gives_back_every_byte(site: Path) -> None:
    before = (site / "index.html").read_bytes()
    apply_pack(_diffs(), site)
    assert b"<p>tea</p>" in (site / "index.html").read_bytes()
    assert (site / "css" / "fixes.css").read_text() == "a {}\n"
    apply_pack(_diffs(), site, reverse=True)
    assert (site / "index.html").read_bytes() == before
    assert not (site / "css" / "fixes.css").exists()


def test_an_excerpt_that_is_no_longer_there_changes_nothing(site: Path) -> None:
    apply_pack(_diffs(), site)
    after = (site / "index.html").read_bytes()
    with pytest.raises(UsageError, match="nothing was changed"):
        apply_pack(_diffs(), site)
    assert (site / "index.html").read_bytes() == after


def test_one_file_that_does_not_fit_keeps_all_others_as_they_are(site: Path) -> None:
    missing = Diff(file="gone.html", before="x", after="y", lines_changed=1)
    with pytest.raises(UsageError, match="missing"):
        apply_pack((*_diffs(), missing), site)
    assert not (site / "css").exists()


def test_a_file_outside_of_the_checkout_is_refused(site: Path) -> None:
    with pytest.raises(UsageError, match="outside"):
        apply_pack([Diff(file="../x", before="a", after="b", lines_changed=1)], site)


def test_a_file_that_is_there_is_not_overwritten_by_one_that_is_added(site: Path) -> None:
    (site / "css").mkdir()
    (site / "css" / "fixes.css").write_text("mine")
    with pytest.raises(UsageError, match="nothing was changed"):
        apply_pack([ADDED], site)
