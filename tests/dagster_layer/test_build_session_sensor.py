"""The sensor, evaluated against a real instance and a real queue."""

import threading

import psycopg
import pytest
from dagster import DagsterInstance, SensorResult, SkipReason, build_sensor_context

from cynthia_pipeline.definitions import build_defs
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors import asking
from cynthia_pipeline.sensors.build_sessions import build_session_sensor


def tick(instance: DagsterInstance, pipeline: Pipeline) -> SensorResult | SkipReason:
    context = build_sensor_context(instance=instance, resources={"pipeline": pipeline})
    result = build_session_sensor(context)
    assert isinstance(result, SensorResult | SkipReason)
    return result


def insert(url: str, count: int = 1) -> None:
    with psycopg.connect(url) as connection:
        connection.cursor().executemany(
            "INSERT INTO build_sessions (input_type, input_value) VALUES ('url', %s)",
            [(f"https://host{n}.test/",) for n in range(count)],
        )


@pytest.fixture
def _short_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "TICK_S", 0.0)


@pytest.mark.usefixtures("_short_ticks")
def test_an_idle_queue_is_a_skip_that_says_so(instance: DagsterInstance, pipeline: Pipeline) -> None:
    result = tick(instance, pipeline)
    assert isinstance(result, SkipReason)
    assert result.skip_message == "Nothing waits."


@pytest.mark.usefixtures("_short_ticks")
def test_a_backlog_asks_for_one_drain_that_knows_its_kind(
    instance: DagsterInstance, pipeline: Pipeline, database_url: str
) -> None:
    insert(database_url, 30)
    result = tick(instance, pipeline)
    assert isinstance(result, SensorResult)
    assert [request.tags for request in result.run_requests or []] == [{"cynthia/kind": "audits"}]


@pytest.mark.usefixtures("_short_ticks")
def test_while_a_drain_is_on_its_way_no_second_one_is_asked_for(
    instance: DagsterInstance, pipeline: Pipeline, database_url: str
) -> None:
    insert(database_url)
    job = build_defs({"pipeline": pipeline}).resolve_job_def("audit_results_job")
    instance.create_run_for_job(job, tags={"cynthia/kind": "audits"})
    assert isinstance(tick(instance, pipeline), SkipReason)


def test_a_waiting_tick_wakes_on_the_commit(instance: DagsterInstance, pipeline: Pipeline, database_url: str) -> None:
    listeners = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"

    def insert_once_the_tick_listens() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            while connection.execute(listeners).fetchone() == (0,):
                pass
        insert(database_url)

    inserting = threading.Thread(target=insert_once_the_tick_listens)
    inserting.start()
    result = tick(instance, pipeline)
    inserting.join()
    assert isinstance(result, SensorResult)
