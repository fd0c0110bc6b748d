"""The crash matrix where audits are made in a browser: it, or the run worker that started it, dies in mid-audit.

After each fault every session is completed by itself, to one effect, and of the dead one's browser nothing is left.
"""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil
import pytest

pytestmark = pytest.mark.faults


def is_gone(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    return True


def browser_alone(house: Any, _: Callable[[str], Any]) -> list[psutil.Process]:
    return list(house.browsers()[:1])


def its_pages(house: Any, _: Callable[[str], Any]) -> list[psutil.Process]:
    return [process for process in house.browsers() if "--type=renderer" in process.cmdline()]


def worker(house: Any, role_of: Callable[[str], Any]) -> list[psutil.Process]:
    return list(house.find(role_of("WORKER")))


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM], ids=lambda by: by.name)
@pytest.mark.parametrize("victims", [browser_alone, its_pages, worker], ids=lambda victims: victims.__name__)
def test_a_browser_or_its_worker_dies_in_mid_audit(
    browsing_house: Any,
    slow_site: Any,
    role_of: Callable[[str], Any],
    victims: Callable[..., list[psutil.Process]],
    by: signal.Signals,
) -> None:
    house, before = browsing_house, slow_site.asked
    sessions = house.insert(2, url=f"{slow_site.address}/{victims.__name__}-{by.name}-{{n}}")
    house.until(lambda: slow_site.asked >= before + 2, within_s=120, what="both pages are being opened")
    there = house.browsers()
    assert there
    killed = victims(house, role_of)
    assert killed
    since = time.monotonic()
    for process in killed:
        process.send_signal(by)
    house.until_status(sessions, "completed", within_s=150)
    print(f"\n{by.name} {victims.__name__}: recovered {time.monotonic() - since:.1f} s after the fault")
    assert house.completed_attempts(sessions) == [1, 1]
    if victims is not its_pages:
        house.until(lambda: all(map(is_gone, there)), within_s=30, what="nothing of the dead browser is left")
