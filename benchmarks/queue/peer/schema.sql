-- The web app's two tables, as it creates them, and the moment at which the worker started.
CREATE TYPE build_session_input_type AS ENUM ('idea', 'url');
CREATE TYPE build_session_audit_status AS ENUM ('pending', 'running', 'completed', 'failed');
CREATE TYPE build_session_status AS ENUM ('created', 'previewed', 'locked', 'converted');
CREATE TYPE audit_status AS ENUM ('pending', 'running', 'completed', 'failed');

CREATE TABLE cynthia_audits (
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
    completed_at timestamptz,
    started_at timestamptz
);

CREATE TABLE build_sessions (
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
);
