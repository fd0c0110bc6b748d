"""The composition root: the one place that knows every part. Nothing is opened or read when it is loaded."""

import os
from collections.abc import Mapping
from typing import Any

from dagster import Definitions

from cynthia_pipeline.assets.audit_results import audit_results
from cynthia_pipeline.assets.external import build_sessions, credit_balances
from cynthia_pipeline.engines import open_audit_engine
from cynthia_pipeline.jobs import audit_results_job
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.sensors.build_sessions import build_session_sensor


def build_defs(resource_overrides: Mapping[str, Any] | None = None) -> Definitions:
    """The code location.

    Args:
        resource_overrides: resources to use in place of the deployment's own, by name.
    """
    pipeline = Pipeline(environment=os.environ, open_audit_engine=open_audit_engine)
    return Definitions(
        assets=[build_sessions, credit_balances, audit_results],
        jobs=[audit_results_job],
        sensors=[build_session_sensor],
        resources={"pipeline": pipeline, **(resource_overrides or {})},
    )


defs = build_defs()
