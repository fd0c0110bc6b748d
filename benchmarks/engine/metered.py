"""Runs a command to its end and prints what its whole process tree cost: `python -m benchmarks.engine.metered CMD…`.

A process that outlives its parent is handed to this one (PR_SET_CHILD_SUBREAPER), so that none escapes the count.
Linux only.
"""

import ctypes
import json
import os
import subprocess
import sys
import time

_PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Prints one JSON object: CPU-seconds, seconds, exit code."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise SystemExit("this kernel does not let a process take care of orphans")
    started = time.monotonic()
    command = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = command.stderr.read() if command.stderr is not None else b""
    cpu_s, code = 0.0, 1
    while True:
        try:
            pid, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        cpu_s += usage.ru_utime + usage.ru_stime
        if pid == command.pid:
            code = os.waitstatus_to_exitcode(status)
            command.returncode = code
    took_s = time.monotonic() - started
    print(json.dumps({"cpu_s": cpu_s, "took_s": took_s, "code": code, "errors": errors.decode()[-500:]}))


if __name__ == "__main__":
    main()
