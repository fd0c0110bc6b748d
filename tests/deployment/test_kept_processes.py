"""A kept process is started again whenever it ends, whatever else lives on."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from cynthia_pipeline.cli.progress import say_told
from cynthia_pipeline.deployment.kept import Kept, NotKeptError, keeping
from cynthia_pipeline.deployment.logs import Weight
from cynthia_pipeline.deployment.services import Service, ServiceName

_READY = "ready to be killed"


def a_service(body: str) -> Service:
    return Service(ServiceName.LAUNCHER, (sys.executable, "-uc", body), ready_line=_READY)


def lines_with(log: Path, word: str) -> list[str]:
    return [line for line in log.read_text().splitlines() if word in line] if log.exists() else []


async def test_it_runs_again_although_a_child_of_the_dead_process_holds_its_output(tmp_path: Path) -> None:
    # As a run's process does, which is a fork of the launcher and outlives it.
    body = (
        "import os, subprocess, signal\n"
        "child = subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        f"print('child', child.pid); print({_READY!r})\n"
        "signal.pause()"
    )
    told: list[str] = []
    again = asyncio.Event()

    def tell(_: object, __: object, text: str) -> None:
        told.append(text)
        if "runs again" in text:
            again.set()

    kept = Kept(a_service(body), os.environ, tmp_path / "log", tell)
    running = asyncio.create_task(kept.run())
    children: list[int] = []
    try:
        async with asyncio.timeout(30):
            await kept.ready.wait()
            children = [int(line.split()[1]) for line in lines_with(kept.log, "child")]
            assert kept._process is not None
            kept._process.kill()
            await again.wait()
            children = [int(line.split()[1]) for line in lines_with(kept.log, "child")]
        assert len(children) == 2
        assert kept.first_end.result() == -signal.SIGKILL
        assert any("ended (signal 9)" in text for text in told)
    finally:
        if kept._process is not None:
            kept._process.kill()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for child in children:
            os.kill(child, signal.SIGKILL)


async def test_a_fault_in_looking_after_a_process_ends_the_deployment(tmp_path: Path) -> None:
    def tell(service: ServiceName, _: object, text: str) -> None:
        raise KeyError(service)

    async def deployment() -> None:
        async with asyncio.timeout(30), keeping() as keep:
            keep(Kept(a_service("pass"), os.environ, tmp_path / "log", tell))
            await asyncio.Event().wait()

    with pytest.raises(NotKeptError, match="launcher"):
        await deployment()


@pytest.mark.parametrize("service", list(ServiceName))
@pytest.mark.parametrize("weight", list(Weight))
def test_every_process_has_its_lines_on_the_terminal(
    service: ServiceName, weight: Weight, capsys: pytest.CaptureFixture[str]
) -> None:
    say_told(service, weight, "ended (signal 9)")
    assert f"{service} ended (signal 9)" in capsys.readouterr().err
