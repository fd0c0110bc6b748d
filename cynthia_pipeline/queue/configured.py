"""What the settings say about the queue, in the queue's own words."""

from cynthia_pipeline.queue.model import Limits
from cynthia_pipeline.settings import Settings


def limits_of(settings: Settings) -> Limits:
    """How much may run at once."""
    return Limits(
        at_once=settings.audits_at_once,
        per_owner=settings.audits_per_user,
        per_host=settings.audits_per_host,
        starts_per_minute=settings.audit_starts_per_minute,
    )
