"""Which browser is started: the one that is named, else the first that this machine has.

A headless shell goes before a whole Chrome: the same engine without the desktop program around it, which audits a small
page for under a third of the CPU time (docs/decisions/0010-headless-shell.md).
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cynthia_pipeline.errors import UsageError

_SHELLS_ON_PATH: Final = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")
_ON_PATH: Final = (
    *_SHELLS_ON_PATH,
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
)
_MAC_APPS: Final = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS_PROGRAMS: Final = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_MEND: Final = "Name one with CYNTHIA_CHROMIUM=/path/to/chrome, or run `playwright install chromium`."


def find_chromium(named: Path | None, playwrights_own: Path | None = None) -> Path:
    """The browser's executable.

    Args:
        named: the setting; if given, nothing else is looked for.
        playwrights_own: where Playwright would have put its own, whether it is there or not.

    Raises:
        UsageError: there is none, or the named one cannot be run; says how to get one.
    """
    if named is not None:
        found = shutil.which(str(named))
        if found is None:
            raise UsageError(f"CYNTHIA_CHROMIUM names {named}, which is not a program that can be run. {_MEND}")
        return Path(found)
    candidates = list(_usual_places())
    if playwrights_own is not None:
        candidates += [*_shells_beside(playwrights_own), playwrights_own]
    for candidate in candidates:
        if os.access(candidate, os.X_OK) and candidate.is_file():
            return candidate
    raise UsageError(f"No Chrome or Chromium was found. {_MEND}")


def _shells_beside(playwrights_own: Path) -> list[Path]:
    """The headless shells that Playwright keeps beside its Chromium, the newest revision first."""
    if len(playwrights_own.parents) < 3:
        return []
    browsers = playwrights_own.parents[2]
    return sorted(browsers.glob("chromium_headless_shell-*/*/*headless*shell"), reverse=True)


def is_headless_shell(executable: Path) -> bool:
    """Whether an executable is, by its name, a headless shell and not a whole Chrome."""
    return executable.stem.replace("_", "-").endswith("headless-shell")


def _usual_places() -> Iterator[Path]:
    for name in _ON_PATH:
        found = shutil.which(name)
        if found is not None:
            yield Path(found)
    if sys.platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            yield from (folder / app for app in _MAC_APPS)
    elif sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if variable in os.environ:
                yield from (Path(os.environ[variable]) / program for program in _WINDOWS_PROGRAMS)
    else:
        yield from (Path("/opt/google/chrome/chrome"), Path("/snap/bin/chromium"))
