"""What is large goes back to the system, and the driver is started with little memory to fill."""

import asyncio
import os
import platform
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from cynthia_pipeline.browser import chromium as life
from cynthia_pipeline.browser.chromium import Chromium, Launch
from cynthia_pipeline.browser.shared_memory import has_room

_KEPT = """
import psutil
from cynthia_pipeline.browser.buffers import give_back_large_ones

{begin}
large = bytearray(b"x") * 20_000_000
del large  # from now on glibc takes buffers of this size for common
held = psutil.Process().memory_info().rss
later = bytearray(b"x") * 10_000_000
behind = bytearray(b"x") * 200_000  # what is below the last that is used does not go back by itself
del later
print(psutil.Process().memory_info().rss - held)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators give back as they like")
@pytest.mark.parametrize(("begin", "is_kept"), [("", True), ("give_back_large_ones()", False)])
def test_a_large_buffer_goes_back_as_soon_as_it_is_let_go(begin: str, *, is_kept: bool) -> None:
    """By itself it is kept: a setting that glibc no longer needs would be seen here."""
    script = _KEPT.format(begin=begin)
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert (int(told) > 5_000_000) is is_kept


def driver_of(chromium: Chromium) -> psutil.Process:
    (driver,) = {*chromium.process.parents()} & {*psutil.Process().children()}
    return driver


@pytest.mark.parametrize("given", [None, "--no-deprecation"])
async def test_the_driver_is_lean_beside_what_its_user_asks_of_it(
    monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    monkeypatch.delenv("NODE_OPTIONS", raising=False)
    if given is not None:
        monkeypatch.setenv("NODE_OPTIONS", given)
    chromiums = await asyncio.gather(Chromium.start(Launch()), Chromium.start(Launch()))
    try:
        assert os.environ.get("NODE_OPTIONS") == given
        for chromium in chromiums:
            options = driver_of(chromium).environ()["NODE_OPTIONS"].split()
            assert options == [*([given] if given else []), "--max-semi-space-size=1"]
            assert "NODE_OPTIONS" not in chromium.process.environ()
    finally:
        await asyncio.gather(*(chromium.close() for chromium in chromiums))


@pytest.mark.parametrize("is_large", [True, False])
async def test_processes_share_memory_in_files_only_where_there_is_no_room_for_it(
    monkeypatch: pytest.MonkeyPatch, *, is_large: bool
) -> None:
    monkeypatch.setattr(life, "has_room", lambda: is_large)
    chromium = await Chromium.start(Launch())
    try:
        assert ("--disable-dev-shm-usage" not in chromium.process.cmdline()) is is_large
    finally:
        await chromium.close()


def test_a_system_without_a_place_for_shared_memory_has_no_room(tmp_path: Path) -> None:
    assert not has_room(tmp_path / "shm")
