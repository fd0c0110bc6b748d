"""A browser that is killed, worn out, cancelled or orphaned: what happens to the audits, and what is left of it."""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from playwright.async_api import Error

from cynthia_pipeline.browser.chromium import Chromium, Launch, WarmChromium, Wear
from cynthia_pipeline.browser.engine import BrowserEngine, open_browser_engine
from cynthia_pipeline.browser.executable import find_chromium, is_headless_shell
from cynthia_pipeline.browser.processes import minimal_environment, process_tree
from cynthia_pipeline.errors import ErrorCode, TransientError, UsageError

from .conftest import QUICK, SETTINGS
from .test_hostile_pages import assert_unharmed, audit


@contextlib.asynccontextmanager
async def an_engine() -> AsyncIterator[BrowserEngine]:
    async with open_browser_engine(SETTINGS, limits=QUICK) as engine:
        assert isinstance(engine, BrowserEngine)
        yield engine


async def running_audit(engine: BrowserEngine, url: str) -> "asyncio.Task[object]":
    """An audit that has a page open in the browser and will not end by itself soon."""
    task: asyncio.Task[object] = asyncio.ensure_future(audit(engine, url))
    async with engine.chromium.borrow() as chromium:
        while not any(context.pages for context in chromium.browser.contexts):
            assert not task.done()
            await asyncio.sleep(0)
    return task


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them have ended; the last of a tree may still be on their way."""
    return not psutil.wait_procs(processes, timeout=20)[1]


async def test_closing_leaves_no_process_and_no_profile() -> None:
    async with WarmChromium(Launch(executable=find_chromium(None))) as warm, warm.borrow() as chromium:
        tree = process_tree(chromium.process)
        profile = next(
            Path(argument.partition("=")[2])
            for argument in chromium.process.cmdline()
            if argument.startswith("--user-data-dir=")
        )
        assert profile.is_dir()
        assert len(tree) > 1
    assert gone(tree)
    assert not profile.exists()


async def test_a_killed_browser_fails_its_audit_for_now_and_the_next_gets_another(site: str) -> None:
    async with an_engine() as engine:
        task = await running_audit(engine, f"{site}/endless/silence")
        async with engine.chromium.borrow() as first:
            first.process.kill()
        with pytest.raises(TransientError) as caught:
            await task
        assert caught.value.code is ErrorCode.BROWSER_FAILED
        await assert_unharmed(engine, site)
        async with engine.chromium.borrow() as second:
            assert second is not first


async def test_a_killed_driver_takes_its_browser_along_and_the_next_audit_gets_another(site: str) -> None:
    async with an_engine() as engine:
        task = await running_audit(engine, f"{site}/endless/silence")
        async with engine.chromium.borrow() as first:
            tree = process_tree(first.process)
            ours = psutil.Process().children()
            (driver,) = {*first.process.parents()} & {*ours}
            driver.kill()
        with pytest.raises(TransientError) as caught:
            await task
        assert caught.value.code is ErrorCode.BROWSER_FAILED
        assert gone(tree)
        await assert_unharmed(engine, site)


async def test_a_cancelled_audit_closes_its_pages(site: str) -> None:
    async with an_engine() as engine:
        task = await running_audit(engine, f"{site}/endless/silence")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with engine.chromium.borrow() as chromium:
            assert chromium.browser.contexts == []
        await assert_unharmed(engine, site)


async def test_a_worn_browser_is_replaced_once_nobody_uses_it() -> None:
    async with WarmChromium(Launch(), Wear(audits=2)) as warm:
        async with warm.borrow() as first, warm.borrow() as again, warm.borrow() as second:
            assert again is first
            assert second is not first
            assert first.alive
            tree = process_tree(first.process)
        assert gone(tree)
        assert second.alive


async def test_a_browser_that_has_grown_too_large_is_replaced() -> None:
    async with WarmChromium(Launch(), Wear(bytes=1)) as warm:
        async with warm.borrow() as first:
            pass
        async with warm.borrow() as second:
            assert second is not first


async def test_many_borrowers_at_once_share_one_browser() -> None:
    async with WarmChromium(Launch()) as warm:

        async def borrow() -> Chromium:
            async with warm.borrow() as chromium:
                return chromium

        assert len(set(await asyncio.gather(*(borrow() for _ in range(20))))) == 1


async def test_the_newest_page_processes_beyond_the_limit_are_ended_and_the_oldest_page_lives() -> None:
    crashed: set[object] = set()
    another = asyncio.Event()

    def on_crash(page: object) -> None:
        crashed.add(page)
        another.set()

    async with WarmChromium(Launch(renderers=3)) as warm, warm.borrow() as chromium:
        oldest = await chromium.browser.new_page()
        oldest.on("crash", on_crash)
        for _ in range(5):  # each context has a process of its own
            with contextlib.suppress(Error):  # one may be ended before it is open
                (await chromium.browser.new_page()).on("crash", on_crash)
        async with asyncio.timeout(20):
            while _page_processes(chromium) > 3:
                await another.wait()
                another.clear()
        assert oldest not in crashed
        assert await oldest.evaluate("1 + 1") == 2


def _page_processes(chromium: Chromium) -> int:
    return sum("--type=renderer" in " ".join(process.cmdline()) for process in process_tree(chromium.process))


_ORPHAN = """
import asyncio
from cynthia_pipeline.browser.chromium import Launch, WarmChromium

async def main():
    async with WarmChromium(Launch()) as warm, warm.borrow() as chromium:
        await chromium.browser.new_page()
        print(chromium.process.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_owner_leaves_no_browser(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", _ORPHAN], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        browser = psutil.Process(int(owner.stdout.readline()))
        tree = [*psutil.Process(owner.pid).children(recursive=True), browser]
        owner.send_signal(how)
    assert gone(tree)


def test_the_browser_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYNTHIA_DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert "secret" not in str(minimal_environment())
    assert "PATH" in minimal_environment()


def test_a_named_browser_must_be_a_program(tmp_path: Path) -> None:
    missing = tmp_path / "chrome"
    with pytest.raises(UsageError, match="CYNTHIA_CHROMIUM names"):
        find_chromium(missing)
    missing.write_text("not a program")
    with pytest.raises(UsageError, match="playwright install chromium"):
        find_chromium(missing)
    missing.chmod(0o755)
    assert find_chromium(missing) == missing


def test_playwrights_own_browser_is_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    own = tmp_path / "own"
    own.write_text("")
    own.chmod(0o755)
    found = find_chromium(None, own)
    assert found == own or not found.is_relative_to(tmp_path)
    on_path = tmp_path / "chromium"
    on_path.write_text("")
    on_path.chmod(0o755)
    assert find_chromium(None, own) == on_path


def test_a_headless_shell_goes_before_a_whole_chrome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    own = tmp_path / "chromium-1" / "chrome-linux" / "chrome"
    its_shell = tmp_path / "chromium_headless_shell-1" / "chrome-linux" / "headless_shell"
    for program in (own, its_shell, tmp_path / "chromium", tmp_path / "chromium-headless-shell"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("")
        program.chmod(0o755)
    assert find_chromium(None, own) == tmp_path / "chromium-headless-shell"
    (tmp_path / "chromium-headless-shell").unlink()
    assert find_chromium(None, own) == tmp_path / "chromium"
    (tmp_path / "chromium").unlink()
    found = find_chromium(None, own)
    assert found == its_shell or not found.is_relative_to(tmp_path)
    assert is_headless_shell(its_shell)
    assert not is_headless_shell(own)


async def test_a_browser_that_does_not_start_fails_for_now(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(TransientError) as caught:
        async with WarmChromium(Launch(executable=broken)):
            pass
    assert caught.value.code is ErrorCode.BROWSER_FAILED
