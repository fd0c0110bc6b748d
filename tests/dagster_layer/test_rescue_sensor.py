"""The rescue sensor against a real instance: runs that died without a word, and runs that only look so."""

import os
import socket
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter, SkipReason, build_sensor_context
from sqlalchemy import insert, select, update

from cynthia_pipeline.dagster_compat import end_dead_run, worker_runs
from cynthia_pipeline.definitions import build_defs
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors.rescue import rescue_sensor
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.tables import build_sessions, cynthia_drains

STARTED, CANCELING = DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING


def tick(instance: DagsterInstance, pipeline: Pipeline) -> str | None:
    result = rescue_sensor(build_sensor_context(instance=instance, resources={"pipeline": pipeline}))
    assert isinstance(result, SkipReason)
    return result.skip_message


def a_run(instance: DagsterInstance, pipeline: Pipeline, status: DagsterRunStatus = STARTED) -> DagsterRun:
    job = build_defs({"pipeline": pipeline}).resolve_job_def("audit_results_job")
    run = instance.create_run_for_job(job, tags={"cynthia/kind": "audits"}, status=DagsterRunStatus.STARTING)
    if status is CANCELING:
        instance.report_run_canceling(run)
    elif status is STARTED:
        _started(instance, run)
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    assert found.status is status
    return found


def _started(instance: DagsterInstance, run: DagsterRun) -> None:
    from dagster import DagsterEvent  # noqa: PLC0415

    instance.report_dagster_event(
        DagsterEvent(event_type_value="PIPELINE_START", job_name=run.job_name, message="started"), run.run_id
    )


def sign(pipeline: Pipeline, run: DagsterRun, *, silent_s: float, pid: int, host: str | None = None) -> None:
    """The run's drain, last seen `silent_s` seconds ago."""
    with pipeline.database.transaction() as connection:
        now = database_now(connection)
        connection.execute(
            insert(cynthia_drains).values(
                id=uuid4(),
                kind="audits",
                run_id=run.run_id,
                host=host or socket.gethostname(),
                pid=pid,
                slots=5,
                started_at=now,
                seen_at=now - timedelta(seconds=silent_s),
            )
        )


def status(instance: DagsterInstance, run: DagsterRun) -> DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


@pytest.fixture(scope="module")
def dead_pid() -> int:
    """The number of a process that was, and is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("found", "left"), [(STARTED, DagsterRunStatus.FAILURE), (CANCELING, DagsterRunStatus.CANCELED)]
)
def test_a_run_whose_worker_is_gone_is_ended(
    instance: DagsterInstance, pipeline: Pipeline, dead_pid: int, found: DagsterRunStatus, left: DagsterRunStatus
) -> None:
    run = a_run(instance, pipeline, found)
    sign(pipeline, run, silent_s=31, pid=dead_pid)
    assert tick(instance, pipeline) == (
        "Rescued: 1 dead runs ended, 0 expired leases freed, 0 audits requeued, 0 sessions mended."
    )
    assert status(instance, run) is left
    messages = [entry.dagster_event.message for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    assert "Ended by rescue: its drain was silent for 31 s, its worker is gone." in messages
    assert tick(instance, pipeline) == "Nothing to rescue."


def test_a_living_run_is_never_ended(instance: DagsterInstance, pipeline: Pipeline, dead_pid: int) -> None:
    cut_off, elsewhere, just_died, starting = (a_run(instance, pipeline) for _ in range(4))
    sign(pipeline, cut_off, silent_s=100_000, pid=os.getpid())
    sign(pipeline, elsewhere, silent_s=120, pid=dead_pid, host="another-machine")
    sign(pipeline, just_died, silent_s=20, pid=dead_pid)
    assert tick(instance, pipeline) == "Nothing to rescue."
    assert {status(instance, run) for run in (cut_off, elsewhere, just_died, starting)} == {STARTED}


def test_a_number_used_again_is_another_process(instance: DagsterInstance, pipeline: Pipeline) -> None:
    run = a_run(instance, pipeline)
    sign(pipeline, run, silent_s=60, pid=os.getpid())
    with pipeline.database.transaction() as connection:
        long_ago = database_now(connection) - timedelta(days=365)
        connection.execute(update(cynthia_drains).values(started_at=long_ago))
    tick(instance, pipeline)
    assert status(instance, run) is DagsterRunStatus.FAILURE


def test_a_run_on_a_lost_machine_is_ended_in_the_end(
    instance: DagsterInstance, pipeline: Pipeline, dead_pid: int
) -> None:
    run = a_run(instance, pipeline)
    sign(pipeline, run, silent_s=600, pid=dead_pid, host="another-machine")
    tick(instance, pipeline)
    assert status(instance, run) is DagsterRunStatus.FAILURE


def test_the_newest_drain_of_a_run_speaks_for_it(instance: DagsterInstance, pipeline: Pipeline, dead_pid: int) -> None:
    run = a_run(instance, pipeline)
    sign(pipeline, run, silent_s=300, pid=dead_pid)
    sign(pipeline, run, silent_s=5, pid=os.getpid())
    assert tick(instance, pipeline) == "Nothing to rescue."
    assert status(instance, run) is STARTED


def test_runs_without_drains_are_none_of_its_business(instance: DagsterInstance, pipeline: Pipeline) -> None:
    job = build_defs({"pipeline": pipeline}).resolve_job_def("maintenance")
    run = instance.create_run_for_job(job, status=STARTED)
    assert tick(instance, pipeline) == "Nothing to rescue."
    assert status(instance, run) is STARTED


def test_a_run_that_changed_meanwhile_is_left_alone(instance: DagsterInstance, pipeline: Pipeline) -> None:
    run = a_run(instance, pipeline)
    instance.report_run_canceling(run)
    assert not end_dead_run(instance, run, "dead")
    assert instance.get_runs_count(RunsFilter(statuses=[CANCELING])) == 1


def test_the_local_launcher_cannot_tell_of_its_workers(instance: DagsterInstance, pipeline: Pipeline) -> None:
    assert worker_runs(instance, a_run(instance, pipeline)) is None


def test_sessions_and_audits_are_mended_too(instance: DagsterInstance, pipeline: Pipeline) -> None:
    with pipeline.database.transaction() as connection:
        session = connection.scalar(
            insert(build_sessions)
            .values(input_type="url", input_value="https://a.test/", audit_status="running")
            .returning(build_sessions.c.id)
        )
    assert tick(instance, pipeline) == (
        "Rescued: 0 dead runs ended, 0 expired leases freed, 0 audits requeued, 1 sessions mended."
    )
    with pipeline.database.transaction() as connection:
        row = connection.execute(select(build_sessions).where(build_sessions.c.id == session)).one()
    assert row.audit_status == "pending"
