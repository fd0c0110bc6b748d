"""The web app's tables, created only where they are missing: on the web app's own database nothing changes."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ENUMS = {
    "build_session_input_type": "'idea', 'url'",
    "build_session_audit_status": "'pending', 'running', 'completed', 'failed'",
    "build_session_status": "'created', 'previewed', 'locked', 'converted'",
    "audit_status": "'pending', 'running', 'completed', 'failed'",
    "fix_pack_type": "'token', 'layout', 'component', 'motion', 'content'",
    "cynthia_plan": "'free', 'starter', 'pro', 'agency'",
}

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS cynthia_audits (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        project_id uuid NOT NULL,
        user_id uuid NOT NULL,
        status audit_status NOT NULL DEFAULT 'pending',
        target_type varchar(50) NOT NULL,
        target_value text NOT NULL,
        context jsonb,
        constraints jsonb,
        overall_score integer,
        udec_scores jsonb,
        issues_found_total integer,
        teaser_issues jsonb,
        full_issues jsonb,
        fix_packs jsonb,
        token_changes jsonb,
        patch_plan jsonb,
        error_message text,
        completed_at timestamptz
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS build_sessions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        language text NOT NULL DEFAULT 'en',
        input_type build_session_input_type NOT NULL,
        input_value text NOT NULL,
        teaser_score integer,
        teaser_summary jsonb,
        audit_id uuid REFERENCES cynthia_audits (id) ON DELETE SET NULL,
        audit_status build_session_audit_status NOT NULL DEFAULT 'pending',
        status build_session_status NOT NULL DEFAULT 'created',
        user_id uuid
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS fix_packs (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        audit_id uuid NOT NULL REFERENCES cynthia_audits (id) ON DELETE CASCADE,
        user_id uuid NOT NULL,
        type fix_pack_type NOT NULL,
        title text NOT NULL,
        description text NOT NULL,
        patch_preview jsonb NOT NULL,
        files_affected jsonb NOT NULL,
        issues_fixed jsonb NOT NULL,
        applied_at timestamptz
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS credit_balances (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        user_id uuid NOT NULL UNIQUE,
        plan cynthia_plan NOT NULL DEFAULT 'free',
        monthly_credits integer NOT NULL DEFAULT 0,
        used_credits integer NOT NULL DEFAULT 0,
        reset_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS preview_links (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        created_at timestamptz NOT NULL DEFAULT now(),
        build_session_id uuid NOT NULL REFERENCES build_sessions (id) ON DELETE CASCADE,
        slug text NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL
    )
    """,
)


def upgrade() -> None:
    for name, members in _ENUMS.items():
        op.execute(
            f"""
            DO $$ BEGIN
                IF to_regtype('{name}') IS NULL THEN CREATE TYPE {name} AS ENUM ({members}); END IF;
            END $$
            """
        )
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("The web app's tables are not this project's to drop.")
