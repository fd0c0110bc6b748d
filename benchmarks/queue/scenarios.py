"""The scenarios: what is asked of both systems, and how each is measured."""

import json
import math
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg

from benchmarks.queue.measuring import CpuMeter, Measured, Timing, peak_memory_mb
from benchmarks.queue.system import OpenSystem, System, completed_rows, count_finished

_LOOK_EVERY_S = 0.25
_PATIENCE_S = 120.0
"""Seconds without any session coming to its end until a run counts as stuck: more than any start or answer takes."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One load.

    Attributes:
        sessions: how many.
        concurrency: how many audits the system may work on at once.
        latency_s: seconds that the stub takes for an answer.
        every_s: seconds from one insert to the next; 0 = all in one transaction.
        cold: each insert comes when no drain is alive. Only for a system that starts its workers by itself.
    """

    title: str
    sessions: int
    concurrency: int
    latency_s: float
    every_s: float = 0.0
    cold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes:
        most, least: what the ratio of this project's figure to the peer's may be at most, or must be at least.
        most_here: what this project's figure may be at most, where no ratio is asked.
    """

    scenario: str
    title: str
    unit: str
    read: Callable[[Measured], float]
    most: float | None = None
    least: float | None = None
    most_here: float | None = None


FULL = {
    "burst": Scenario("100 at once, concurrency 100, 3 s each", 100, 100, 3.0),
    "narrow": Scenario("100 at once, concurrency 5, 3 s each", 100, 5, 3.0),
    "trickle": Scenario("one every 2 s, 3 s each", 30, 5, 3.0, every_s=2.0),
    "cold": Scenario("one at a time, no drain alive", 10, 5, 0.0, every_s=5.0, cold=True),
    "backlog": Scenario("backlog of 1,000, concurrency 100, 3 s each", 1000, 100, 3.0),
    "flood": Scenario("5,000 at once, concurrency 100, answered at once", 5000, 100, 0.0),
}

QUICK = {
    "burst": Scenario("100 at once, concurrency 100, 1 s each", 100, 100, 1.0),
    "narrow": Scenario("20 at once, concurrency 5, 1 s each", 20, 5, 1.0),
    "trickle": Scenario("one every 0.5 s, 1 s each", 12, 5, 1.0, every_s=0.5),
    "cold": Scenario("one at a time, no drain alive", 4, 5, 0.0, every_s=3.0, cold=True),
    "backlog": Scenario("backlog of 300, concurrency 100, 1 s each", 300, 100, 1.0),
    "flood": Scenario("1,000 at once, concurrency 100, answered at once", 1000, 100, 0.0),
}

LINES = (
    Line("burst", "all done", "s", lambda measured: measured.all_done_s, most=1.15),
    Line("burst", "most memory of the worker", "MB", lambda measured: measured.peak_mb, most_here=250),
    Line("narrow", "all done", "s", lambda measured: measured.all_done_s, most=1.02),
    Line("trickle", "insert to start, p50", "ms", lambda measured: measured.start_ms(0.5), most_here=20),
    Line("trickle", "insert to start, p95", "ms", lambda measured: measured.start_ms(0.95), most_here=100),
    Line("trickle", "insert to request at the API, p50", "ms", lambda measured: measured.asked_ms(0.5)),
    Line("trickle", "insert to request at the API, p95", "ms", lambda measured: measured.asked_ms(0.95)),
    Line("cold", "insert to start, p50", "ms", lambda measured: measured.start_ms(0.5), most_here=1500),
    Line("cold", "insert to start, p95", "ms", lambda measured: measured.start_ms(0.95)),
    Line("cold", "CPU for each session, whole system", "ms", lambda measured: measured.cpu_ms_each),
    Line("backlog", "CPU for each session, whole system", "ms", lambda measured: measured.cpu_ms_each, most=5),
    Line("backlog", "all done", "s", lambda measured: measured.all_done_s),
    Line("flood", "sessions a second", "1/s", lambda measured: measured.per_second, least=0.25),
    Line("flood", "CPU for each session, whole system", "ms", lambda measured: measured.cpu_ms_each),
)


def measure(scenario: Scenario, open_system: OpenSystem, stub: str) -> Measured:
    """Runs one scenario on one system.

    Args:
        stub: base URL of the stub Audit API.

    Raises:
        RuntimeError: sessions are lost, failed, or nothing came to its end for two minutes.
    """
    audit_api_url = f"{stub}/audits/{scenario.latency_s:g}"
    with open_system(concurrency=scenario.concurrency, audit_api_url=audit_api_url, cold=scenario.cold) as system:
        with psycopg.connect(system.url, autocommit=True) as connection:
            system.submit(["https://warm-up.example/"])
            _await_finished(connection, 1)
            _arrivals(stub)
            meter = CpuMeter(system.parts)
            _submit(scenario, system)
            _await_finished(connection, 1 + scenario.sessions)
            cpu_s = meter.read()
            arrivals = _arrivals(stub)
            rows = [row for row in completed_rows(connection) if row.target in arrivals]
        if len(rows) != scenario.sessions:
            raise RuntimeError(f"{scenario.title}: {len(rows)} of {scenario.sessions} sessions completed")
        return Measured(
            timings=tuple(Timing(row.inserted, row.started, row.completed, arrivals[row.target]) for row in rows),
            cpu_s=cpu_s,
            peak_mb=math.nan if system.worker is None else peak_memory_mb(system.worker),
        )


def _submit(scenario: Scenario, system: System) -> None:
    # A host of its own for each, so that no limit for one host counts.
    targets = [f"https://site-{number}.example/" for number in range(scenario.sessions)]
    if not scenario.every_s:
        system.submit(targets)
        return
    for target, due in zip(targets, _beats(scenario.every_s), strict=False):
        time.sleep(max(due - time.monotonic(), 0))
        system.submit([target])


def _beats(every_s: float) -> Iterator[float]:
    due = time.monotonic()
    while True:
        due += every_s
        yield due


def _await_finished(connection: psycopg.Connection[tuple[object, ...]], wanted: int) -> None:
    finished, patient_until = 0, time.monotonic() + _PATIENCE_S
    while finished < wanted:
        time.sleep(_LOOK_EVERY_S)
        if (now_finished := count_finished(connection)) > finished:
            finished, patient_until = now_finished, time.monotonic() + _PATIENCE_S
        elif time.monotonic() > patient_until:
            raise RuntimeError(f"stuck: {finished} of {wanted} sessions came to their end")


def _arrivals(stub: str) -> dict[str, float]:
    with urllib.request.urlopen(f"{stub}/arrivals") as answer:  # noqa: S310 - our own server on loopback
        arrivals: dict[str, float] = json.load(answer)
        return arrivals
