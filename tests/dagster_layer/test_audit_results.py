"""The asset on a real Dagster instance: what a run leaves in Postgres and in Dagster's events."""

from collections.abc import Callable

import psycopg
import pytest
from dagster import AssetKey, DagsterInstance

from cynthia_pipeline.definitions import build_defs
from cynthia_pipeline.resources import Pipeline

AUDIT_RESULTS = AssetKey("audit_results")


@pytest.fixture
def insert_session(database_url: str) -> Callable[[str], str]:
    def insert(value: str) -> str:
        with psycopg.connect(database_url) as connection:
            row = connection.execute(
                "INSERT INTO build_sessions (input_type, input_value) VALUES ('url', %s) RETURNING id", (value,)
            ).fetchone()
        assert row is not None
        return str(row[0])

    return insert


def run(instance: DagsterInstance, pipeline: Pipeline, *, partition: str | None = None) -> str:
    job = build_defs({"pipeline": pipeline}).resolve_job_def("audit_results_job")
    result = job.execute_in_process(instance=instance, partition_key=partition)
    assert result.success
    return result.run_id


def test_each_session_leaves_its_own_event(
    instance: DagsterInstance, pipeline: Pipeline, insert_session: Callable[[str], str]
) -> None:
    good, missing = insert_session("https://good.test/"), insert_session("https://good.test/missing")
    run_id = run(instance, pipeline)

    materialized = instance.fetch_materializations(AUDIT_RESULTS, limit=10).records
    observed = instance.fetch_observations(AUDIT_RESULTS, limit=10).records
    assert [(record.partition_key, record.run_id) for record in materialized] == [(good, run_id)]
    assert [record.partition_key for record in observed] == [missing]
    metadata = materialized[0].asset_materialization
    assert metadata is not None
    assert metadata.metadata["score"].value == 70
    assert metadata.metadata["target"].value == "https://good.test/"
    observation = observed[0].asset_observation
    assert observation is not None
    assert observation.metadata["error_code"].value == "http_client_error"
    steps = {record.event_log_entry.step_key for record in instance.get_records_for_run(run_id).records}
    assert {materialized[0].event_log_entry.step_key, observed[0].event_log_entry.step_key} | {None} == steps
    assert set(instance.get_dynamic_partitions("build_sessions")) == {good, missing}
    assert instance.get_materialized_partitions(AUDIT_RESULTS) == {good}


def test_a_run_with_a_partition_replays_that_session(
    instance: DagsterInstance, pipeline: Pipeline, insert_session: Callable[[str], str], database_url: str
) -> None:
    session, other = insert_session("https://good.test/"), insert_session("https://other.test/")
    run(instance, pipeline)
    run(instance, pipeline, partition=session)

    keys = [record.partition_key for record in instance.fetch_materializations(AUDIT_RESULTS, limit=10).records]
    assert sorted(key for key in keys if key) == sorted([session, session, other])
    with psycopg.connect(database_url) as connection:
        attempts = connection.execute(
            "SELECT count(*) FROM cynthia_audit_attempts JOIN build_sessions USING (audit_id) WHERE id = %s", (session,)
        ).fetchone()
    assert attempts == (2,)


def test_a_run_with_a_partition_audits_a_session_that_nobody_has_accepted(
    instance: DagsterInstance, pipeline: Pipeline, insert_session: Callable[[str], str]
) -> None:
    session, other = insert_session("https://good.test/"), insert_session("https://other.test/")
    instance.add_dynamic_partitions("build_sessions", [session])
    run(instance, pipeline, partition=session)
    assert instance.get_materialized_partitions(AUDIT_RESULTS) == {session}
    assert other not in instance.get_dynamic_partitions("build_sessions")


def test_a_session_that_was_deleted_while_it_was_audited_leaves_no_event(
    instance: DagsterInstance,
    make_pipeline: Callable[..., Pipeline],
    insert_session: Callable[[str], str],
    database_url: str,
) -> None:
    insert_session("https://good.test/")

    def delete_it() -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute("DELETE FROM build_sessions")

    run(instance, make_pipeline(delete_it))
    assert not instance.fetch_materializations(AUDIT_RESULTS, limit=1).records
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT status FROM cynthia_audits").fetchall() == [("completed",)]
