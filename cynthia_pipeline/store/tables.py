"""The tables, as SQLAlchemy metadata: the web app's own and this project's additions to them.

The web app's tables keep its names, types and meaning. What the pipeline adds to them stands under a comment of
its own: nullable or defaulted columns and new tables, so that the web app's statements go on working unchanged.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


def _id() -> Column[object]:
    return Column("id", UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()"))


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def _optional_moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


build_session_input_type = Enum("idea", "url", name="build_session_input_type", metadata=metadata)
build_session_audit_status = Enum(
    "pending", "running", "completed", "failed", name="build_session_audit_status", metadata=metadata
)
build_session_status = Enum(
    "created", "previewed", "locked", "converted", name="build_session_status", metadata=metadata
)
audit_status = Enum("pending", "running", "completed", "failed", name="audit_status", metadata=metadata)
fix_pack_type = Enum("token", "layout", "component", "motion", "content", name="fix_pack_type", metadata=metadata)
fix_pack_request_status = Enum(
    "pending", "running", "completed", "failed", name="fix_pack_request_status", metadata=metadata
)
cynthia_plan = Enum("free", "starter", "pro", "agency", name="cynthia_plan", metadata=metadata)

cynthia_audits = Table(
    "cynthia_audits",
    metadata,
    _id(),
    _moment("created_at"),
    _moment("updated_at"),
    Column("project_id", UUID(as_uuid=True), nullable=False),
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("status", audit_status, nullable=False, server_default="pending"),
    Column("target_type", String(50), nullable=False),
    Column("target_value", Text, nullable=False),
    Column("context", JSONB(none_as_null=True)),
    Column("constraints", JSONB(none_as_null=True)),
    Column("overall_score", Integer),
    Column("udec_scores", JSONB(none_as_null=True)),
    Column("issues_found_total", Integer),
    Column("teaser_issues", JSONB(none_as_null=True)),
    Column("full_issues", JSONB(none_as_null=True)),
    Column("fix_packs", JSONB(none_as_null=True)),
    Column("token_changes", JSONB(none_as_null=True)),
    Column("patch_plan", JSONB(none_as_null=True)),
    Column("error_message", Text),
    _optional_moment("completed_at"),
    # Added by the pipeline. A row without next_attempt_at is not in the queue: the web app's own audits stay its own.
    Column("details", JSONB(none_as_null=True)),
    Column("language", Text, nullable=False, server_default="en"),
    Column("owner_key", UUID(as_uuid=True)),
    Column("target_host", Text),
    Column("priority", SmallInteger, nullable=False, server_default="0"),
    Column("turn", Integer, nullable=False, server_default="0"),
    _optional_moment("queued_at"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    _optional_moment("next_attempt_at"),
    _optional_moment("started_at"),
    Column("lease_id", UUID(as_uuid=True)),
    _optional_moment("lease_expires_at"),
    Column("error_code", Text),
    _optional_moment("priority_since"),
    Column("dedupe_key", Text),
    Column("copied_from", UUID(as_uuid=True)),
)
REPORT_COLUMNS = (
    "overall_score",
    "udec_scores",
    "issues_found_total",
    "teaser_issues",
    "full_issues",
    "fix_packs",
    "token_changes",
    "patch_plan",
)
"""What an audit shows of its report."""

# What the claim reads, in the order it reads it; holds open work only, however many audits are past.
Index(
    "ix_cynthia_audits_queue",
    cynthia_audits.c.priority,
    cynthia_audits.c.turn,
    cynthia_audits.c.queued_at,
    cynthia_audits.c.id,
    postgresql_where=text("status = 'pending' AND next_attempt_at IS NOT NULL"),
)
Index(
    "ix_cynthia_audits_running",
    cynthia_audits.c.id,
    postgresql_where=text("status = 'running' AND lease_id IS NOT NULL"),
)
Index(
    "ix_cynthia_audits_open_by_owner",
    cynthia_audits.c.owner_key,
    postgresql_where=text("status IN ('pending', 'running') AND owner_key IS NOT NULL"),
)
Index(
    "ix_cynthia_audits_ageing",
    cynthia_audits.c.priority_since,
    postgresql_where=text("status = 'pending' AND next_attempt_at IS NOT NULL AND priority > 0"),
)
Index(
    "ix_cynthia_audits_dedupe_key",
    cynthia_audits.c.dedupe_key,
    cynthia_audits.c.completed_at,
    postgresql_where=text("status = 'completed' AND dedupe_key IS NOT NULL"),
)
Index(
    "ix_cynthia_audits_failed",
    cynthia_audits.c.completed_at,
    postgresql_where=text("status = 'failed' AND completed_at IS NOT NULL"),
)

build_sessions = Table(
    "build_sessions",
    metadata,
    _id(),
    _moment("created_at"),
    _moment("updated_at"),
    Column("language", Text, nullable=False, server_default="en"),
    Column("input_type", build_session_input_type, nullable=False),
    Column("input_value", Text, nullable=False),
    Column("teaser_score", Integer),
    Column("teaser_summary", JSONB(none_as_null=True)),
    Column("audit_id", UUID(as_uuid=True), ForeignKey("cynthia_audits.id", ondelete="SET NULL")),
    Column("audit_status", build_session_audit_status, nullable=False, server_default="pending"),
    Column("status", build_session_status, nullable=False, server_default="created"),
    Column("user_id", UUID(as_uuid=True)),
    # Added by the pipeline.
    Column("progress", SmallInteger, nullable=False, server_default="0"),
    CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
)
Index(
    "ix_build_sessions_new",
    build_sessions.c.created_at,
    postgresql_where=text("audit_status = 'pending' AND audit_id IS NULL"),
)
Index("ix_build_sessions_audit_id", build_sessions.c.audit_id)
Index(
    "ix_build_sessions_orphaned",
    build_sessions.c.updated_at,
    postgresql_where=text("audit_status = 'running' AND audit_id IS NULL"),
)
Index(
    "ix_build_sessions_open",
    build_sessions.c.audit_id,
    postgresql_where=text("audit_status IN ('pending', 'running') AND audit_id IS NOT NULL"),
)

fix_packs = Table(
    "fix_packs",
    metadata,
    _id(),
    _moment("created_at"),
    _moment("updated_at"),
    Column("audit_id", UUID(as_uuid=True), ForeignKey("cynthia_audits.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("type", fix_pack_type, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("patch_preview", JSONB(none_as_null=True), nullable=False),
    Column("files_affected", JSONB(none_as_null=True), nullable=False),
    Column("issues_fixed", JSONB(none_as_null=True), nullable=False),
    _optional_moment("applied_at"),
)

credit_balances = Table(
    "credit_balances",
    metadata,
    _id(),
    _moment("created_at"),
    _moment("updated_at"),
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("plan", cynthia_plan, nullable=False, server_default="free"),
    Column("monthly_credits", Integer, nullable=False, server_default="0"),
    Column("used_credits", Integer, nullable=False, server_default="0"),
    Column("reset_at", DateTime(timezone=True), nullable=False),
    # Added by the pipeline; a trigger fills it.
    Column("anchor_day", SmallInteger),
    UniqueConstraint("user_id"),
)
Index("ix_credit_balances_reset_at", credit_balances.c.reset_at)

preview_links = Table(
    "preview_links",
    metadata,
    _id(),
    _moment("created_at"),
    Column("build_session_id", UUID(as_uuid=True), ForeignKey("build_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("slug", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("slug"),
)

# The pipeline's own tables.

cynthia_drains = Table(
    "cynthia_drains",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("run_id", Text),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("slots", SmallInteger, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    _optional_moment("ending_at"),
    _optional_moment("ended_at"),
)

cynthia_pauses = Table(
    "cynthia_pauses",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("paused_at", DateTime(timezone=True), nullable=False),
    Column("paused_by", Text, nullable=False),
)

cynthia_audit_attempts = Table(
    "cynthia_audit_attempts",
    metadata,
    Column("audit_id", UUID(as_uuid=True), ForeignKey("cynthia_audits.id", ondelete="CASCADE"), primary_key=True),
    Column("lease_id", UUID(as_uuid=True), primary_key=True),
    Column("attempt", SmallInteger, nullable=False),
    Column("run_id", Text),
    Column("started_at", DateTime(timezone=True), nullable=False),
    _optional_moment("ended_at"),
    Column("outcome", Text),
    Column("error_code", Text),
    Column("detail", Text),
)
Index("ix_cynthia_audit_attempts_started_at", cynthia_audit_attempts.c.started_at)
Index("ix_cynthia_audit_attempts_ended_at", cynthia_audit_attempts.c.ended_at)
Index(
    "ix_cynthia_audit_attempts_passing",
    cynthia_audit_attempts.c.ended_at,
    postgresql_where=text("outcome IN ('retried', 'released', 'expired')"),
)

cynthia_audit_evidence = Table(
    "cynthia_audit_evidence",
    metadata,
    Column("audit_id", UUID(as_uuid=True), ForeignKey("cynthia_audits.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

cynthia_page_drafts = Table(
    "cynthia_page_drafts",
    metadata,
    Column("audit_id", UUID(as_uuid=True), ForeignKey("cynthia_audits.id", ondelete="CASCADE"), primary_key=True),
    _moment("created_at"),
    Column("template", Text, nullable=False),
    Column("html", Text, nullable=False),
)

fix_pack_requests = Table(
    "fix_pack_requests",
    metadata,
    _id(),
    _moment("created_at"),
    _moment("updated_at"),
    # No foreign keys: that there is no such audit, or no longer, is an answer and not an error.
    Column("audit_id", UUID(as_uuid=True), nullable=False),
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("type", fix_pack_type, nullable=False),
    Column("status", fix_pack_request_status, nullable=False, server_default="pending"),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("fix_pack_id", UUID(as_uuid=True), ForeignKey("fix_packs.id", ondelete="SET NULL")),
    Column("priority", SmallInteger, nullable=False, server_default="0"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    _optional_moment("next_attempt_at"),
    Column("progress", SmallInteger, nullable=False, server_default="0"),
    Column("idempotency_key", Text),
    Column("language", Text),
    _optional_moment("cancel_requested_at"),
    _optional_moment("accepted_at"),
    _optional_moment("started_at"),
    _optional_moment("completed_at"),
    # When an operator put it back; what it waits is counted from then.
    _optional_moment("replayed_at"),
    Column("answered_by", UUID(as_uuid=True), ForeignKey("fix_pack_requests.id", ondelete="SET NULL")),
    Column("lease_id", UUID(as_uuid=True)),
    _optional_moment("lease_expires_at"),
    UniqueConstraint("user_id", "idempotency_key"),
    CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
)
Index(
    "ix_fix_pack_requests_new",
    fix_pack_requests.c.created_at,
    postgresql_where=text("status = 'pending' AND accepted_at IS NULL"),
)
Index(
    "ix_fix_pack_requests_queue",
    fix_pack_requests.c.priority,
    fix_pack_requests.c.created_at,
    postgresql_where=text("status = 'pending' AND next_attempt_at IS NOT NULL"),
)
Index("ix_fix_pack_requests_running", fix_pack_requests.c.id, postgresql_where=text("status = 'running'"))
Index(
    "ix_fix_pack_requests_answered_by",
    fix_pack_requests.c.answered_by,
    postgresql_where=text("answered_by IS NOT NULL"),
)
Index(
    "ix_fix_pack_requests_to_cancel",
    fix_pack_requests.c.id,
    postgresql_where=text("cancel_requested_at IS NOT NULL AND status IN ('pending', 'running')"),
)
Index("ix_fix_pack_requests_audit_id_type", fix_pack_requests.c.audit_id, fix_pack_requests.c.type)
Index(
    "ix_fix_pack_requests_completed_at",
    fix_pack_requests.c.completed_at,
    postgresql_where=text("completed_at IS NOT NULL"),
)
Index(
    "uq_fix_pack_requests_open",
    fix_pack_requests.c.audit_id,
    fix_pack_requests.c.type,
    unique=True,
    postgresql_where=text("status IN ('pending', 'running') AND accepted_at IS NOT NULL AND answered_by IS NULL"),
)

cynthia_fix_pack_attempts = Table(
    "cynthia_fix_pack_attempts",
    metadata,
    Column("request_id", UUID(as_uuid=True), ForeignKey("fix_pack_requests.id", ondelete="CASCADE"), primary_key=True),
    Column("lease_id", UUID(as_uuid=True), primary_key=True),
    Column("attempt", SmallInteger, nullable=False),
    Column("run_id", Text),
    Column("started_at", DateTime(timezone=True), nullable=False),
    _optional_moment("ended_at"),
    Column("outcome", Text),
    Column("error_code", Text),
    Column("detail", Text),
)
Index("ix_cynthia_fix_pack_attempts_started_at", cynthia_fix_pack_attempts.c.started_at)
Index("ix_cynthia_fix_pack_attempts_ended_at", cynthia_fix_pack_attempts.c.ended_at)

fix_pack_verifications = Table(
    "fix_pack_verifications",
    metadata,
    Column("fix_pack_id", UUID(as_uuid=True), ForeignKey("fix_packs.id", ondelete="CASCADE"), primary_key=True),
    _moment("created_at"),
    Column("record", JSONB, nullable=False),
)

fix_pack_screenshots = Table(
    "fix_pack_screenshots",
    metadata,
    Column("fix_pack_id", UUID(as_uuid=True), ForeignKey("fix_packs.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

credit_ledger = Table(
    "credit_ledger",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("kind", Text, nullable=False),
    # How the entry changes what is left to spend; the columns after it are the balance's state after the entry.
    Column("credits", Integer, nullable=False),
    Column("plan", cynthia_plan, nullable=False),
    Column("monthly_credits", Integer, nullable=False),
    Column("used_credits", Integer, nullable=False),
    Column("reset_at", DateTime(timezone=True), nullable=False),
    Column("balance_after", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    # A request that a credit was held for stays.
    Column("request_id", UUID(as_uuid=True), ForeignKey("fix_pack_requests.id")),
    _optional_moment("due_at"),
    Column("idempotency_key", Text, nullable=False),
    UniqueConstraint("user_id", "idempotency_key"),
    CheckConstraint("balance_after = monthly_credits - used_credits", name="balance_after"),
)
Index("ix_credit_ledger_user_id_id", credit_ledger.c.user_id, credit_ledger.c.id)
Index("ix_credit_ledger_request_id", credit_ledger.c.request_id)
Index("ix_credit_ledger_due_at", credit_ledger.c.due_at, postgresql_where=text("due_at IS NOT NULL"))
