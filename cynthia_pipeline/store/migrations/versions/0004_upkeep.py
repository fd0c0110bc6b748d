"""What upkeep reads, each at a cost that does not grow with the past."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INDEXES = (
    (
        "ix_cynthia_audit_attempts_passing",
        "cynthia_audit_attempts",
        ["ended_at"],
        "outcome IN ('retried', 'released', 'expired')",
    ),
    (
        "ix_build_sessions_orphaned",
        "build_sessions",
        ["updated_at"],
        "audit_status = 'running' AND audit_id IS NULL",
    ),
)


def upgrade() -> None:
    for name, table, columns, condition in _INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(condition))


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
