"""The observation of build_sessions, as the sensor gives it to a real instance."""

import json
from datetime import datetime

import psycopg
from dagster import (
    AssetKey,
    AssetObservation,
    DagsterInstance,
    SensorResult,
    SkipReason,
    build_sensor_context,
)

from cynthia_pipeline.queue.depth import TOLD_AT_LEAST
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors.queue_depth import queue_depth_sensor


def tick(instance: DagsterInstance, pipeline: Pipeline, cursor: str | None = None) -> SensorResult | SkipReason:
    context = build_sensor_context(instance=instance, resources={"pipeline": pipeline}, cursor=cursor)
    result = queue_depth_sensor(context)
    assert isinstance(result, SensorResult | SkipReason)
    return result


def insert(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO build_sessions (input_type, input_value) VALUES ('url', 'https://a.test/')")


def test_the_depth_is_told_as_numbers(instance: DagsterInstance, pipeline: Pipeline, database_url: str) -> None:
    insert(database_url)
    result = tick(instance, pipeline)
    assert isinstance(result, SensorResult)
    (observation,) = result.asset_events
    assert isinstance(observation, AssetObservation)
    instance.report_runless_asset_event(observation)

    (record,) = instance.fetch_observations(AssetKey("build_sessions"), limit=10).records
    assert record.asset_observation is not None
    told = {name: value.value for name, value in record.asset_observation.metadata.items()}
    assert isinstance(told.pop("oldest_wait_s"), float)
    assert told == {"depth": 1, "new": 1, "due": 0, "later": 0, "running": 0, "drains_alive": 0}


def test_it_is_told_again_when_it_changed_or_after_a_while(
    instance: DagsterInstance, pipeline: Pipeline, database_url: str
) -> None:
    first = tick(instance, pipeline)
    assert isinstance(first, SensorResult)
    assert first.cursor is not None
    assert isinstance(tick(instance, pipeline, first.cursor), SkipReason)

    told = json.loads(first.cursor)
    long_ago = (datetime.fromisoformat(told["at"]) - TOLD_AT_LEAST).isoformat()
    assert isinstance(tick(instance, pipeline, json.dumps(told | {"at": long_ago})), SensorResult)

    insert(database_url)
    assert isinstance(tick(instance, pipeline, first.cursor), SensorResult)
