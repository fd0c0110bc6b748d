"""The code location as a fresh interpreter loads it."""

import subprocess
import sys

from dagster import Definitions

from cynthia_pipeline.definitions import build_defs

_PROBE = """
import os, socket, sys

class Watched(dict):
    def __getitem__(self, key):
        if key.startswith(("CYNTHIA", "DAGSTER_POSTGRES")):
            raise AssertionError(f"read {key} at import")
        return dict.__getitem__(self, key)
    def get(self, key, default=None):
        if key.startswith(("CYNTHIA", "DAGSTER_POSTGRES")):
            raise AssertionError(f"read {key} at import")
        return dict.get(self, key, default)

def refuse(*_args, **_kwargs):
    raise AssertionError("a connection at import")

socket.socket.connect = refuse
os.environ = Watched(os.environ)
import cynthia_pipeline.definitions
assert "playwright" not in sys.modules, "the browser is imported before it is needed"
"""


def test_loading_reads_no_setting_opens_no_connection_and_no_browser() -> None:
    subprocess.run([sys.executable, "-c", _PROBE], check=True, timeout=120)


def test_the_definitions_are_whole() -> None:
    definitions = build_defs()
    Definitions.validate_loadable(definitions)
    assert {spec.key.to_user_string() for spec in definitions.resolve_all_asset_specs()} == {
        "build_sessions",
        "credit_balances",
        "audit_results",
        "fix_packs",
        "credit_resets",
        "retention",
    }
