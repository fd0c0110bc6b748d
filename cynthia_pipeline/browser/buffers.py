"""How this process gives back the memory of what it measured."""

import ctypes
import sys
from typing import Final

_MMAP_THRESHOLD: Final = -3
"""M_MMAP_THRESHOLD of mallopt(3)."""
_LARGE: Final = 1_000_000
"""Bytes: pictures and measurements are larger, and hardly anything else is."""


def give_back_large_ones() -> None:
    """From now on what is large goes back to the system as soon as it is let go; elsewhere than with glibc, nothing.

    By itself glibc learns from the first picture that buffers of its size are common, and from then on keeps up to
    twice as much of them for later, for each thread that ever had one: a third of this process, once it is warm. It is
    a setting of the whole process, and may be made more than once.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_MMAP_THRESHOLD, _LARGE)
