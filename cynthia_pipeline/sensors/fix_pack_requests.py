"""The sensor that takes requests for fix packs in and starts as many drains as they need.

It listens within its tick, as build_session_sensor does.
"""

from functools import partial

from dagster import (
    DefaultSensorStatus,
    ResourceParam,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from cynthia_pipeline.jobs import PACK_PRIORITY, fix_packs_job
from cynthia_pipeline.queue.demand import Backlog, drains_needed
from cynthia_pipeline.queue.model import Limits, WorkKind
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors.asking import ask_for_drains, starting
from cynthia_pipeline.store.drains import known_run_ids
from cynthia_pipeline.store.packs.intake import take_in


@sensor(
    job=fix_packs_job,
    minimum_interval_seconds=1,
    default_status=DefaultSensorStatus.RUNNING,
    description="Takes requests for fix packs in, with a credit held for each, and starts the drains they need.",
)
def fix_pack_request_sensor(
    context: SensorEvaluationContext, pipeline: ResourceParam[Pipeline]
) -> SensorResult | SkipReason:
    """Asks for drains, or says why none is needed."""
    if pipeline.open_pack_maker is None:
        return SkipReason("This deployment makes no fix packs: no request is taken in, and no credit is held.")
    demand = partial(_demand, context, pipeline)
    return ask_for_drains(pipeline, WorkKind.FIX_PACKS, demand, {"dagster/priority": PACK_PRIORITY})


def _demand(context: SensorEvaluationContext, pipeline: Pipeline) -> tuple[Backlog, int]:
    settings = pipeline.settings
    backlog = take_in(pipeline.database, pipeline.retry_policy(), settings.lease_s)
    with pipeline.database.transaction() as connection:
        known = known_run_ids(connection, WorkKind.FIX_PACKS)
    at_once = settings.fix_packs_at_once
    needed = drains_needed(
        backlog,
        starting=starting(context.instance, WorkKind.FIX_PACKS, known) if backlog.due or settings.keep_warm else 0,
        slots_per_drain=at_once,
        limits=Limits(at_once=at_once, per_owner=at_once, per_host=at_once),
        keep_warm=settings.keep_warm,
    )
    return backlog, needed
