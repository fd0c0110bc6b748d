"""Where a browser keeps what its processes share: what they have drawn, pictures and large messages."""

import shutil
from pathlib import Path
from typing import Final

IN_FILES: Final = "--disable-dev-shm-usage"
"""Playwright's switch: it is kept in files of the temporary folder, which works anywhere and costs more. Each picture
is then written to a disk as well, and three of ten pages took 5 to 10 % more CPU for their audits (measured)."""

_FOLDER: Final = Path("/dev/shm")  # noqa: S108 nothing is put there by a name of ours: Chromium does that
_ROOM: Final = 1_000_000_000
"""Bytes. Containers are often given 64 MB, and a page whose drawing finds no room there crashes."""


def has_room(folder: Path = _FOLDER) -> bool:
    """Whether the system's own place for it is there, and large enough for several audits at once."""
    try:
        return shutil.disk_usage(folder).free >= _ROOM
    except OSError:
        return False
