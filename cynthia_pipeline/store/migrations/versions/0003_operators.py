"""What operators steer the queue by: ageing, duplicates, pauses, and the finals by when they ended."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AUDIT_COLUMNS = (
    sa.Column("priority_since", sa.DateTime(timezone=True)),
    sa.Column("dedupe_key", sa.Text),
    sa.Column("copied_from", sa.UUID()),
)

_INDEXES = (
    (
        "ix_cynthia_audits_ageing",
        "cynthia_audits",
        ["priority_since"],
        "status = 'pending' AND next_attempt_at IS NOT NULL AND priority > 0",
    ),
    (
        "ix_cynthia_audits_dedupe_key",
        "cynthia_audits",
        ["dedupe_key", "completed_at"],
        "status = 'completed' AND dedupe_key IS NOT NULL",
    ),
    (
        "ix_cynthia_audits_failed",
        "cynthia_audits",
        ["completed_at"],
        "status = 'failed' AND completed_at IS NOT NULL",
    ),
    (
        "ix_build_sessions_open",
        "build_sessions",
        ["audit_id"],
        "audit_status IN ('pending', 'running') AND audit_id IS NOT NULL",
    ),
)


def upgrade() -> None:
    for column in _AUDIT_COLUMNS:
        op.add_column("cynthia_audits", column)
    op.execute(
        "UPDATE cynthia_audits SET priority_since = queued_at"
        " WHERE status IN ('pending', 'running') AND owner_key IS NOT NULL"
    )
    for name, table, columns, condition in _INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(condition))
    op.create_table(
        "cynthia_pauses",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_by", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("cynthia_pauses")
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
    for column in reversed(_AUDIT_COLUMNS):
        op.drop_column("cynthia_audits", column.name)
