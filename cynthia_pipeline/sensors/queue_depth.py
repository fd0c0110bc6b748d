"""The sensor that observes `build_sessions`: the queue's depth, as numbers that Dagster's UI plots over time."""

import json
from dataclasses import asdict
from datetime import datetime

from dagster import (
    AssetObservation,
    DefaultSensorStatus,
    MetadataValue,
    ResourceParam,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from cynthia_pipeline.assets.external import build_sessions
from cynthia_pipeline.queue.depth import QueueDepth, worth_telling
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.depth import queue_depth
from cynthia_pipeline.store.moment import database_now

EVERY_S = 60
"""Seconds between two looks, and so between two observations at least."""


@sensor(
    name="queue_depth",
    minimum_interval_seconds=EVERY_S,
    default_status=DefaultSensorStatus.RUNNING,
    description="Observes build_sessions: what waits, what runs, the oldest wait, the drains alive.",
)
def queue_depth_sensor(
    context: SensorEvaluationContext, pipeline: ResourceParam[Pipeline]
) -> SensorResult | SkipReason:
    """One observation if the depth is news. The cursor remembers the last one told."""
    with pipeline.database.transaction() as connection:
        now = database_now(connection)
        depth = queue_depth(connection, pipeline.settings.lease_s, now)
    told, told_at = _read(context.cursor)
    if not worth_telling(depth, told, told_at, now):
        return SkipReason("The queue is as it was told last.")
    return SensorResult(
        skip_reason="Told the queue's depth.",
        cursor=json.dumps({"at": now.isoformat(), "depth": asdict(depth)}),
        asset_events=[AssetObservation(build_sessions.key, metadata=_metadata(depth))],
    )


def _read(cursor: str | None) -> tuple[QueueDepth | None, datetime | None]:
    if not cursor:
        return None, None
    told = json.loads(cursor)
    return QueueDepth(**told["depth"]), datetime.fromisoformat(told["at"])


def _metadata(depth: QueueDepth) -> dict[str, MetadataValue]:
    return {
        name: MetadataValue.float(value) if isinstance(value, float) else MetadataValue.int(value)
        for name, value in depth.as_numbers().items()
    }
