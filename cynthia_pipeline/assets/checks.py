"""The promises, as asset checks: run by the maintenance job, and by hand from Dagster's UI."""

from datetime import timedelta

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    MetadataValue,
    ResourceParam,
    TableRecord,
    asset_check,
)

from cynthia_pipeline.assets.events import AUDIT_RESULTS
from cynthia_pipeline.assets.external import credit_balances
from cynthia_pipeline.assets.fix_packs import FIX_PACKS
from cynthia_pipeline.resources import Pipeline
from cynthia_pipeline.store.integrity import (
    Finding,
    find_done_twice,
    find_incomplete,
    find_lost,
    find_packs_stuck,
    find_stuck,
)
from cynthia_pipeline.store.ledger_check import find_unbalanced
from cynthia_pipeline.store.moment import database_now


@asset_check(asset=AUDIT_RESULTS, description="No open audit waits without a live lease, a retry or a reason.")
def nothing_stuck(pipeline: ResourceParam[Pipeline]) -> AssetCheckResult:
    """Open work that nothing moved for `stuck_after_s`."""
    with pipeline.database.transaction() as connection:
        after = timedelta(seconds=pipeline.settings.stuck_after_s)
        return _result(find_stuck(connection, database_now(connection), after))


@asset_check(asset=AUDIT_RESULTS, description="Each session says what its audit says.")
def no_session_lost(pipeline: ResourceParam[Pipeline]) -> AssetCheckResult:
    """Sessions that contradict their audit for longer than `stuck_after_s`."""
    with pipeline.database.transaction() as connection:
        after = timedelta(seconds=pipeline.settings.stuck_after_s)
        return _result(find_lost(connection, database_now(connection), after))


@asset_check(asset=AUDIT_RESULTS, description="No audit of the last day was completed twice but by a replay.")
def no_audit_done_twice(pipeline: ResourceParam[Pipeline]) -> AssetCheckResult:
    """Audits with two completed attempts and no replay between."""
    with pipeline.database.transaction() as connection:
        return _result(find_done_twice(connection, database_now(connection)))


@asset_check(asset=AUDIT_RESULTS, description="Reports of the last day have thirteen axes and a teaser within bounds.")
def report_complete(pipeline: ResourceParam[Pipeline]) -> AssetCheckResult:
    """Completed audits whose stored report is not whole."""
    with pipeline.database.transaction() as connection:
        return _result(find_incomplete(connection, database_now(connection)))


@asset_check(asset=credit_balances.key, description="Balances equal their ledger, and each pack has its charge.")
def ledger_balanced(pipeline: ResourceParam[Pipeline]) -> AssetCheckResult:
    """Balances and holds that do not add up, over the whole ledger."""
    with pipeline.database.transaction() as connection:
        return _result(find_unbalanced(connection))


@asset_check(asset=FIX_PACKS, description="No open request waits without a live lease, a retry or a reason.")
def no_pack_stuck(pipeline: ResourceParam[Pipeline]) -> AssetCheckResult:
    """Open requests that nothing moved for `stuck_after_s`."""
    with pipeline.database.transaction() as connection:
        after = timedelta(seconds=pipeline.settings.stuck_after_s)
        return _result(find_packs_stuck(connection, database_now(connection), after))


promises = [nothing_stuck, no_session_lost, no_audit_done_twice, report_complete, no_pack_stuck, ledger_balanced]


def _result(finding: Finding) -> AssetCheckResult:
    offenders = [TableRecord({"table": each.table, "id": str(each.id), "why": each.why}) for each in finding.offenders]
    metadata: dict[str, MetadataValue] = {
        "found": MetadataValue.int(len(offenders)),
        "more": MetadataValue.bool(finding.more),
    }
    if offenders:
        metadata["offenders"] = MetadataValue.table(offenders)
    return AssetCheckResult(
        passed=not offenders,
        severity=AssetCheckSeverity.ERROR,
        description=f"{finding.offenders[0].table} {finding.offenders[0].id}: {finding.offenders[0].why}"
        if offenders
        else None,
        metadata=metadata,
    )
