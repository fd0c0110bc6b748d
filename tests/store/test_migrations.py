"""The migrations: on an empty database, on the web app's own, and against the metadata."""

from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from cynthia_pipeline.store import migrate
from cynthia_pipeline.store.database import open_engine
from cynthia_pipeline.store.migrate import VERSION_TABLE, pending_revisions, upgrade
from cynthia_pipeline.store.tables import metadata

# The web app's database as the contract describes it, with the parts of the app's own that the contract names.
_WEB_APP = """
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY);
CREATE TABLE projects (id uuid PRIMARY KEY);
CREATE TYPE build_session_input_type AS ENUM ('idea', 'url');
CREATE TYPE build_session_audit_status AS ENUM ('pending', 'running', 'completed', 'failed');
CREATE TYPE build_session_status AS ENUM ('created', 'previewed', 'locked', 'converted');
CREATE TYPE audit_status AS ENUM ('pending', 'running', 'completed', 'failed');
CREATE TYPE fix_pack_type AS ENUM ('token', 'layout', 'component', 'motion', 'content');
CREATE TYPE cynthia_plan AS ENUM ('free', 'starter', 'pro', 'agency');
CREATE TABLE cynthia_audits (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL REFERENCES projects (id),
    user_id uuid NOT NULL REFERENCES auth.users (id),
    status audit_status NOT NULL DEFAULT 'pending',
    target_type varchar(50) NOT NULL,
    target_value text NOT NULL,
    context jsonb, constraints jsonb, overall_score integer, udec_scores jsonb, issues_found_total integer,
    teaser_issues jsonb, full_issues jsonb, fix_packs jsonb, token_changes jsonb, patch_plan jsonb,
    error_message text,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz
);
CREATE TABLE build_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    language text NOT NULL DEFAULT 'en',
    input_type build_session_input_type NOT NULL,
    input_value text NOT NULL,
    teaser_score integer, teaser_summary jsonb,
    audit_id uuid REFERENCES cynthia_audits (id) ON DELETE SET NULL,
    audit_status build_session_audit_status NOT NULL DEFAULT 'pending',
    status build_session_status NOT NULL DEFAULT 'created',
    user_id uuid REFERENCES auth.users (id)
);
CREATE TABLE fix_packs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    audit_id uuid NOT NULL REFERENCES cynthia_audits (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES auth.users (id),
    type fix_pack_type NOT NULL, title text NOT NULL, description text NOT NULL,
    patch_preview jsonb NOT NULL, files_affected jsonb NOT NULL, issues_fixed jsonb NOT NULL,
    applied_at timestamptz
);
CREATE TABLE credit_balances (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    user_id uuid NOT NULL UNIQUE REFERENCES auth.users (id),
    plan cynthia_plan NOT NULL DEFAULT 'free',
    monthly_credits integer NOT NULL DEFAULT 0, used_credits integer NOT NULL DEFAULT 0,
    reset_at timestamptz NOT NULL
);
CREATE TABLE preview_links (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    build_session_id uuid NOT NULL REFERENCES build_sessions (id) ON DELETE CASCADE,
    slug text NOT NULL UNIQUE, expires_at timestamptz NOT NULL
);
INSERT INTO auth.users VALUES ('00000000-0000-0000-0000-000000000002');
INSERT INTO projects VALUES ('00000000-0000-0000-0000-000000000001');
INSERT INTO build_sessions (input_type, input_value) VALUES ('url', 'https://example.com'), ('idea', 'a bakery');
"""

_CATALOGUE = """
SELECT 'column', table_schema, table_name, column_name,
       concat_ws(' ', udt_name, character_maximum_length, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema IN ('public', 'auth')
UNION ALL
SELECT 'constraint', n.nspname, t.relname, c.conname, pg_get_constraintdef(c.oid)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname IN ('public', 'auth')
UNION ALL
SELECT 'index', schemaname, tablename, indexname, indexdef FROM pg_indexes WHERE schemaname IN ('public', 'auth')
UNION ALL
SELECT 'member', '', t.typname, e.enumlabel, e.enumsortorder::text
FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
"""


def _catalogue(url: str) -> set[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return {tuple(row) for row in connection.execute(_CATALOGUE).fetchall()}


def _differences_from_metadata(url: str) -> list[object]:
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: not (kind == "table" and name == VERSION_TABLE),
            },
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    return list(differences)


def test_a_migrated_empty_database_equals_the_metadata(database_url: str) -> None:
    assert _differences_from_metadata(database_url) == []


def test_nothing_of_the_web_apps_tables_changes_but_for_additions(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(_WEB_APP)
    before = _catalogue(empty_database_url)

    upgrade(empty_database_url)

    after = _catalogue(empty_database_url)
    assert before - after == set()
    added_to_web_app = {
        (table, name, definition)
        for kind, _, table, name, definition in after - before
        if kind == "column" and table in {"build_sessions", "cynthia_audits", "fix_packs", "credit_balances"}
    }
    assert added_to_web_app
    assert all(" YES" in definition or " NO " in definition for _, _, definition in added_to_web_app)
    with psycopg.connect(empty_database_url) as connection:
        rows = connection.execute("SELECT input_value, audit_status, progress FROM build_sessions").fetchall()
        assert sorted(rows) == [("a bakery", "pending", 0), ("https://example.com", "pending", 0)]
        # The web app's own statements go on working, with none of the added columns named.
        connection.execute(
            "INSERT INTO cynthia_audits (project_id, user_id, target_type, target_value) VALUES "
            "('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', 'url', 'https://x.test')"
        )


def test_the_web_apps_tables_hold_what_a_fresh_database_holds(database_url: str, empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(_WEB_APP)
    upgrade(empty_database_url)

    def columns(url: str) -> set[tuple[str, ...]]:
        return {row[2:] for row in _catalogue(url) if row[0] in {"column", "member"} and row[1] in {"public", ""}}

    own = columns(database_url)
    assert own <= columns(empty_database_url)


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    before = _catalogue(database_url)
    upgrade(database_url)
    assert _catalogue(database_url) == before


def test_pending_revisions_are_named_until_they_are_applied(empty_database_url: str) -> None:
    written = sorted(path.name[:4] for path in Path(migrate.__file__).with_name("migrations").glob("versions/0*.py"))
    assert list(pending_revisions(empty_database_url)) == written
    upgrade(empty_database_url)
    assert pending_revisions(empty_database_url) == ()


def test_a_commit_of_build_sessions_tells_the_listeners(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as listener, psycopg.connect(database_url) as web_app:
        listener.execute("LISTEN cynthia_work")
        web_app.execute("INSERT INTO build_sessions (input_type, input_value) VALUES ('idea', 'x'), ('idea', 'y')")
        web_app.commit()
        heard = list(listener.notifies(timeout=10, stop_after=1))
    assert [notice.payload for notice in heard] == ["audits"]


@pytest.mark.parametrize("progress", [-1, 101])
def test_progress_is_a_percentage(database_url: str, progress: int) -> None:
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "INSERT INTO build_sessions (input_type, input_value, progress) VALUES ('idea', 'x', %s)", (progress,)
        )
