"""The composition root: the one place that knows every part. Nothing is opened or read when it is loaded."""

import os
from collections.abc import Mapping
from typing import Any

from dagster import Definitions, in_process_executor

from cynthia_pipeline.assets.audit_results import audit_results
from cynthia_pipeline.assets.checks import promises
from cynthia_pipeline.assets.credit_resets import credit_resets
from cynthia_pipeline.assets.external import build_sessions, credit_balances
from cynthia_pipeline.assets.fix_packs import fix_packs
from cynthia_pipeline.assets.retention import retention
from cynthia_pipeline.engines import open_audit_engine, open_pack_maker
from cynthia_pipeline.jobs import audit_results_job, credit_resets_job, fix_packs_job, maintenance_job
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.schedules import maintenance_schedule, monthly_credit_reset
from cynthia_pipeline.sensors.build_sessions import build_session_sensor
from cynthia_pipeline.sensors.fix_pack_requests import fix_pack_request_sensor
from cynthia_pipeline.sensors.queue_depth import queue_depth_sensor
from cynthia_pipeline.sensors.rescue import rescue_sensor


def build_defs(resource_overrides: Mapping[str, Any] | None = None) -> Definitions:
    """The code location.

    Args:
        resource_overrides: resources to use in place of the deployment's own, by name.
    """
    pipeline = Pipeline(environment=os.environ, open_audit_engine=open_audit_engine, open_pack_maker=open_pack_maker)
    return Definitions(
        assets=[build_sessions, credit_balances, audit_results, fix_packs, credit_resets, retention],
        asset_checks=promises,
        jobs=[audit_results_job, fix_packs_job, credit_resets_job, maintenance_job],
        sensors=[build_session_sensor, fix_pack_request_sensor, queue_depth_sensor, rescue_sensor],
        schedules=[maintenance_schedule, monthly_credit_reset],
        # Also for what the UI materializes or checks: a child for each step would import everything a second time.
        executor=in_process_executor,
        resources={"pipeline": pipeline, **(resource_overrides or {})},
    )


defs = build_defs()
