"""What Dagster's UI is told of a session: one event for each attempt's end, under the session's partition."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias, assert_never

from dagster import AssetKey, AssetMaterialization, AssetObservation, MetadataValue

from cynthia_pipeline.assets.drain_thread import Ending
from cynthia_pipeline.assets.settled import SHOWN_CHARS, settled_metadata
from cynthia_pipeline.audit.engine import AuditResult
from cynthia_pipeline.dagster_compat import AssetEvent
from cynthia_pipeline.queue.model import AttemptOutcome, ClaimedAudit, SessionId
from cynthia_pipeline.text import clip, one_line

AUDIT_RESULTS = AssetKey("audit_results")

AuditEnding: TypeAlias = Ending[ClaimedAudit, AuditResult]


def events_of(ending: AuditEnding) -> Iterator[AssetEvent]:
    """One event for each session that waited for the audit: materialized if it is completed, else observed.

    A failed session must not look done: its partition stays unmaterialized, and the observation says why.
    """
    for session in ending.settled.sessions:
        metadata = _metadata(ending, session)
        match ending.settled.outcome:
            case AttemptOutcome.COMPLETED:
                yield AssetMaterialization(AUDIT_RESULTS, partition=str(session), metadata=metadata)
            case AttemptOutcome.FAILED | AttemptOutcome.RETRIED | AttemptOutcome.RELEASED | AttemptOutcome.EXPIRED:
                yield AssetObservation(AUDIT_RESULTS, partition=str(session), metadata=metadata)
            case _ as never:
                assert_never(never)


def partition_keys(endings: Sequence[AuditEnding]) -> list[str]:
    """The dynamic partitions of the sessions that the endings concern, each once, in order."""
    return list(dict.fromkeys(str(session) for ending in endings for session in ending.settled.sessions))


def _metadata(ending: AuditEnding, session: SessionId) -> dict[str, MetadataValue]:
    audit = ending.work
    metadata: dict[str, MetadataValue] = {
        "target": MetadataValue.text(clip(one_line(audit.target_value), SHOWN_CHARS)),
        "audit_id": MetadataValue.text(str(audit.id)),
        "attempt": MetadataValue.int(audit.attempt),
        **settled_metadata(ending.settled),
    }
    if ending.made is not None:
        report = ending.made.report
        if report.overall_score is not None:
            metadata["score"] = MetadataValue.int(report.overall_score)
        for axis, score in report.udec_scores.items():
            if score is not None:
                metadata[f"score_{axis.value}"] = MetadataValue.int(score)
        metadata["issues"] = MetadataValue.int(report.issues_found_total)
        for severity, count in report.issues_by_severity().items():
            metadata[f"issues_{severity.value}"] = MetadataValue.int(count)
        if report.details.cut_short:
            metadata["cut_short"] = MetadataValue.text(clip(one_line("; ".join(report.details.cut_short)), SHOWN_CHARS))
        metadata["report"] = MetadataValue.text(f"cynthia report {session} --html report.html")
    return metadata
