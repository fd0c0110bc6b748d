"""The home folder is one deployment's alone, and a taken port is no obstacle."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cynthia_pipeline.deployment.home import Home, instance_file
from cynthia_pipeline.deployment.ports import port_to_use
from cynthia_pipeline.errors import UsageError

CLAIM_AND_SAY = """
import sys
from pathlib import Path
from cynthia_pipeline.deployment.home import Home
with Home(Path(sys.argv[1])).claimed() as claim:
    claim.announce(pid=1234, address="http://127.0.0.1:3000")
    print("claimed", flush=True)
    sys.stdin.read()
"""


def test_a_home_that_another_process_holds_is_refused_and_says_where(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", CLAIM_AND_SAY, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "claimed\n"
    assert Home(tmp_path).address() == "http://127.0.0.1:3000"
    with pytest.raises(UsageError, match=r"already running in .*process 1234, http://127.0.0.1:3000"):
        Home(tmp_path).claimed().__enter__()
    holder.kill()
    holder.communicate()
    with Home(tmp_path).claimed() as claim:
        claim.announce(pid=os.getpid(), address="http://127.0.0.1:1")
    assert Home(tmp_path).address() is None


def test_dagster_reads_the_projects_own_instance_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    assert (home.dagster / "dagster.yaml").read_text() == instance_file().read_text()
    assert "DAGSTER_POSTGRES_URL" in instance_file().read_text()


def test_a_free_port_is_taken_as_wanted_and_a_taken_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = port_to_use("127.0.0.1", port)
        assert other not in {0, port}
    assert port_to_use("127.0.0.1", port) == port
    assert port_to_use("127.0.0.1", 0) != 0
