"""All processes of one deployment, however far down the tree, and their end.

Each inherits an environment variable that holds the deployment's mark: also run workers, whose code server has died,
and browsers in sessions of their own, which no process group reaches. What a marked process started with a bare
environment is found as its descendant.
"""

import os
import time
from contextlib import suppress

import psutil

_POLL_S = 0.05


def members(variable: str, mark: str) -> list[psutil.Process]:
    """The living processes with `mark` in their environment variable, and their descendants; never this process."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        # Zombies have no environment, and other people's is not ours to read.
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.environ().get(variable) == mark:
                for member in (process, *process.children(recursive=True)):
                    found[member.pid] = member
    found.pop(os.getpid(), None)
    return [process for process in found.values() if _is_alive(process)]


def end(variable: str, mark: str, *, grace_s: float) -> int:
    """Asks every process of the deployment to end, and kills what has not after `grace_s` seconds.

    Returns:
        How many had to be killed.
    """
    asked = members(variable, mark)
    for process in asked:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _wait(asked, grace_s)
    killed: set[int] = set()
    # Again until none is left: one may have started another meanwhile.
    while left := members(variable, mark):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        killed.update(process.pid for process in left)
        _wait(left, 1.0)
    return len(killed)


def _wait(processes: list[psutil.Process], longest_s: float) -> None:
    # By looking and not by waitpid, which would take a child's exit code from whoever waits for it.
    deadline = time.monotonic() + longest_s
    while any(_is_alive(process) for process in processes) and time.monotonic() < deadline:
        time.sleep(_POLL_S)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
