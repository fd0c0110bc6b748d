"""The few things that are asked of Dagster beyond its documented interface, in one place, each with a test.

`DagsterInstance.report_run_failed`, `report_run_canceled`, `run_launcher`, `run_storage` and `event_log_storage` have
plain names and are what Dagster's own run monitoring works with, but are not part of its documented interface.
"""

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus


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
