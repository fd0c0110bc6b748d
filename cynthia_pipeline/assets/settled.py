"""What the events of audits and of fix packs say alike: how an attempt ended."""

from typing import Final

from dagster import MetadataValue

from cynthia_pipeline.queue.model import Settled

SHOWN_CHARS: Final = 500
"""Longest text of a page, a user or a maker in an event's metadata, characters."""


def settled_metadata(settled: Settled) -> dict[str, MetadataValue]:
    """Outcome, error and times, seconds; what there is none of is left out."""
    metadata: dict[str, MetadataValue] = {
        "outcome": MetadataValue.text(settled.outcome.value),
        "waited_s": MetadataValue.float(round(settled.waited_s, 3)),
        "worked_s": MetadataValue.float(round(settled.worked_s, 3)),
    }
    if settled.error_code is not None:
        metadata["error_code"] = MetadataValue.text(settled.error_code.value)
    if settled.error_message is not None:
        metadata["error_message"] = MetadataValue.text(settled.error_message)
    if settled.next_attempt_at is not None:
        metadata["next_attempt"] = MetadataValue.timestamp(settled.next_attempt_at)
    return metadata
