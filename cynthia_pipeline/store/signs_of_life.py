"""The last sign of life of the drains that Dagster's runs are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on

from cynthia_pipeline.store.tables import cynthia_drains

_drains = cynthia_drains.c


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """Where and when a run's drain was last seen."""

    host: str
    pid: int
    started_at: datetime
    seen_at: datetime


def last_signs(connection: Connection, run_ids: Iterable[str]) -> dict[str, SignOfLife]:
    """The newest sign of each run that ever gave one; a run that started its drain again has several."""
    query = (
        select(_drains.run_id, _drains.host, _drains.pid, _drains.started_at, _drains.seen_at)
        .where(_drains.run_id.in_(list(run_ids)))
        .ext(distinct_on(_drains.run_id))
        .order_by(_drains.run_id, _drains.seen_at.desc())
    )
    return {row.run_id: SignOfLife(row.host, row.pid, row.started_at, row.seen_at) for row in connection.execute(query)}
