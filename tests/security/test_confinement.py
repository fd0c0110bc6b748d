"""Under whose account the browser runs: as root never root's own where it can be helped, and sandboxed where it can."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cynthia_pipeline.audit.engine import AuditRequest, TargetType
from cynthia_pipeline.browser.chromium import Chromium, Launch, WarmChromium
from cynthia_pipeline.browser.confinement import confinements, is_root, program_of
from cynthia_pipeline.browser.engine import open_browser_engine
from cynthia_pipeline.browser.executable import find_chromium
from cynthia_pipeline.browser.processes import process_tree
from cynthia_pipeline.errors import ErrorCode, TransientError, UsageError
from cynthia_pipeline.settings import Settings

PAGE = "<!doctype html><html lang=en><title>A page</title><h1>A page</h1><p>With words.</p>"

as_root = pytest.mark.skipif(
    not is_root() or shutil.which("setpriv") is None, reason="only root can switch to another account"
)


@pytest.fixture
def bin_folder() -> Iterator[Path]:
    """A folder that every account may enter, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def program(folder: Path, condition: str) -> Path:
    """The real browser, but that it ends at once unless a shell condition holds."""
    path = folder / "chromium-headless-shell"
    path.write_text(f'#!/bin/sh\n{condition} || exit 1\nexec {find_chromium(None)} "$@"\n')
    path.chmod(0o755)
    return path


UNSANDBOXED = 'case " $* " in *" --no-sandbox "*) true ;; *) false ;; esac'


def status_of(process: psutil.Process) -> dict[str, str]:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


async def test_the_first_that_works_is_in_force_and_a_whole_audit_passes_in_it() -> None:
    async with open_browser_engine(Settings()) as engine:
        request = AuditRequest(TargetType.FRAME, "a page", html=PAGE)

        async def ignore(_: int) -> None: ...

        report = (await engine.audit(request, ignore)).report
        assert report.details.title == "A page"
        assert report.overall_score is not None
        async with engine.chromium.borrow() as chromium:
            page = await chromium.browser.new_page()  # so that one process runs a page
            tree = process_tree(chromium.process)
            assert chromium.confinement in confinements(None)
            account = chromium.confinement.account
            uid = os.geteuid() if account is None else account.uid
            assert {process.uids().effective for process in tree} == {uid}
            if account is not None:
                told = [status_of(process) for process in tree]
                assert {status["Groups"] for status in told} == {""}
                assert {int(status["CapEff"], 16) for status in map(status_of, [chromium.process])} == {0}
                assert {status["NoNewPrivs"] for status in told} == {str(int(not chromium.confinement.new_rights))}
            if chromium.confinement.sandbox and sys.platform == "linux":
                renderers = [process for process in tree if "--type=renderer" in " ".join(process.cmdline())]
                assert renderers
                assert {status_of(process)["Seccomp"] for process in renderers} == {"2"}  # filtered: seccomp(2)
            await page.close()
    assert not [process for process in tree if process.is_running()]


@as_root
async def test_without_a_sandbox_the_account_is_dropped_all_the_same(bin_folder: Path) -> None:
    chromium = await Chromium.start(Launch(executable=program(bin_folder, UNSANDBOXED)))
    try:
        assert chromium.confinement.account is not None
        assert not chromium.confinement.sandbox
        assert chromium.process.uids().effective == chromium.confinement.account.uid
    finally:
        await chromium.close()


@as_root
async def test_root_is_the_last_resort_and_none_for_a_named_account(bin_folder: Path) -> None:
    for_root_alone = program(bin_folder, '[ "$(id -u)" = 0 ]')
    chromium = await Chromium.start(Launch(executable=for_root_alone))
    await chromium.close()
    assert chromium.confinement.account is None
    with pytest.raises(TransientError) as caught:
        await Chromium.start(Launch(executable=for_root_alone, user="nobody"))
    assert caught.value.code is ErrorCode.BROWSER_FAILED


@as_root
async def test_no_failure_later_on_loosens_what_held_at_first(bin_folder: Path) -> None:
    executable = program(bin_folder, "true")
    async with WarmChromium(Launch(executable=executable)) as warm:
        async with warm.borrow() as first:
            warm.distrust(first)
        program(bin_folder, '[ "$(id -u)" = 0 ]')
        with pytest.raises(TransientError):
            async with warm.borrow():
                pass


@as_root
@pytest.mark.parametrize("name", ["no-such-account", "root"])
def test_an_account_that_will_not_do_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=f"CYNTHIA_CHROMIUM_USER={name}"):
        confinements(name)


@as_root
async def test_the_profile_is_the_accounts_and_goes_with_the_browser() -> None:
    chromium = await Chromium.start(Launch())
    profile = next(
        Path(argument.partition("=")[2])
        for argument in chromium.process.cmdline()
        if argument.startswith("--user-data-dir=")
    )
    assert profile.owner() == chromium.process.username()
    assert (chromium.process.environ()["HOME"] == str(profile)) is (chromium.confinement.account is not None)
    await chromium.close()
    assert not profile.exists()


@as_root
def test_the_script_is_there_only_while_the_browser_starts() -> None:
    with program_of(confinements("nobody")[0], Path("/opt/a browser's/chromium")) as script:
        assert "'/opt/a browser'\"'\"'s/chromium'" in script.read_text()
    assert not script.parent.exists()
