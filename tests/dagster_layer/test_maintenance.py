"""The maintenance job on a real instance: what it prunes, what it leaves, and what its checks say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import psycopg
import pytest
from dagster import (
    AssetCheckKey,
    AssetKey,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    Definitions,
)

from cynthia_pipeline.assets.checks import promises
from cynthia_pipeline.assets.partitions import NAME, SessionPartitions, trim
from cynthia_pipeline.assets.retention import prune_outdated_partitions, prune_runs
from cynthia_pipeline.dagster_compat import delete_run
from cynthia_pipeline.definitions import build_defs
from cynthia_pipeline.resources import Pipeline

AUDIT_RESULTS = AssetKey("audit_results")
FINISHED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return build_defs()


MakeRuns = Callable[[int, DagsterRunStatus], list[str]]


@pytest.fixture
def make_runs(instance: DagsterInstance) -> MakeRuns:
    def make(number: int, status: DagsterRunStatus) -> list[str]:
        runs = [DagsterRun(job_name="audit_results_job", run_id=str(uuid4()), status=status) for _ in range(number)]
        return [instance.add_run(run).run_id for run in runs]

    return make


def always() -> bool:
    return True


def runs_left(instance: DagsterInstance) -> set[str]:
    return set(instance.get_run_ids())


def future() -> datetime:
    """A cut-off by which all that is there now is of the past."""
    return datetime.now(UTC) + timedelta(days=1)


def test_all_finished_runs_go_and_what_runs_stays(instance: DagsterInstance, make_runs: MakeRuns) -> None:
    finished = [run for status in FINISHED for run in make_runs(40, status)]
    living = [
        run
        for status in (DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING)
        for run in make_runs(2, status)
    ]
    assert prune_runs(instance, datetime.now(UTC) - timedelta(days=1), always) == 0
    assert prune_runs(instance, future(), always) == len(finished) == 120
    assert runs_left(instance) == set(living)


def test_a_run_out_of_time_has_done_its_part_and_the_next_goes_on(
    instance: DagsterInstance, make_runs: MakeRuns
) -> None:
    runs = make_runs(10, DagsterRunStatus.SUCCESS)
    asked = count()
    assert prune_runs(instance, future(), lambda: next(asked) <= 4) == 4
    assert runs_left(instance) == set(runs[4:]), "the oldest go first"
    assert prune_runs(instance, future(), always) == 6


def test_a_runs_events_go_with_it(instance: DagsterInstance, make_runs: MakeRuns) -> None:
    gone, kept = make_runs(2, DagsterRunStatus.STARTED)
    for run_id in (gone, kept):
        run = instance.get_run_by_id(run_id)
        assert run is not None
        instance.report_engine_event("a word", run)
    delete_run(instance, gone)
    assert instance.all_logs(gone) == []
    assert "a word" in [entry.message for entry in instance.all_logs(kept)]
    assert runs_left(instance) == {kept}


def test_the_window_of_partitions_rolls_while_keys_are_added(instance: DagsterInstance) -> None:
    partitions = SessionPartitions(instance, kept=50)
    keys = [f"{number:04}" for number in range(420)]
    for start in range(0, len(keys), 20):
        partitions.add(keys[start : start + 20])
    listed = list(instance.get_dynamic_partitions(NAME))
    assert listed == keys[-len(listed) :]
    assert 50 <= len(listed) < 50 + 200
    assert trim(instance, 50, always) == len(listed) - 50
    assert list(instance.get_dynamic_partitions(NAME)) == keys[-50:]


def test_partitions_of_old_and_lost_sessions_go(
    instance: DagsterInstance, pipeline: Pipeline, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "INSERT INTO build_sessions (input_type, input_value, updated_at)"
            " SELECT 'url', 'x', now() - days * interval '1 day' FROM unnest(ARRAY[40, 20, 0]) AS days"
            " RETURNING id::text, now() - updated_at < interval '30 days'"
        ).fetchall()
    instance.add_dynamic_partitions(NAME, [*(row[0] for row in rows), str(uuid4()), "not a session"])
    before = datetime.now(UTC) - timedelta(days=30)
    assert prune_outdated_partitions(instance, pipeline.database, before, always) == 3
    assert set(instance.get_dynamic_partitions(NAME)) == {row[0] for row in rows if row[1]}


def maintain(instance: DagsterInstance, pipeline: Pipeline) -> str:
    job = build_defs({"pipeline": pipeline}).resolve_job_def("maintenance")
    result = job.execute_in_process(instance=instance)
    assert result.success
    return result.run_id


def verdicts(instance: DagsterInstance) -> dict[str, bool]:
    keys = [key for check in promises for key in check.check_keys]
    found: dict[str, bool] = {}
    for key in keys:
        (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
        assert record.event is not None
        assert record.event.dagster_event is not None
        found[key.name] = record.event.dagster_event.asset_check_evaluation_data.passed
    return found


def test_the_job_prunes_tells_and_checks(instance: DagsterInstance, pipeline: Pipeline, make_runs: MakeRuns) -> None:
    make_runs(3, DagsterRunStatus.SUCCESS)
    maintain(instance, pipeline)
    (record,) = instance.fetch_materializations(AssetKey("retention"), limit=5).records
    assert record.asset_materialization is not None
    told = {name: value.value for name, value in record.asset_materialization.metadata.items()}
    assert isinstance(told.pop("seconds"), float)
    assert told == {
        "runs_pruned": 0,
        "partitions_pruned": 0,
        "attempts_pruned": 0,
        "runs_kept": 4,
        "finished": True,
    }
    assert verdicts(instance) == dict.fromkeys(
        (
            "nothing_stuck",
            "no_session_lost",
            "no_audit_done_twice",
            "report_complete",
            "no_pack_stuck",
            "ledger_balanced",
        ),
        True,
    )


def test_a_broken_promise_turns_its_check_red_and_names_the_row(
    instance: DagsterInstance, pipeline: Pipeline, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "INSERT INTO build_sessions (input_type, input_value, audit_status, updated_at)"
            " VALUES ('url', 'x', 'running', now() - interval '1 hour') RETURNING id::text"
        ).fetchone()
    assert row is not None
    maintain(instance, pipeline)
    assert verdicts(instance)["no_session_lost"] is False
    key = AssetCheckKey(AUDIT_RESULTS, "no_session_lost")
    (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert record.event is not None
    assert record.event.dagster_event is not None
    evaluation = record.event.dagster_event.asset_check_evaluation_data
    assert evaluation.description == f"build_sessions {row[0]}: running without an audit"


def test_drains_do_not_run_the_checks(definitions: Definitions) -> None:
    nodes = {node.name for node in definitions.resolve_job_def("audit_results_job").nodes}
    assert nodes == {"audit_results"}
