"""When an operator's replay put a request for a fix pack back into the queue; when its attempts began, by index."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fix_pack_requests", sa.Column("replayed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_cynthia_fix_pack_attempts_started_at", "cynthia_fix_pack_attempts", ["started_at"])


def downgrade() -> None:
    op.drop_index("ix_cynthia_fix_pack_attempts_started_at", "cynthia_fix_pack_attempts")
    op.drop_column("fix_pack_requests", "replayed_at")
