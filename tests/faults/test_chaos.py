"""Chaos: faults drawn at random, for minutes, under a steady trickle of sessions. `make chaos MINUTES=10 SEED=1`.

In the end every session is final, each to one effect, and no run is left that Dagster believes alive. The seed makes
the same faults in the same order; when exactly they strike is the machine's affair.
"""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import pytest

pytestmark = pytest.mark.chaos

_CALM_S = (2.0, 12.0)
"""Between two faults."""

_FINAL_WITHIN_S = 300
_KILL, _TERM = signal.SIGKILL, signal.SIGTERM

Fault = Callable[[Any, random.Random], None]


def _deaths(role_of: Callable[[str], Any]) -> Mapping[str, Fault]:
    """One process killed or terminated, two killed together, all of them."""
    names = ("WORKER", "CODE", "LAUNCHER", "DAEMON", "WEBSERVER")

    def death(by: signal.Signals, *roles: str) -> Fault:
        return lambda house, _: house.kill(*map(role_of, roles), by=by)

    single = {f"{by.name} {name}": death(by, name) for name in names for by in (_KILL, _TERM)}
    pairs = {
        f"SIGKILL {one} + {other}": death(_KILL, one, other)
        for one, other in (("CODE", "WORKER"), ("LAUNCHER", "WORKER"), ("DAEMON", "WORKER"))
    }
    return {**single, **pairs, "SIGKILL all": death(_KILL, *names)}


def _postgres_dies(house: Any, chance: random.Random) -> None:
    house.kill_postgres()
    time.sleep(chance.uniform(0, 8))  # the fault itself
    house.postgres.start()


def _freeze(role_of: Callable[[str], Any]) -> Fault:
    def fault(house: Any, chance: random.Random) -> None:
        frozen = house.find(role_of("WORKER"))
        house.kill(role_of("WORKER"), by=signal.SIGSTOP)
        time.sleep(chance.uniform(1, 8))  # the fault itself: shorter than a lease, or longer
        for process in frozen:
            if process.is_running():
                process.send_signal(signal.SIGCONT)

    return fault


def _runs_alive(house: Any) -> list[tuple[str, int]]:
    statement = "SELECT status, count(*) FROM runs WHERE status NOT IN ('SUCCESS', 'FAILURE', 'CANCELED') GROUP BY 1"
    with psycopg.connect(house.postgres.url("dagster"), connect_timeout=5) as connection:
        return connection.execute(statement).fetchall()


def test_chaos(
    house: Any,
    audit_api: Any,
    role_of: Callable[[str], Any],
    pytestconfig: pytest.Config,
) -> None:
    minutes = float(pytestconfig.getoption("--chaos-minutes"))
    seed = int(pytestconfig.getoption("--chaos-seed"))
    chance = random.Random(seed)  # noqa: S311 - a seed is the point of it
    faults = {**_deaths(role_of), "SIGKILL Postgres": _postgres_dies, "SIGSTOP WORKER": _freeze(role_of)}
    sessions: list[str] = []
    struck: Counter[str] = Counter()
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        audit_api.latency_s = chance.choice((0.1, 0.5, 2.0))
        sessions += house.insert(chance.randint(1, 5), url=f"https://chaos{len(sessions)}-{{n}}.test/")
        name = chance.choice(sorted(faults))
        faults[name](house, chance)
        struck[name] += 1
        print(f"  {minutes * 60 - (end - time.monotonic()):5.0f} s  {name}", flush=True)
        # More arrive while it recovers.
        for _ in range(chance.randint(0, 3)):
            sessions += house.insert(1, url=f"https://chaos{len(sessions)}.test/")
        time.sleep(chance.uniform(*_CALM_S))  # the pace of the faults

    final = "SELECT audit_status::text FROM build_sessions WHERE id = ANY(%s::uuid[])"
    calm = time.monotonic()
    house.until(
        lambda: {row[0] for row in house.query(final, sessions)} <= {"completed", "failed"},
        within_s=_FINAL_WITHIN_S,
        what=lambda: f"all final, are {Counter(house.statuses(sessions))}",
    )
    settled_s = time.monotonic() - calm
    ended = Counter(house.statuses(sessions))
    codes = house.query(
        "SELECT a.error_code, count(*) FROM build_sessions s JOIN cynthia_audits a ON a.id = s.audit_id"
        " WHERE s.id = ANY(%s::uuid[]) AND s.audit_status = 'failed' GROUP BY 1",
        sessions,
    )
    print(f"\nseed {seed}, {sum(struck.values())} faults, {len(sessions)} sessions: {dict(ended)}, failed by {codes};")
    print(f"all final {settled_s:.1f} s after the last fault. Faults: {dict(sorted(struck.items()))}")
    effects = Counter(house.completed_attempts(sessions))
    assert effects == Counter({1: ended["completed"], 0: ended["failed"]}) - Counter()
    house.until(lambda: _runs_alive(house) == [], within_s=180, what=lambda: f"no run alive, are {_runs_alive(house)}")
