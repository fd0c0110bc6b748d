"""Under whose account the browser runs, and whether its sandbox is on.

Chromium refuses its sandbox to root. Started as root, it is handed to an account without rights: by a script of a few
lines that Playwright starts in the browser's place, so that the pipe between the two and the group of processes that is
killed in the end stay the same.
"""

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cynthia_pipeline.errors import UsageError

_UNNAMED: Final = "nobody"

# Playwright made the profile's folder, for root alone. HOME is there too: it is gone with the browser.
_SCRIPT: Final = """#!/bin/sh
for argument do
    case $argument in --user-data-dir=*) profile=${{argument#*=}} ;; esac
done
chown -h {uid}:{gid} "$profile" || exit
HOME=$profile exec {setpriv} --reuid={uid} --regid={gid} --clear-groups --inh-caps=-all {further} -- {program} "$@"
"""
# A program with more rights than its caller is what nobody's browser needs least; but where the kernel gives it no
# namespaces of its own, its sandbox is such a program. So this is asked for on the first attempt only.
_NO_NEW_RIGHTS: Final = "--no-new-privs"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of this system."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Confinement:
    """One way to run the browser.

    Attributes:
        account: to switch to; None is our own.
        sandbox: whether Chromium's own sandbox is on.
        new_rights: whether a set-user-ID program may give rights, which Chromium's older sandbox needs.
    """

    account: Account | None
    sandbox: bool
    new_rights: bool = True

    def __str__(self) -> str:
        whose = "as root" if self.account is None and is_root() else "as this user"
        account = whose if self.account is None else f"as {self.account.name}"
        return f"{'on' if self.sandbox else 'off'}, {account}"


def is_root() -> bool:
    """Whether this process may switch to any account, and Chromium denies it its sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def confinements(named: str | None) -> tuple[Confinement, ...]:
    """The ways to run the browser here, the best first; whether they work is seen when it starts.

    Args:
        named: the account to switch to as root. If given, the browser never runs as root.

    Raises:
        UsageError: the named account does not exist, is root itself, or cannot be switched to.
    """
    if not is_root():
        return (Confinement(None, sandbox=True),)
    account = _account(named or _UNNAMED)
    if account is None or shutil.which("setpriv") is None:
        if named is not None:
            why = "there is no such account" if account is None else "setpriv (util-linux) is missing"
            raise UsageError(f"CYNTHIA_CHROMIUM_USER={named}: {why}")
        return (Confinement(None, sandbox=False),)
    if account.uid == 0:
        raise UsageError(f"CYNTHIA_CHROMIUM_USER={named}: that is root, which is what it is to avoid")
    confined = (
        Confinement(account, sandbox=True, new_rights=False),
        Confinement(account, sandbox=True),
        Confinement(account, sandbox=False, new_rights=False),
    )
    return confined if named is not None else (*confined, Confinement(None, sandbox=False))


@contextmanager
def program_of(confinement: Confinement, chromium: Path) -> Iterator[Path]:
    """What is to be started: `chromium` itself, or a script that starts it as the account, for the length of the block.

    Once the browser runs, the script is not needed any more.
    """
    if confinement.account is None:
        yield chromium
        return
    account = confinement.account
    script = _SCRIPT.format(
        uid=account.uid,
        gid=account.gid,
        setpriv=shlex.quote(shutil.which("setpriv") or "setpriv"),
        further="" if confinement.new_rights else _NO_NEW_RIGHTS,
        program=shlex.quote(str(chromium)),
    )
    with tempfile.TemporaryDirectory(prefix="cynthia-chromium-") as folder:
        path = Path(folder, "chromium")
        path.write_text(script, encoding="utf-8")
        path.chmod(0o700)
        yield path


def _account(name: str) -> Account | None:
    import pwd  # noqa: PLC0415 - Unix alone has it, and only there is anybody root

    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)
