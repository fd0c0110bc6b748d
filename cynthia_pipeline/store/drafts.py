"""The pages that were drafted from ideas, kept so that a retry audits the same page and a report can show it."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from cynthia_pipeline.queue.model import AuditId
from cynthia_pipeline.store.storable import storable
from cynthia_pipeline.store.tables import cynthia_page_drafts

_drafts = cynthia_page_drafts.c


def load(connection: Connection, audit: AuditId) -> tuple[str, str] | None:
    """The template's name and the HTML of the audit's draft; None if there is none."""
    row = connection.execute(select(_drafts.template, _drafts.html).where(_drafts.audit_id == audit)).first()
    return None if row is None else (row.template, row.html)


def save(connection: Connection, audit: AuditId, template: str, html: str) -> None:
    """Keeps the draft; one that is there already stays. The caller commits."""
    statement = insert(cynthia_page_drafts).values(audit_id=audit, template=template, html=storable(html))
    connection.execute(statement.on_conflict_do_nothing())
