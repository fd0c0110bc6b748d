-- What the working role may do, and nothing more. Run it after each migration, as the role that migrated (or as the
-- owner of the tables): first everything is taken away, so that a privilege which is no longer needed goes too.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM cynthia_runtime;

-- The web app's tables. A session's owner, input and `status` are the web app's own to change.
GRANT SELECT, INSERT ON build_sessions TO cynthia_runtime;
GRANT UPDATE (updated_at, teaser_score, teaser_summary, audit_id, audit_status, progress) ON build_sessions TO cynthia_runtime;
GRANT SELECT, INSERT, UPDATE ON cynthia_audits TO cynthia_runtime;
GRANT SELECT, INSERT ON fix_packs TO cynthia_runtime;
GRANT SELECT, INSERT, UPDATE ON credit_balances TO cynthia_runtime;
-- preview_links: nothing.

-- The pipeline's own.
GRANT SELECT, INSERT, UPDATE, DELETE ON cynthia_drains TO cynthia_runtime;
GRANT SELECT, INSERT, DELETE ON cynthia_pauses TO cynthia_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON cynthia_audit_attempts TO cynthia_runtime;
GRANT SELECT, INSERT, DELETE ON cynthia_audit_evidence TO cynthia_runtime;
GRANT SELECT, INSERT ON cynthia_page_drafts TO cynthia_runtime;
GRANT SELECT, INSERT, UPDATE ON fix_pack_requests TO cynthia_runtime;
GRANT SELECT, INSERT, UPDATE ON cynthia_fix_pack_attempts TO cynthia_runtime;
GRANT SELECT, INSERT ON fix_pack_verifications TO cynthia_runtime;
GRANT SELECT, INSERT ON fix_pack_screenshots TO cynthia_runtime;
GRANT SELECT, INSERT ON credit_ledger TO cynthia_runtime;
GRANT SELECT ON cynthia_alembic_version TO cynthia_runtime;
