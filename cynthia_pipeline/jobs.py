"""The jobs: what can be launched by name, from the UI, a sensor or `dagster job launch`."""

from dagster import AssetSelection, define_asset_job, in_process_executor

from cynthia_pipeline.assets.audit_results import KIND_TAG, audit_results
from cynthia_pipeline.queue.model import WorkKind

audit_results_job = define_asset_job(
    "audit_results_job",
    selection=AssetSelection.assets(audit_results),
    # One process for one drain: a child for each step would import everything a second time.
    executor_def=in_process_executor,
    tags={KIND_TAG: WorkKind.AUDITS.value},
    description="Audits the build sessions that are due, or replays those of the chosen partitions.",
)
