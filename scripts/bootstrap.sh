#!/bin/sh
# Sets up everything the project needs, in .venv beside it: uv, the locked packages, the project, a browser.
# Quick when nothing has changed. POSIX shell, for Debian, Ubuntu, Fedora, macOS and containers.
#
#   scripts/bootstrap.sh
#
# PYTHON            the interpreter to build .venv with (default: the first of 3.11 or newer on PATH)
# CYNTHIA_CHROMIUM  the browser to use; nothing is installed then

set -eu

cd "$(dirname "$0")/.."
venv=.venv
stamp=$venv/.bootstrapped

say() { printf '\033[2m·\033[0m %s\n' "$*" >&2; }
fail() {
    printf 'cynthia: %s\n' "$*" >&2
    exit 1
}

# What .venv was made from. Changes with the lock, the project's metadata, this script, and where the checkout lies.
fingerprint() {
    { pwd && cat requirements.lock pyproject.toml scripts/bootstrap.sh; } | cksum
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_new_enough "$PYTHON" || fail "PYTHON=$PYTHON is not Python 3.11 or newer"
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>/dev/null || echo "no Python")
    fail "Python 3.11 or newer is needed, and $found was found. Install one (Debian: apt-get install python3 python3-venv; macOS: brew install python), or name it: PYTHON=/path/to/python3 make …"
}

is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

install_debian_packages() {
    say "apt-get install $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return
    # The lists may be missing, as in a fresh container, or old.
    apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# uv, in this order: on PATH, fetched before, by venv and pip into a folder of its own, by pip for the user.
# Debian's Python forbids pip outside a virtual environment, and may come without venv.
find_uv() {
    python=$1
    tools=$venv-tools
    if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
        echo uv
        return
    fi
    if ! [ -x "$tools/bin/uv" ]; then
        say "Fetching uv"
        if ! make_tools "$python" "$tools" && is_root_on_debian; then
            install_debian_packages python3-venv >&2
            make_tools "$python" "$tools" || true
        fi
    fi
    if [ -x "$tools/bin/uv" ]; then
        echo "$tools/bin/uv"
        return
    fi
    if "$python" -m pip install --quiet --user uv >/dev/null 2>&1; then
        echo "$("$python" -m site --user-base)/bin/uv"
        return
    fi
    fail "uv could not be installed: neither venv nor pip works for $python. Install one of them (Debian: apt-get install python3-venv), or uv itself (https://docs.astral.sh/uv/)"
}

make_tools() {
    rm -rf "$2"
    "$1" -m venv "$2" >/dev/null 2>&1 && "$2/bin/python" -m pip install --quiet --disable-pip-version-check uv >&2 && return
    rm -rf "$2"
    return 1
}

install_packages() {
    python=$(find_python)
    uv=$(find_uv "$python")
    if ! { [ -x "$venv/bin/python" ] && is_new_enough "$venv/bin/python"; }; then
        say "Creating $venv with $("$python" --version)"
        "$uv" venv --quiet --clear --python "$python" "$venv"
    fi
    say "Installing the locked packages"
    # Compiled here, once: where Python may not write beside the packages, each start would do it anew (a start of the
    # pipeline took 6.7 CPU seconds in place of 3.4).
    "$uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes \
        --requirement requirements.lock
    "$uv" pip install --quiet --python "$venv/bin/python" --no-deps --editable .
}

find_browser() {
    "$venv/bin/python" - <<'PYTHON' 2>/dev/null
import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from cynthia_pipeline.browser.executable import find_chromium
from cynthia_pipeline.errors import UsageError

named = os.environ.get("CYNTHIA_CHROMIUM") or None
try:
    print(find_chromium(Path(named) if named else None))
except UsageError:
    if named:
        sys.exit(1)
    with sync_playwright() as playwright:
        print(find_chromium(None, Path(playwright.chromium.executable_path)))
PYTHON
}

install_browser() {
    find_browser >/dev/null && return
    [ -z "${CYNTHIA_CHROMIUM:-}" ] || fail "CYNTHIA_CHROMIUM=$CYNTHIA_CHROMIUM is not a program that can be run"
    if is_root_on_debian; then
        install_debian_packages chromium-headless-shell || install_debian_packages chromium || true
        find_browser >/dev/null && return
    fi
    say "Installing Playwright's Chromium"
    "$venv/bin/playwright" install chromium >&2 || true
    find_browser >/dev/null ||
        fail "no Chrome or Chromium was found, and none could be installed. Install one, or name it: CYNTHIA_CHROMIUM=/path/to/chrome make …"
}

if [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ]; then
    exit 0
fi
rm -f "$stamp"
install_packages
install_browser
fingerprint >"$stamp"
say "Ready"
