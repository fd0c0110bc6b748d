"""Writes what became of sessions to Dagster: a partition and an event for each, a batch at a time."""

from collections.abc import Sequence

from dagster import DagsterInstance, DagsterRun

from cynthia_pipeline.assets.events import AUDIT_RESULTS, AuditEnding, events_of, partition_keys
from cynthia_pipeline.assets.partitions import SessionPartitions
from cynthia_pipeline.dagster_compat import report_asset_events


class SessionLog:
    """What one drain's run tells.

    Args:
        partitions_kept: the most partitions that are listed.
    """

    def __init__(self, instance: DagsterInstance, run: DagsterRun, partitions_kept: int) -> None:
        self._instance = instance
        self._run = run
        self._partitions = SessionPartitions(instance, partitions_kept)
        self._untold: list[AuditEnding] = []

    def enter(self, endings: Sequence[AuditEnding]) -> None:
        """Tells of the endings, and of those that an interrupt kept an earlier call from telling."""
        self._untold.extend(endings)
        self._partitions.add(partition_keys(self._untold))
        events = [event for ending in self._untold for event in events_of(ending)]
        report_asset_events(self._instance, self._run, AUDIT_RESULTS.to_python_identifier(), events)
        self._untold.clear()
