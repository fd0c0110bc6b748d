"""Waits for the supervisor's end, and ends what it left behind: `python -m cynthia_pipeline.deployment.guard MARK`.

The supervisor holds the other end of standard input. Even kill -9 closes that.
"""

import signal
import sys

from cynthia_pipeline.deployment.cohort import end
from cynthia_pipeline.deployment.services import MARK

_GRACE_S = 5.0


def main() -> None:
    # Ctrl-C is for the supervisor, and reaches the whole terminal.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end(MARK, sys.argv[1], grace_s=_GRACE_S)


if __name__ == "__main__":
    main()
