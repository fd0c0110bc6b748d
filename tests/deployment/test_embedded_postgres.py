"""The embedded server: shared, single, and unmoved by the death of whoever started it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from cynthia_pipeline.store.embedded import EmbeddedPostgres
from cynthia_pipeline.store.server_account import account_for_root

START_AND_SAY = """
import sys
from pathlib import Path
from cynthia_pipeline.store.embedded import EmbeddedPostgres
from cynthia_pipeline.store.server_account import account_for_root
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.url(), flush=True)
sys.stdin.read()
"""


def starter(folder: Path, *, new_group: bool = False) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", START_AND_SAY, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0 if new_group else None,
    )


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def postmaster_pid(server: EmbeddedPostgres) -> int:
    with psycopg.connect(server.url()) as connection:
        folder = connection.execute("SHOW data_directory").fetchone()
        assert folder is not None
        return int(Path(folder[0], "postmaster.pid").read_text().split()[0])


def test_starts_once_and_takes_connections(server: EmbeddedPostgres) -> None:
    assert not server.is_running()
    server.start()
    first = postmaster_pid(server)
    server.start()
    assert postmaster_pid(server) == first
    assert server.is_running()


def test_holds_its_data_over_a_stop(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop()
    assert not server.is_running()
    server.stop()
    server.start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_is_not_reachable_by_network_nor_by_other_accounts(server: EmbeddedPostgres) -> None:
    server.start()
    assert not psutil.Process(postmaster_pid(server)).net_connections("inet")
    with psycopg.connect(server.url()) as connection:
        row = connection.execute("SHOW unix_socket_directories").fetchone()
    assert row is not None
    assert Path(row[0]).stat().st_mode & 0o077 == 0


def test_two_processes_that_race_share_one_server(server: EmbeddedPostgres, open_folder: Path) -> None:
    racers = [starter(open_folder / "postgres") for _ in range(3)]
    urls = {said(racer) for racer in racers}
    assert len(urls) == 1
    assert urls == {server.url()}
    for racer in racers:
        racer.communicate("")


def test_outlives_a_starter_that_is_killed(server: EmbeddedPostgres, open_folder: Path) -> None:
    process = starter(open_folder / "postgres")
    url = said(process)
    process.kill()
    process.communicate()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_outlives_the_group_of_its_starter(server: EmbeddedPostgres, open_folder: Path, number: signal.Signals) -> None:
    process = starter(open_folder / "postgres", new_group=True)
    url = said(process)
    os.killpg(process.pid, number)
    process.communicate()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_starts_again_after_it_was_killed(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    postmaster = psutil.Process(postmaster_pid(server))
    postmaster.kill()
    postmaster.wait()
    assert not server.is_running()
    server.start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


@pytest.fixture
def bystander() -> Iterator[int]:
    """A living process that has nothing to do with Postgres."""
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    yield process.pid
    process.communicate(b"")


@pytest.mark.parametrize("state", ["ready", "starting", None])
def test_takes_no_stranger_for_the_server(
    server: EmbeddedPostgres, open_folder: Path, bystander: int, state: str | None
) -> None:
    server.start()
    server.stop()
    data = open_folder / "postgres"
    lines = [str(bystander), str(data), "1", "5432", str(data), "", "1 1", *([state] if state else [])]
    (data / "postmaster.pid").write_text("\n".join(lines))
    (data / ".s.PGSQL.5432.lock").write_text(f"{bystander}\n")
    assert not server.is_running()
    server.start()
    assert postmaster_pid(server) != bystander


def test_a_setup_that_was_cut_short_is_done_again(server: EmbeddedPostgres, open_folder: Path) -> None:
    half_done = open_folder / "postgres.new-cut"
    half_done.mkdir()
    (half_done / "PG_VERSION").write_text("18\n")
    server.start()
    assert server.is_running()
    assert not half_done.exists()


def test_works_below_a_folder_that_only_we_may_enter(open_folder: Path) -> None:
    private = open_folder / "private"
    private.mkdir(mode=0o700)
    with EmbeddedPostgres(private / "home" / "postgres", {"fsync": "off"}) as server:
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        server.stop()
        server.start()
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    kept_in = (private / "home" / "postgres").resolve()
    server.destroy()
    assert private.stat().st_mode & 0o077 == 0
    assert not kept_in.exists()


def test_works_on_a_path_too_long_for_a_socket(open_folder: Path) -> None:
    server = EmbeddedPostgres(open_folder / ("it's a long name " * 6) / "postgres", {"fsync": "off"})
    try:
        with server, psycopg.connect(server.url()) as connection:
            row = connection.execute("SHOW unix_socket_directories").fetchone()
            assert row is not None
            socket_folder = Path(row[0])
        assert not socket_folder.exists()
    finally:
        server.destroy()


def test_has_room_for_the_connections_dagster_opens(server: EmbeddedPostgres) -> None:
    server.start()
    connections = [psycopg.connect(server.url()) for _ in range(200)]
    assert all(connection.execute("SELECT 1").fetchone() == (1,) for connection in connections)
    for connection in connections:
        connection.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server has an account of its own")
def test_an_account_that_several_make_at_once_is_made() -> None:
    name = f"cyn-{os.getpid()}"
    make = (
        "import sys; from cynthia_pipeline.store.server_account import *; print(account_for_root(sys.argv[1]).pw_uid)"
    )
    makers = [subprocess.Popen([sys.executable, "-c", make, name], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    try:
        assert {maker.communicate()[0].strip() for maker in makers} == {str(account_for_root(name).pw_uid)}
    finally:
        subprocess.run(["userdel", name], check=True)
