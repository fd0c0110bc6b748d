"""Requests for fix packs, how packs were proven, and the credits' ledger, which the balances always equal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PACK_TYPE = postgresql.ENUM(name="fix_pack_type", create_type=False)
_PLAN = postgresql.ENUM(name="cynthia_plan", create_type=False)
_STATUS = postgresql.ENUM("pending", "running", "completed", "failed", name="fix_pack_request_status")

_INDEXES = (
    ("ix_fix_pack_requests_new", ["created_at"], "status = 'pending' AND accepted_at IS NULL"),
    ("ix_fix_pack_requests_queue", ["priority", "created_at"], "status = 'pending' AND next_attempt_at IS NOT NULL"),
    ("ix_fix_pack_requests_running", ["id"], "status = 'running'"),
    ("ix_fix_pack_requests_answered_by", ["answered_by"], "answered_by IS NOT NULL"),
    (
        "ix_fix_pack_requests_to_cancel",
        ["id"],
        "cancel_requested_at IS NOT NULL AND status IN ('pending', 'running')",
    ),
    ("ix_fix_pack_requests_audit_id_type", ["audit_id", "type"], None),
    ("ix_fix_pack_requests_completed_at", ["completed_at"], "completed_at IS NOT NULL"),
)

_FUNCTIONS = (
    # One month on, in UTC: the anchor day, or the month's last where it has no such day; the time of day stays.
    """
    CREATE FUNCTION cynthia_reset_after(reset_at timestamptz, anchor_day smallint) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE AS $$
        SELECT (month
            + (least(anchor_day, extract(day FROM month + interval '1 month' - interval '1 day')::int) - 1)
              * interval '1 day'
            + (reset_at AT TIME ZONE 'UTC')::time) AT TIME ZONE 'UTC'
        FROM (SELECT date_trunc('month', reset_at AT TIME ZONE 'UTC') + interval '1 month' AS month) AS following
    $$
    """,
    # Whoever writes a balance: the day it resets on is remembered when it is first seen, and kept while the reset
    # falls on it, or on the last day of a month that is too short for it.
    """
    CREATE FUNCTION cynthia_keep_anchor_day() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    DECLARE
        at timestamp := NEW.reset_at AT TIME ZONE 'UTC';
        day int := extract(day FROM at);
        last_day int := extract(day FROM date_trunc('month', at) + interval '1 month' - interval '1 day');
    BEGIN
        IF NEW.anchor_day IS NULL OR day <> least(NEW.anchor_day, last_day) THEN
            NEW.anchor_day := day;
        END IF;
        RETURN NEW;
    END $$
    """,
    # What another than the pipeline writes to a balance enters the ledger here; what the pipeline writes stands in
    # it already, as the newest entry.
    """
    CREATE FUNCTION cynthia_keep_ledger() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        last credit_ledger%ROWTYPE;
        what text;
    BEGIN
        SELECT * INTO last FROM credit_ledger WHERE user_id = NEW.user_id ORDER BY id DESC LIMIT 1;
        IF TG_OP = 'INSERT' OR last.id IS NULL THEN
            what := 'opening';
        ELSIF (last.plan, last.monthly_credits, last.used_credits, last.reset_at)
            = (NEW.plan, NEW.monthly_credits, NEW.used_credits, NEW.reset_at) THEN
            RETURN NULL;
        ELSIF NEW.plan <> OLD.plan THEN
            what := 'plan_change';
        ELSIF NEW.reset_at > OLD.reset_at AND NEW.used_credits = 0 THEN
            what := 'reset';
        ELSE
            what := 'adjustment';
        END IF;
        INSERT INTO credit_ledger (created_at, user_id, kind, credits, plan, monthly_credits, used_credits, reset_at,
                                   balance_after, purpose, idempotency_key)
        VALUES (clock_timestamp(), NEW.user_id, what,
                NEW.monthly_credits - NEW.used_credits - coalesce(last.balance_after, 0),
                NEW.plan, NEW.monthly_credits, NEW.used_credits, NEW.reset_at,
                NEW.monthly_credits - NEW.used_credits, 'written to the balance', 'seen:' || gen_random_uuid());
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION cynthia_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$
    """,
    # One row for each month of each balance that was reset. A month that was reset before is passed over.
    """
    CREATE FUNCTION cynthia_reset_credits(moment timestamptz, due_before timestamptz)
    RETURNS TABLE (balance_user uuid, was_due_at timestamptz, credits_returned integer)
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    DECLARE
        balance credit_balances%ROWTYPE;
        entry bigint;
    BEGIN
        FOR balance IN
            SELECT * FROM credit_balances AS b
            WHERE b.reset_at <= moment AND b.reset_at < due_before ORDER BY b.user_id FOR UPDATE
        LOOP
            WHILE balance.reset_at <= moment AND balance.reset_at < due_before LOOP
                was_due_at := balance.reset_at;
                balance.reset_at := cynthia_reset_after(was_due_at, balance.anchor_day);
                INSERT INTO credit_ledger (created_at, user_id, kind, credits, plan, monthly_credits, used_credits,
                                           reset_at, balance_after, purpose, due_at, idempotency_key)
                VALUES (moment, balance.user_id, 'reset', balance.used_credits, balance.plan, balance.monthly_credits,
                        0, balance.reset_at, balance.monthly_credits,
                        'month of ' || to_char(was_due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), was_due_at,
                        'reset:' || to_char(was_due_at AT TIME ZONE 'UTC', 'YYYY-MM'))
                ON CONFLICT (user_id, idempotency_key) DO NOTHING RETURNING id INTO entry;
                IF entry IS NOT NULL THEN
                    balance_user := balance.user_id;
                    credits_returned := balance.used_credits;
                    balance.used_credits := 0;
                    RETURN NEXT;
                END IF;
            END LOOP;
            UPDATE credit_balances AS b
            SET used_credits = balance.used_credits, reset_at = balance.reset_at, updated_at = moment
            WHERE b.id = balance.id;
        END LOOP;
    END $$
    """,
    # A database of the web app's may have one of its own, with another result.
    "DROP FUNCTION IF EXISTS reset_monthly_credits()",
    """
    CREATE FUNCTION reset_monthly_credits() RETURNS integer LANGUAGE sql SET search_path FROM CURRENT AS $$
        SELECT count(DISTINCT balance_user)::integer FROM cynthia_reset_credits(clock_timestamp(), 'infinity')
    $$
    """,
)

_TRIGGERS = (
    ("cynthia_keep_anchor_day", "BEFORE INSERT OR UPDATE ON credit_balances FOR EACH ROW", "cynthia_keep_anchor_day()"),
    ("cynthia_keep_ledger", "AFTER INSERT OR UPDATE ON credit_balances FOR EACH ROW", "cynthia_keep_ledger()"),
    (
        "cynthia_append_only",
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_ledger FOR EACH STATEMENT",
        "cynthia_refuse_rewriting()",
    ),
    (
        "cynthia_tell_of_fix_pack_requests",
        "AFTER INSERT OR UPDATE OF cancel_requested_at ON fix_pack_requests FOR EACH STATEMENT",
        "cynthia_tell_of_work('fix-packs')",
    ),
)


def upgrade() -> None:
    _requests()
    _packs()
    _ledger()
    for function in _FUNCTIONS:
        op.execute(function)
    op.execute(
        """
        INSERT INTO credit_ledger (created_at, user_id, kind, credits, plan, monthly_credits, used_credits, reset_at,
                                   balance_after, purpose, idempotency_key)
        SELECT clock_timestamp(), user_id, 'opening', monthly_credits - used_credits, plan, monthly_credits,
               used_credits, reset_at, monthly_credits - used_credits, 'found by the pipeline', 'found'
        FROM credit_balances
        """
    )
    op.execute("UPDATE credit_balances SET anchor_day = extract(day FROM reset_at AT TIME ZONE 'UTC')")
    for name, event, function in _TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION {function}")


def _requests() -> None:
    _STATUS.create(op.get_bind())
    op.create_table(
        "fix_pack_requests",
        sa.Column("id", sa.UUID(), primary_key=True, server_default=sa.text("gen_random_uuid()")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("audit_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("type", _PACK_TYPE, nullable=False),
        sa.Column(
            "status",
            postgresql.ENUM(name="fix_pack_request_status", create_type=False),
            nullable=False,
            server_default="pending",
        ),
        sa.Column("error_code", sa.Text),
        sa.Column("error_message", sa.Text),
        sa.Column("fix_pack_id", sa.UUID(), sa.ForeignKey("fix_packs.id", ondelete="SET NULL")),
        sa.Column("priority", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("progress", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("idempotency_key", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True)),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.UUID(), sa.ForeignKey("fix_pack_requests.id", ondelete="SET NULL")),
        sa.Column("lease_id", sa.UUID()),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("user_id", "idempotency_key", name="fix_pack_requests_user_id_idempotency_key_key"),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name="fix_pack_requests_progress_check"),
    )
    for name, columns, condition in _INDEXES:
        op.create_index(
            name, "fix_pack_requests", columns, postgresql_where=None if condition is None else sa.text(condition)
        )
    # However requests race, one of an audit and a type is worked on at a time.
    op.create_index(
        "uq_fix_pack_requests_open",
        "fix_pack_requests",
        ["audit_id", "type"],
        unique=True,
        postgresql_where=sa.text(
            "status IN ('pending', 'running') AND accepted_at IS NOT NULL AND answered_by IS NULL"
        ),
    )
    op.create_table(
        "cynthia_fix_pack_attempts",
        sa.Column("request_id", sa.UUID(), sa.ForeignKey("fix_pack_requests.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("lease_id", sa.UUID(), primary_key=True),
        sa.Column("attempt", sa.SmallInteger, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.Text),
        sa.Column("error_code", sa.Text),
        sa.Column("detail", sa.Text),
    )
    op.create_index("ix_cynthia_fix_pack_attempts_ended_at", "cynthia_fix_pack_attempts", ["ended_at"])


def _packs() -> None:
    op.create_table(
        "fix_pack_verifications",
        sa.Column("fix_pack_id", sa.UUID(), sa.ForeignKey("fix_packs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("record", postgresql.JSONB(), nullable=False),
    )
    op.create_table(
        "fix_pack_screenshots",
        sa.Column("fix_pack_id", sa.UUID(), sa.ForeignKey("fix_packs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _ledger() -> None:
    op.add_column("credit_balances", sa.Column("anchor_day", sa.SmallInteger))
    op.create_index("ix_credit_balances_reset_at", "credit_balances", ["reset_at"])
    op.create_table(
        "credit_ledger",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("credits", sa.Integer, nullable=False),
        sa.Column("plan", _PLAN, nullable=False),
        sa.Column("monthly_credits", sa.Integer, nullable=False),
        sa.Column("used_credits", sa.Integer, nullable=False),
        sa.Column("reset_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("balance_after", sa.Integer, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("request_id", sa.UUID(), sa.ForeignKey("fix_pack_requests.id")),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("idempotency_key", sa.Text, nullable=False),
        sa.UniqueConstraint("user_id", "idempotency_key", name="credit_ledger_user_id_idempotency_key_key"),
        sa.CheckConstraint("balance_after = monthly_credits - used_credits", name="credit_ledger_balance_after_check"),
    )
    op.create_index("ix_credit_ledger_user_id_id", "credit_ledger", ["user_id", "id"])
    op.create_index("ix_credit_ledger_request_id", "credit_ledger", ["request_id"])
    op.create_index(
        "ix_credit_ledger_due_at", "credit_ledger", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL")
    )


def downgrade() -> None:
    for name, event, _ in reversed(_TRIGGERS):
        table = event.split(" ON ")[1].split()[0]
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in (
        "reset_monthly_credits()",
        "cynthia_reset_credits(timestamptz, timestamptz)",
        "cynthia_refuse_rewriting()",
        "cynthia_keep_ledger()",
        "cynthia_keep_anchor_day()",
        "cynthia_reset_after(timestamptz, smallint)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("ix_credit_balances_reset_at", "credit_balances")
    op.drop_column("credit_balances", "anchor_day")
    for table in (
        "credit_ledger",
        "fix_pack_screenshots",
        "fix_pack_verifications",
        "cynthia_fix_pack_attempts",
        "fix_pack_requests",
    ):
        op.drop_table(table)
    _STATUS.drop(op.get_bind())
