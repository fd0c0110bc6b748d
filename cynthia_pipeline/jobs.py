"""The jobs: what can be launched by name, from the UI, a sensor or `dagster job launch`."""

from dagster import AssetSelection, define_asset_job, in_process_executor

from cynthia_pipeline.assets.audit_results import KIND_TAG, audit_results
from cynthia_pipeline.assets.checks import promises
from cynthia_pipeline.assets.credit_resets import credit_resets
from cynthia_pipeline.assets.fix_packs import fix_packs
from cynthia_pipeline.assets.retention import retention
from cynthia_pipeline.queue.model import WorkKind

audit_results_job = define_asset_job(
    "audit_results_job",
    # The checks look at the whole queue: the maintenance job runs them, not every drain.
    selection=AssetSelection.assets(audit_results).without_checks(),
    # One process for one drain: a child for each step would import everything a second time.
    executor_def=in_process_executor,
    tags={KIND_TAG: WorkKind.AUDITS.value},
    description="Audits the build sessions that are due, or replays those of the chosen partitions.",
)

PACK_PRIORITY = "10"
"""Dagster's queue starts runs with a higher priority first; audits have 0. A user is waiting for the pack."""

fix_packs_job = define_asset_job(
    "fix_packs_job",
    selection=AssetSelection.assets(fix_packs).without_checks(),
    executor_def=in_process_executor,
    tags={KIND_TAG: WorkKind.FIX_PACKS.value, "dagster/priority": PACK_PRIORITY},
    description="Makes the fix packs that are due.",
)

credit_resets_job = define_asset_job(
    "credit_resets_job",
    selection=AssetSelection.assets(credit_resets),
    executor_def=in_process_executor,
    tags={"dagster/max_runtime": "3600"},
    description="Resets the credits of a month that are due.",
)

maintenance_job = define_asset_job(
    "maintenance",
    selection=AssetSelection.assets(retention) | AssetSelection.checks(*promises),
    executor_def=in_process_executor,
    # It shows no drain for the rescue sensor to miss: Dagster's own run monitoring ends one that died. Seconds.
    tags={"dagster/max_runtime": "3600"},
    description="Prunes Dagster's history and passing attempts, and checks the promises.",
)
