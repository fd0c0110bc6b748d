"""What Dagster remembers, kept to a window: runs with their events, partitions, and attempts that ended nothing.

Oldest first and in batches, so that a run that is out of time or killed has done its part and the next one goes on.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dagster import (
    AssetExecutionContext,
    DagsterInstance,
    DagsterRunStatus,
    MaterializeResult,
    ResourceParam,
    RunsFilter,
    asset,
)

from cynthia_pipeline.assets.partitions import NAME, delete, trim
from cynthia_pipeline.dagster_compat import delete_run
from cynthia_pipeline.queue.model import SessionId
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.database import Database
from cynthia_pipeline.store.retention import BATCH as ATTEMPTS_BATCH
from cynthia_pipeline.store.retention import moved_since, prune_attempts

RUNS_BATCH = 100
"""Runs read in one call before they are deleted one by one."""

_KEYS_BATCH = 500
_FINISHED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


@asset(
    group_name="upkeep",
    kinds={"postgres"},
    description="Dagster's history within its window. Each run prunes what is older and tells how much that was.",
)
def retention(context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]) -> MaterializeResult[None]:
    """Prunes for as long as the budget allows."""
    settings = pipeline.settings
    began = time.monotonic()

    def has_time() -> bool:
        return time.monotonic() - began < settings.maintenance_budget_s

    before = datetime.now(UTC) - timedelta(days=settings.retention_days)
    attempts = prune_all_attempts(pipeline.database, before, has_time)
    surplus = trim(context.instance, settings.partitions_kept, has_time)
    outdated = prune_outdated_partitions(context.instance, pipeline.database, before, has_time)
    runs = prune_runs(context.instance, before, has_time)
    return MaterializeResult(
        metadata={
            "runs_pruned": runs,
            "partitions_pruned": surplus + outdated,
            "attempts_pruned": attempts,
            "runs_kept": context.instance.get_runs_count(),
            "finished": has_time(),
            "seconds": round(time.monotonic() - began, 3),
        }
    )


def prune_runs(instance: DagsterInstance, before: datetime, has_time: Callable[[], bool]) -> int:
    """Deletes finished runs that last changed before `before`, oldest first. Returns how many."""
    pruned = 0
    outdated = RunsFilter(statuses=_FINISHED, updated_before=before)
    while has_time():
        records = instance.get_run_records(outdated, limit=RUNS_BATCH, ascending=True)
        if not records:
            break
        for record in records:
            if not has_time():
                break
            delete_run(instance, record.dagster_run.run_id)
            pruned += 1
    return pruned


def prune_outdated_partitions(
    instance: DagsterInstance, database: Database, before: datetime, has_time: Callable[[], bool]
) -> int:
    """Deletes the partitions of sessions that are gone or did not move since `before`, oldest first. Returns how many.

    Stops at the first batch of which all is to be kept: what was listed later is younger.
    """
    pruned = 0
    keys = instance.get_dynamic_partitions(NAME)
    for start in range(0, len(keys), _KEYS_BATCH):
        outdated = _outdated(database, keys[start : start + _KEYS_BATCH], before)
        if not outdated or not has_time():
            break
        pruned += delete(instance, outdated, has_time)
    return pruned


def prune_all_attempts(database: Database, before: datetime, has_time: Callable[[], bool]) -> int:
    """Deletes passing attempts that ended before `before`, a transaction for each batch. Returns how many."""
    pruned = 0
    while has_time():
        with database.transaction() as connection:
            batch = prune_attempts(connection, before)
        pruned += batch
        if batch < ATTEMPTS_BATCH:
            break
    return pruned


def _outdated(database: Database, keys: Sequence[str], before: datetime) -> list[str]:
    with database.transaction() as connection:
        recent = moved_since(connection, _session_ids(keys), before)
    kept = {str(session) for session in recent}
    return [key for key in keys if key not in kept]


def _session_ids(keys: Iterable[str]) -> Iterable[SessionId]:
    """The keys that are session ids. Whoever adds another in the UI loses it again."""
    for key in keys:
        try:
            yield SessionId(UUID(key))
        except ValueError:
            continue
