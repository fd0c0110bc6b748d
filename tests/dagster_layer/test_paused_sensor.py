"""The sensor while an operator has paused audits."""

import psycopg
import pytest
from dagster import DagsterInstance, SensorResult, SkipReason, build_sensor_context

from cynthia_pipeline.queue.model import WorkKind
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors import asking
from cynthia_pipeline.sensors.build_sessions import build_session_sensor
from cynthia_pipeline.store.moment import database_now
from cynthia_pipeline.store.pauses import pause, resume


def test_a_pause_starts_no_drain_and_says_so_until_it_ends(
    instance: DagsterInstance, pipeline: Pipeline, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TICK_S", 0.0)
    with psycopg.connect(database_url) as web_app:
        web_app.execute("INSERT INTO build_sessions (input_type, input_value) VALUES ('url', 'https://a.example.com')")
    with pipeline.database.transaction() as connection:
        pause(connection, WorkKind.AUDITS, "ana", database_now(connection))

    def tick() -> object:
        return build_session_sensor(build_sensor_context(instance=instance, resources={"pipeline": pipeline}))

    skipped = tick()
    assert isinstance(skipped, SkipReason)
    assert skipped.skip_message == "Paused by an operator: 1 due, 0 still running."
    with pipeline.database.transaction() as connection:
        resume(connection, WorkKind.AUDITS)
    assert isinstance(tick(), SensorResult)
