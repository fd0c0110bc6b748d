"""The queue: what the pipeline adds to the web app's tables, its own tables, and the wake-up on insert."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AUDIT_COLUMNS = (
    sa.Column("details", postgresql.JSONB()),
    sa.Column("language", sa.Text, nullable=False, server_default="en"),
    sa.Column("owner_key", sa.UUID()),
    sa.Column("target_host", sa.Text),
    sa.Column("priority", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("turn", sa.Integer, nullable=False, server_default="0"),
    sa.Column("queued_at", sa.DateTime(timezone=True)),
    sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
    sa.Column("started_at", sa.DateTime(timezone=True)),
    sa.Column("lease_id", sa.UUID()),
    sa.Column("lease_expires_at", sa.DateTime(timezone=True)),
    sa.Column("error_code", sa.Text),
)

_OPEN_WORK = "status = 'pending' AND next_attempt_at IS NOT NULL"
_RUNNING = "status = 'running' AND lease_id IS NOT NULL"
_OPEN_BY_OWNER = "status IN ('pending', 'running') AND owner_key IS NOT NULL"


def upgrade() -> None:
    for column in _AUDIT_COLUMNS:
        op.add_column("cynthia_audits", column)
    op.create_index(
        "ix_cynthia_audits_queue",
        "cynthia_audits",
        ["priority", "turn", "queued_at", "id"],
        postgresql_where=sa.text(_OPEN_WORK),
    )
    op.create_index("ix_cynthia_audits_running", "cynthia_audits", ["id"], postgresql_where=sa.text(_RUNNING))
    op.create_index(
        "ix_cynthia_audits_open_by_owner", "cynthia_audits", ["owner_key"], postgresql_where=sa.text(_OPEN_BY_OWNER)
    )

    op.add_column("build_sessions", sa.Column("progress", sa.SmallInteger, nullable=False, server_default="0"))
    op.create_check_constraint("build_sessions_progress_check", "build_sessions", "progress BETWEEN 0 AND 100")
    op.create_index(
        "ix_build_sessions_new",
        "build_sessions",
        ["created_at"],
        postgresql_where=sa.text("audit_status = 'pending' AND audit_id IS NULL"),
    )
    op.create_index("ix_build_sessions_audit_id", "build_sessions", ["audit_id"])

    op.create_table(
        "cynthia_drains",
        sa.Column("id", sa.UUID(), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("slots", sa.SmallInteger, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ending_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "cynthia_audit_attempts",
        sa.Column("audit_id", sa.UUID(), sa.ForeignKey("cynthia_audits.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("lease_id", sa.UUID(), primary_key=True),
        sa.Column("attempt", sa.SmallInteger, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.Text),
        sa.Column("error_code", sa.Text),
        sa.Column("detail", sa.Text),
    )
    op.create_index("ix_cynthia_audit_attempts_started_at", "cynthia_audit_attempts", ["started_at"])
    op.create_index("ix_cynthia_audit_attempts_ended_at", "cynthia_audit_attempts", ["ended_at"])
    op.create_table(
        "cynthia_audit_evidence",
        sa.Column("audit_id", sa.UUID(), sa.ForeignKey("cynthia_audits.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "cynthia_page_drafts",
        sa.Column("audit_id", sa.UUID(), sa.ForeignKey("cynthia_audits.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
    )

    op.execute(
        """
        CREATE FUNCTION cynthia_tell_of_work() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('cynthia_work', TG_ARGV[0]);
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER cynthia_tell_of_build_sessions AFTER INSERT ON build_sessions
        FOR EACH STATEMENT EXECUTE FUNCTION cynthia_tell_of_work('audits')
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER cynthia_tell_of_build_sessions ON build_sessions")
    op.execute("DROP FUNCTION cynthia_tell_of_work()")
    for table in ("cynthia_page_drafts", "cynthia_audit_evidence", "cynthia_audit_attempts", "cynthia_drains"):
        op.drop_table(table)
    op.drop_index("ix_build_sessions_audit_id", "build_sessions")
    op.drop_index("ix_build_sessions_new", "build_sessions")
    op.drop_constraint("build_sessions_progress_check", "build_sessions")
    op.drop_column("build_sessions", "progress")
    for name in ("ix_cynthia_audits_open_by_owner", "ix_cynthia_audits_running", "ix_cynthia_audits_queue"):
        op.drop_index(name, "cynthia_audits")
    for column in reversed(_AUDIT_COLUMNS):
        op.drop_column("cynthia_audits", column.name)
