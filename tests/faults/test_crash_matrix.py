"""The crash matrix: real processes, really killed, at the worst moments.

After each fault every session reaches its final state by itself, to one effect each, within a time that is printed
(run with -s to see it) and recorded in docs/reliability.md.
"""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

pytestmark = pytest.mark.faults

KILL, TERM = signal.SIGKILL, signal.SIGTERM


def recover(house: Any, sessions: list[str], *, since: float, fault: str, within_s: float = 90) -> None:
    """Asserts that all is well in the end, and prints how long it took."""
    house.until_status(sessions, "completed", within_s=within_s)
    print(f"\n{fault}: recovered {time.monotonic() - since:.1f} s after the fault")
    assert house.completed_attempts(sessions) == [1] * len(sessions)


@pytest.mark.parametrize("by", [KILL, TERM], ids=lambda by: by.name)
@pytest.mark.parametrize(
    "roles",
    [("WORKER",), ("CODE",), ("LAUNCHER",), ("DAEMON",), ("WEBSERVER",), ("CODE", "WORKER"), ("LAUNCHER", "WORKER")],
    ids=" and ".join,
)
def test_a_process_dies_in_the_middle_of_audits(
    house: Any, audit_api: Any, role_of: Callable[[str], Any], roles: tuple[str, ...], by: signal.Signals
) -> None:
    audit_api.latency_s = 2.0
    sessions = house.insert(4)
    house.until_status(sessions, "running")
    since = time.monotonic()
    house.kill(*(role_of(role) for role in roles), by=by)
    recover(house, sessions, since=since, fault=f"{by.name} {' + '.join(roles)}")


def test_everything_dies_at_once(house: Any, audit_api: Any, role_of: Callable[[str], Any]) -> None:
    audit_api.latency_s = 2.0
    sessions = house.insert(4)
    house.until_status(sessions, "running")
    since = time.monotonic()
    house.kill(*map(role_of, ("WORKER", "CODE", "LAUNCHER", "DAEMON", "WEBSERVER")))
    house.kill_postgres()
    house.postgres.start()
    recover(house, sessions, since=since, fault="SIGKILL everything", within_s=150)


def test_a_worker_dies_before_its_claim_is_committed(house: Any, role_of: Callable[[str], Any]) -> None:
    with psycopg.connect(house.database_url) as blocker:
        # Whoever claims has to wait for the queue's lock; the new session is in the middle of being claimed.
        blocker.execute("SELECT pg_advisory_xact_lock(%s)", (0x43796E02,))
        sessions = house.insert(1)
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        house.until(lambda: house.query(waiting)[0][0] > 0, within_s=30, what="a claim waits")
        since = time.monotonic()
        house.kill(role_of("WORKER"))
    recover(house, sessions, since=since, fault="SIGKILL before the claim's commit")


def test_a_worker_dies_between_result_and_commit(house: Any, audit_api: Any, role_of: Callable[[str], Any]) -> None:
    audit_api.latency_s = 1.0
    sessions = house.insert(1)
    house.until_status(sessions, "running")
    with psycopg.connect(house.database_url) as blocker:
        # The result's transaction has written the audit and waits for its session's row.
        blocker.execute("SELECT 1 FROM build_sessions WHERE id = %s FOR UPDATE", (sessions[0],))
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE build%%'"
        house.until(lambda: house.query(waiting)[0][0] > 0, within_s=30, what="the result waits")
        since = time.monotonic()
        house.kill(role_of("WORKER"))
    recover(house, sessions, since=since, fault="SIGKILL before the result's commit")


def test_a_worker_dies_right_after_the_results_commit(house: Any, role_of: Callable[[str], Any]) -> None:
    sessions = house.insert(3)
    house.until(lambda: "completed" in house.statuses(sessions), within_s=60, what="the first is completed")
    since = time.monotonic()
    house.kill(role_of("WORKER"))
    recover(house, sessions, since=since, fault="SIGKILL after a result's commit")


@pytest.mark.parametrize("down_s", [2, 60])
def test_postgres_goes_away_and_comes_back(house: Any, audit_api: Any, down_s: int) -> None:
    audit_api.latency_s = 1.0
    sessions = house.insert(4)
    house.until_status(sessions, "running")
    house.kill_postgres()
    time.sleep(down_s)  # the fault itself
    house.postgres.start()
    since = time.monotonic()
    recover(house, sessions, since=since, fault=f"Postgres down for {down_s} s", within_s=180)


def test_two_drains_race_for_one_backlog(house: Any) -> None:
    house.query("SELECT pg_notify('cynthia_work', 'audits')")
    sessions = house.insert(40, url="https://race{n}.test/")
    recover(house, sessions, since=time.monotonic(), fault="40 sessions at once", within_s=120)


def test_two_daemons_run_at_once(house: Any, audit_api: Any, role_of: Callable[[str], Any], tmp_path: Path) -> None:
    (daemon,) = house.find(role_of("DAEMON"))
    with (tmp_path / "second.log").open("wb") as log:
        second = subprocess.Popen(
            daemon.cmdline(), cwd=daemon.cwd(), env=daemon.environ(), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        house.until(lambda: len(house.find(role_of("DAEMON"))) == 2, within_s=60, what="two daemons")
        # Each round ends the drain, so that both daemons see the need for a new one.
        for round_ in range(4):
            house.kill(role_of("WORKER"))
            sessions = house.insert(10, url=f"https://two{round_}-{{n}}.test/")
            recover(house, sessions, since=time.monotonic(), fault=f"two daemons, round {round_}", within_s=120)
        assert second.poll() is None, (tmp_path / "second.log").read_text()
    finally:
        second.terminate()
        second.wait(30)


def test_a_frozen_worker_loses_its_lease_and_writes_nothing_when_it_thaws(
    house: Any, audit_api: Any, role_of: Callable[[str], Any]
) -> None:
    audit_api.latency_s = 1.0
    sessions = house.insert(2)
    house.until_status(sessions, "running")
    since = time.monotonic()
    frozen = house.find(role_of("WORKER"))
    house.kill(role_of("WORKER"), by=signal.SIGSTOP)
    try:
        recover(house, sessions, since=since, fault="SIGSTOP run worker", within_s=120)
    finally:
        for process in frozen:
            process.send_signal(signal.SIGCONT)
    house.warm()
    assert house.completed_attempts(sessions) == [1, 1]


def test_the_connection_limit_is_used_up(house: Any, audit_api: Any) -> None:
    audit_api.latency_s = 2.0
    sessions = house.insert(3)
    house.until_status(sessions, "running")
    hogs: list[psycopg.Connection[Any]] = []
    try:
        while True:
            hogs.append(psycopg.connect(house.database_url, connect_timeout=5))
    except psycopg.OperationalError:
        pass
    time.sleep(5)  # the fault itself
    for hog in hogs:
        hog.close()
    since = time.monotonic()
    recover(house, sessions, since=since, fault="connection limit used up", within_s=120)
