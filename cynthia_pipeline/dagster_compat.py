"""The few things that are asked of Dagster beyond its documented interface, in one place, each with a test.

`DagsterInstance.report_run_failed`, `report_run_canceled`, `run_launcher`, `run_storage`, `event_log_storage` and
`optimize_for_webserver` have plain names and are what Dagster's own parts work with, but are not part of its
documented interface. The two classes from `dagster._core` are what an asset event carries; they have no public name.
"""

import logging
import time
from collections.abc import Sequence
from typing import TypeAlias

from dagster import (
    AssetMaterialization,
    AssetObservation,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    EventLogEntry,
)
from dagster._core.events import AssetObservationData, StepMaterializationData

AssetEvent: TypeAlias = AssetMaterialization | AssetObservation

_STATEMENT_TIMEOUT_MS = 60_000
_RECYCLE_S = 3600
_OVERFLOW = 4


def pool_connections(instance: DagsterInstance) -> None:
    """Keeps connections to Dagster's Postgres open between calls, as its webserver does.

    Without this each call opens a connection of its own, which costs more than the call: of 38 ms of CPU that a
    drain spent for each session, 17 were this.
    """
    instance.optimize_for_webserver(_STATEMENT_TIMEOUT_MS, _RECYCLE_S, _OVERFLOW)


def report_asset_events(
    instance: DagsterInstance, run: DagsterRun, step_key: str, events: Sequence[AssetEvent]
) -> None:
    """Writes the events as those of a run's step, with one insert for all of a kind.

    An asset that yields its events has each written by a transaction of its own, and printed to its log.
    """
    for kind in (AssetMaterialization, AssetObservation):
        entries = [_entry(run, step_key, event) for event in events if isinstance(event, kind)]
        if entries:
            instance.event_log_storage.store_event_batch(entries)


def _entry(run: DagsterRun, step_key: str, event: AssetEvent) -> EventLogEntry:
    data: StepMaterializationData | AssetObservationData
    if isinstance(event, AssetMaterialization):
        kind, data = DagsterEventType.ASSET_MATERIALIZATION, StepMaterializationData(event)
    else:
        kind, data = DagsterEventType.ASSET_OBSERVATION, AssetObservationData(event)
    return EventLogEntry(  # type: ignore[no-untyped-call]  # its constructor has no annotations
        error_info=None,
        level=logging.DEBUG,
        user_message="",
        run_id=run.run_id,
        timestamp=time.time(),
        step_key=step_key,
        job_name=run.job_name,
        dagster_event=DagsterEvent(
            event_type_value=kind.value,
            job_name=run.job_name,
            step_key=step_key,
            event_specific_data=data,
            message=event.description or "",
        ),
    )


def end_dead_run(instance: DagsterInstance, run: DagsterRun, message: str) -> bool:
    """Ends a run that nobody works on: as canceled where that was asked for, else as failed.

    Returns:
        Whether it was ended; not if it changed its status since `run` was read.
    """
    present = instance.get_run_by_id(run.run_id)
    if present is None or present.status is not run.status:
        return False
    if present.status is DagsterRunStatus.CANCELING:
        instance.report_run_canceled(present, message)
    else:
        instance.report_run_failed(present, message)
    return True


def worker_runs(instance: DagsterInstance, run: DagsterRun) -> bool | None:
    """Whether the launcher says that the run's worker runs; None where it cannot tell."""
    launcher = instance.run_launcher
    if not launcher.supports_check_run_worker_health:
        return None
    return {"RUNNING": True, "UNKNOWN": None}.get(launcher.check_run_worker_health(run).status.value, False)


def delete_run(instance: DagsterInstance, run_id: str) -> None:
    """Deletes a run, its events first.

    `DagsterInstance.delete_run` deletes the run first: killed in between, it leaves events that no run leads to and
    that nothing would ever delete.
    """
    instance.event_log_storage.delete_events(run_id)
    instance.run_storage.delete_run(run_id)
