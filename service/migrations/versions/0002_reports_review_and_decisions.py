"""Reports review and decisions"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


APPEND_ONLY = """
CREATE TRIGGER event_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER guideline_activation_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON guideline_activation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON event, event_seal, guideline_activation FROM PUBLIC;
"""


def _add_filled(table: str, column: sa.Column[Any], value: str) -> None:
    """Add a column that must not be empty to a table that may have rows."""
    column.nullable = True
    op.add_column(table, column)
    op.execute(f"UPDATE {table} SET {column.name} = {value}")
    op.alter_column(table, column.name, nullable=False)


def upgrade() -> None:
    op.create_table(
        "moderator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderator")),
        sa.UniqueConstraint("email", name=op.f("uq_moderator_email")),
    )
    op.create_table(
        "exposure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("severe", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderator.id"], name=op.f("fk_exposure_moderator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
        sa.UniqueConstraint(
            "moderator_id", "day", "hour", name=op.f("uq_exposure_moderator_id_day_hour")
        ),
    )
    op.create_table(
        "guideline_activation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=True),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activated_by"], ["moderator.id"], name=op.f("fk_guideline_activation_activated_by")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_guideline_activation_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["version"], ["guideline_version.version"], name=op.f("fk_guideline_activation_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline_activation")),
    )
    op.create_index(
        "ix_guideline_activation_site", "guideline_activation", ["site_id", "id"], unique=False
    )
    op.create_table(
        "membership",
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("opted_out", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderator.id"], name=op.f("fk_membership_moderator_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_membership_site_id")),
        sa.PrimaryKeyConstraint("moderator_id", "site_id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_site_id"), "membership", ["site_id"], unique=False)
    op.create_table(
        "moderator_credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["moderator.id"], name=op.f("fk_moderator_credential_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderator.id"], name=op.f("fk_moderator_credential_moderator_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_moderator_credential_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderator_credential")),
        sa.UniqueConstraint("hash", name=op.f("uq_moderator_credential_hash")),
    )
    op.create_index(
        "ix_moderator_credential_moderator",
        "moderator_credential",
        ["moderator_id", "kind"],
        unique=False,
    )
    op.create_table(
        "event_seal",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_seal_event_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_event_seal_site_id")),
        sa.PrimaryKeyConstraint("site_id", "position", name=op.f("pk_event_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_seal_event_id")),
    )
    op.create_table(
        "reader_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["moderator.id"], name=op.f("fk_reader_note_moderator_id")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_reader_note_reader_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_reader_note_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_note")),
    )
    op.create_index("ix_reader_note_reader", "reader_note", ["reader_id", "id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("law", sa.Text(), nullable=True),
        sa.Column("particulars", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("reader_id", sa.Uuid(), nullable=True),
        sa.Column("trusted_flagger", sa.Boolean(), nullable=False),
        sa.Column("good_faith", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_notice_article_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_notice_comment_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_notice_decision_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_notice_reader_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_notice_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("reference", name=op.f("uq_notice_reference")),
    )
    op.create_index("ix_notice_comment", "notice", ["comment_id"], unique=False)
    op.create_index(
        "ix_notice_open",
        "notice",
        ["site_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_notice_site_time", "notice", ["site_id", "created_at"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("guideline", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_proposal_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_proposal_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["moderator.id"], name=op.f("fk_proposal_proposed_by")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_proposal_reader_id")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["moderator.id"], name=op.f("fk_proposal_settled_by")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_proposal_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(
        "ix_proposal_open",
        "proposal",
        ["site_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_proposal_site", "proposal", ["site_id", "id"], unique=False)
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["reader_id", "action", "comment_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "qa_sample",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("guideline", sa.String(length=64), nullable=True),
        sa.Column("automated", sa.Boolean(), nullable=False),
        sa.Column("rules", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_restricted", sa.Boolean(), nullable=True),
        sa.Column("review_guideline", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("open_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_qa_sample_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_qa_sample_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["moderator.id"], name=op.f("fk_qa_sample_reviewed_by")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_qa_sample_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qa_sample")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_qa_sample_decision_id")),
    )
    op.create_index("ix_qa_sample_comment", "qa_sample", ["comment_id"], unique=False)
    op.create_index("ix_qa_sample_site_time", "qa_sample", ["site_id", "created_at"], unique=False)
    op.create_index(
        "ix_qa_sample_waiting",
        "qa_sample",
        ["open_from"],
        unique=False,
        postgresql_where=sa.text("state = 'open' AND opened_at IS NULL"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=True),
        sa.Column("guest_hash", sa.String(length=64), nullable=True),
        sa.Column("network_hash", sa.String(length=64), nullable=True),
        sa.Column("expired", sa.Boolean(), nullable=False),
        sa.Column("guideline", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("suspected", sa.Boolean(), nullable=False),
        sa.Column("already_reviewed", sa.Boolean(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reader_id IS NOT NULL OR guest_hash IS NOT NULL OR expired",
            name=op.f("ck_report_reporter"),
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_report_article_id")),
        sa.ForeignKeyConstraint(["author_id"], ["reader.id"], name=op.f("fk_report_author_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_report_comment_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_report_decision_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_report_reader_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_report_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_article_time", "report", ["article_id", "created_at"], unique=False)
    op.create_index("ix_report_author_time", "report", ["author_id", "created_at"], unique=False)
    op.create_index("ix_report_comment", "report", ["comment_id", "state"], unique=False)
    op.create_index(
        "ix_report_guest_time",
        "report",
        ["guest_hash", "created_at"],
        unique=False,
        postgresql_where=sa.text("guest_hash IS NOT NULL"),
    )
    op.create_index(
        "ix_report_hash_expiry",
        "report",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("guest_hash IS NOT NULL OR network_hash IS NOT NULL"),
    )
    op.create_index("ix_report_reader_time", "report", ["reader_id", "created_at"], unique=False)
    op.create_index(
        "ix_report_record",
        "report",
        ["reader_id", "family", "decided_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('upheld', 'dismissed')"),
    )
    op.create_index(
        "ix_report_site_record",
        "report",
        ["site_id", "decided_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('upheld', 'dismissed')"),
    )
    op.create_index("ix_report_site_time", "report", ["site_id", "created_at"], unique=False)
    op.create_index(
        "uq_report_guest",
        "report",
        ["comment_id", "guest_hash"],
        unique=True,
        postgresql_where=sa.text("guest_hash IS NOT NULL"),
    )
    op.create_index(
        "uq_report_reader",
        "report",
        ["comment_id", "reader_id"],
        unique=True,
        postgresql_where=sa.text("reader_id IS NOT NULL"),
    )
    op.create_table(
        "sanction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("guideline", sa.String(length=64), nullable=True),
        sa.Column("automated", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cause_id"], ["decision.id"], name=op.f("fk_sanction_cause_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_sanction_decision_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_sanction_reader_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_sanction_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
    )
    op.create_index("ix_sanction_decision", "sanction", ["decision_id"], unique=False)
    op.create_index(
        "ix_sanction_ends",
        "sanction",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL AND ends_at IS NOT NULL"),
    )
    op.create_index("ix_sanction_reader", "sanction", ["reader_id", "created_at"], unique=False)
    op.create_index(
        "uq_sanction_live",
        "sanction",
        ["reader_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND kind <> 'warn'"),
    )
    op.create_table(
        "strike",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("guideline", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("points > 0", name=op.f("ck_strike_points")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_strike_decision_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_strike_reader_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_strike_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strike")),
    )
    op.create_index("ix_strike_decision", "strike", ["decision_id"], unique=False)
    op.create_index(
        "ix_strike_expiry",
        "strike",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text(
            "expires_at IS NOT NULL AND expired_at IS NULL AND voided_at IS NULL"
        ),
    )
    op.create_index("ix_strike_reader", "strike", ["reader_id", "expires_at"], unique=False)
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("party", sa.String(length=16), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_appeal_comment_id")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["moderator.id"], name=op.f("fk_appeal_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_appeal_notice_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["decision.id"], name=op.f("fk_appeal_outcome_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_appeal_reader_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_appeal_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint(
            "decision_id", "reader_id", name=op.f("uq_appeal_decision_id_reader_id")
        ),
    )
    op.create_index("ix_appeal_comment", "appeal", ["comment_id"], unique=False)
    op.create_index(
        "ix_appeal_open",
        "appeal",
        ["site_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'filed'"),
    )
    op.create_index("ix_appeal_site_time", "appeal", ["site_id", "created_at"], unique=False)
    op.create_index(
        "uq_appeal_notice",
        "appeal",
        ["decision_id", "notice_id"],
        unique=True,
        postgresql_where=sa.text("notice_id IS NOT NULL"),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_notification_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_notification_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notification_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_notification_reader_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_notification_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index("ix_notification_decision", "notification", ["decision_id"], unique=False)
    op.create_index(
        "ix_notification_reader", "notification", ["reader_id", "send_at"], unique=False
    )
    op.add_column("comment", sa.Column("featured_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comment", sa.Column("label", sa.String(length=200), nullable=True))
    _add_filled("comment", sa.Column("locked", sa.Boolean()), "false")
    _add_filled("comment", sa.Column("legal_hold", sa.Boolean()), "false")
    op.add_column("comment", sa.Column("edit_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_comment_edit_until",
        "comment",
        ["edit_until"],
        unique=False,
        postgresql_where=sa.text("edit_until IS NOT NULL"),
    )
    _add_filled(
        "decision",
        sa.Column("reader_id", sa.Uuid()),
        "(SELECT reader_id FROM comment WHERE comment.id = decision.comment_id)",
    )
    _add_filled("decision", sa.Column("source", sa.String(length=16)), "'rule'")
    _add_filled("decision", sa.Column("automated_detection", sa.Boolean()), "automated")
    _add_filled(
        "decision",
        sa.Column("automated_decision", sa.String(length=16)),
        "CASE WHEN automated THEN 'fully' ELSE 'not' END",
    )
    op.add_column("decision", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decision", sa.Column("reverses_id", sa.Uuid(), nullable=True))
    op.add_column("decision", sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True))
    _add_filled("decision", sa.Column("final_at", sa.DateTime(timezone=True)), "created_at")
    op.alter_column("decision", "comment_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("decision", "revision", existing_type=sa.INTEGER(), nullable=True)
    op.alter_column(
        "decision",
        "action",
        existing_type=sa.VARCHAR(length=16),
        type_=sa.String(length=24),
        existing_nullable=False,
    )
    op.alter_column("decision", "from_status", existing_type=sa.VARCHAR(length=16), nullable=True)
    op.alter_column("decision", "to_status", existing_type=sa.VARCHAR(length=16), nullable=True)
    op.drop_index(
        op.f("uq_decision_automated"), table_name="decision", postgresql_where="automated"
    )
    op.create_index(
        "uq_decision_automated",
        "decision",
        ["comment_id", "revision", "source"],
        unique=True,
        postgresql_where=sa.text("automated AND comment_id IS NOT NULL"),
    )
    op.create_index("ix_decision_actor", "decision", ["actor_id", "created_at"], unique=False)
    op.create_index(
        "ix_decision_person",
        "decision",
        ["site_id", "id"],
        unique=False,
        postgresql_where=sa.text("NOT automated"),
    )
    op.create_index("ix_decision_reader", "decision", ["reader_id", "created_at"], unique=False)
    op.create_foreign_key(
        op.f("fk_decision_reverses_id"), "decision", "decision", ["reverses_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_decision_reader_id"), "decision", "reader", ["reader_id"], ["id"]
    )
    op.add_column("event", sa.Column("reader_id", sa.Uuid(), nullable=True))
    op.drop_index(op.f("ix_event_site_id"), table_name="event")
    op.create_index(
        "ix_event_actor",
        "event",
        ["actor_id", "id"],
        unique=False,
        postgresql_where=sa.text("actor_id IS NOT NULL"),
    )
    op.create_index(
        "ix_event_article",
        "event",
        ["article_id", "id"],
        unique=False,
        postgresql_where=sa.text("article_id IS NOT NULL"),
    )
    op.create_index(
        "ix_event_reader",
        "event",
        ["reader_id", "id"],
        unique=False,
        postgresql_where=sa.text("reader_id IS NOT NULL"),
    )
    op.create_index("ix_event_site", "event", ["site_id", "id"], unique=False)
    op.create_index("ix_event_site_kind", "event", ["site_id", "kind", "id"], unique=False)
    op.create_index("ix_event_site_time", "event", ["site_id", "created_at"], unique=False)
    _add_filled("guideline_version", sa.Column("digest", sa.String(length=64)), "version")
    _add_filled("guideline_version", sa.Column("label", sa.Text()), "''")
    _add_filled(
        "guideline_version",
        sa.Column("lists", postgresql.JSONB(astext_type=sa.Text())),
        "'{}'::jsonb",
    )
    _add_filled("guideline_version", sa.Column("installed", sa.Boolean()), "true")
    _add_filled(
        "guideline_version", sa.Column("created_at", sa.DateTime(timezone=True)), "activated_at"
    )
    op.create_unique_constraint(
        op.f("uq_guideline_version_digest"), "guideline_version", ["digest"]
    )
    op.drop_column("guideline_version", "activated_at")
    _add_filled("reader", sa.Column("strikes", sa.Integer()), "0")
    op.add_column("reader", sa.Column("warning_id", sa.Uuid(), nullable=True))
    op.add_column(
        "reader", sa.Column("reports_muted_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("reader", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    _add_filled(
        "review_item",
        sa.Column("article_id", sa.Uuid()),
        "(SELECT article_id FROM comment WHERE comment.id = review_item.comment_id)",
    )
    _add_filled(
        "review_item",
        sa.Column("reader_id", sa.Uuid()),
        "(SELECT reader_id FROM comment WHERE comment.id = review_item.comment_id)",
    )
    op.add_column("review_item", sa.Column("p_violation", sa.Double(), nullable=True))
    _add_filled("review_item", sa.Column("severe", sa.Boolean()), "false")
    _add_filled("review_item", sa.Column("severity_weight", sa.Integer()), "0")
    _add_filled("review_item", sa.Column("rule_priority", sa.Integer()), "priority")
    _add_filled("review_item", sa.Column("floor", sa.Integer()), "0")
    op.add_column("review_item", sa.Column("reprice_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("review_item", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "review_item", sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("review_item", sa.Column("claim_id", sa.Uuid(), nullable=True))
    op.add_column("review_item", sa.Column("claimed_by", sa.Uuid(), nullable=True))
    op.add_column("review_item", sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "review_item", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True)
    )
    _add_filled("review_item", sa.Column("skip_count", sa.Integer()), "0")
    _add_filled("review_item", sa.Column("skipped_by", postgresql.ARRAY(sa.Uuid())), "'{}'::uuid[]")
    op.add_column("review_item", sa.Column("escalated_to", sa.String(length=16), nullable=True))
    op.add_column("review_item", sa.Column("escalated_by", sa.Uuid(), nullable=True))
    op.add_column(
        "review_item",
        sa.Column("first_opinion", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    op.add_column("review_item", sa.Column("search", postgresql.TSVECTOR(), nullable=True))
    op.alter_column(
        "review_item",
        "priority",
        existing_type=sa.INTEGER(),
        type_=sa.Double(),
        existing_nullable=False,
    )
    op.drop_index(
        op.f("ix_review_item_queue"),
        table_name="review_item",
        postgresql_where="((state)::text <> 'decided'::text)",
    )
    op.create_index(
        "ix_review_item_queue",
        "review_item",
        ["site_id", sa.literal_column("priority DESC"), "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'decided'"),
    )
    op.create_index(
        "ix_review_item_article",
        "review_item",
        ["article_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'decided'"),
    )
    op.create_index("ix_review_item_claim", "review_item", ["claim_id"], unique=True)
    op.create_index(
        "ix_review_item_decided", "review_item", ["site_id", "decided_at"], unique=False
    )
    op.create_index(
        "ix_review_item_lease",
        "review_item",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index("ix_review_item_reader", "review_item", ["reader_id"], unique=False)
    op.create_index(
        "ix_review_item_reasons", "review_item", ["reasons"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_review_item_reprice",
        "review_item",
        ["reprice_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'decided'"),
    )
    op.create_index(
        "ix_review_item_search", "review_item", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_foreign_key(
        op.f("fk_review_item_reader_id"), "review_item", "reader", ["reader_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_review_item_escalated_by"), "review_item", "moderator", ["escalated_by"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_review_item_claimed_by"), "review_item", "moderator", ["claimed_by"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_review_item_article_id"), "review_item", "article", ["article_id"], ["id"]
    )
    _add_filled("statement_of_reasons", sa.Column("effect", sa.Text()), "''")
    _add_filled("statement_of_reasons", sa.Column("automation", sa.Text()), "''")
    op.add_column(
        "statement_of_reasons", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True)
    )
    _add_filled(
        "statement_of_reasons",
        sa.Column("dsa", postgresql.JSONB(astext_type=sa.Text())),
        "'{}'::jsonb",
    )
    op.alter_column("statement_of_reasons", "comment_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column(
        "statement_of_reasons",
        "measure",
        existing_type=sa.VARCHAR(length=16),
        type_=sa.String(length=24),
        existing_nullable=False,
    )
    op.create_index(
        "ix_statement_of_reasons_site_time",
        "statement_of_reasons",
        ["site_id", "created_at"],
        unique=False,
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.execute("DELETE FROM statement_of_reasons WHERE comment_id IS NULL")
    op.execute("DELETE FROM decision WHERE comment_id IS NULL OR source <> 'rule'")
    op.drop_index("ix_statement_of_reasons_site_time", table_name="statement_of_reasons")
    op.alter_column(
        "statement_of_reasons",
        "measure",
        existing_type=sa.String(length=24),
        type_=sa.VARCHAR(length=16),
        existing_nullable=False,
    )
    op.alter_column("statement_of_reasons", "comment_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("statement_of_reasons", "dsa")
    op.drop_column("statement_of_reasons", "ends_at")
    op.drop_column("statement_of_reasons", "automation")
    op.drop_column("statement_of_reasons", "effect")
    op.drop_constraint(op.f("fk_review_item_article_id"), "review_item", type_="foreignkey")
    op.drop_constraint(op.f("fk_review_item_claimed_by"), "review_item", type_="foreignkey")
    op.drop_constraint(op.f("fk_review_item_escalated_by"), "review_item", type_="foreignkey")
    op.drop_constraint(op.f("fk_review_item_reader_id"), "review_item", type_="foreignkey")
    op.drop_index("ix_review_item_search", table_name="review_item", postgresql_using="gin")
    op.drop_index(
        "ix_review_item_reprice",
        table_name="review_item",
        postgresql_where=sa.text("state <> 'decided'"),
    )
    op.drop_index("ix_review_item_reasons", table_name="review_item", postgresql_using="gin")
    op.drop_index("ix_review_item_reader", table_name="review_item")
    op.drop_index(
        "ix_review_item_lease",
        table_name="review_item",
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.drop_index("ix_review_item_decided", table_name="review_item")
    op.drop_index("ix_review_item_claim", table_name="review_item")
    op.drop_index(
        "ix_review_item_article",
        table_name="review_item",
        postgresql_where=sa.text("state <> 'decided'"),
    )
    op.drop_index(
        "ix_review_item_queue",
        table_name="review_item",
        postgresql_where=sa.text("state <> 'decided'"),
    )
    op.create_index(
        op.f("ix_review_item_queue"),
        "review_item",
        ["site_id", "priority", "opened_at"],
        unique=False,
        postgresql_where="((state)::text <> 'decided'::text)",
    )
    op.alter_column(
        "review_item",
        "priority",
        existing_type=sa.Double(),
        type_=sa.INTEGER(),
        existing_nullable=False,
    )
    op.drop_column("review_item", "search")
    op.drop_column("review_item", "first_opinion")
    op.drop_column("review_item", "escalated_by")
    op.drop_column("review_item", "escalated_to")
    op.drop_column("review_item", "skipped_by")
    op.drop_column("review_item", "skip_count")
    op.drop_column("review_item", "lease_until")
    op.drop_column("review_item", "claimed_at")
    op.drop_column("review_item", "claimed_by")
    op.drop_column("review_item", "claim_id")
    op.drop_column("review_item", "breached_at")
    op.drop_column("review_item", "due_at")
    op.drop_column("review_item", "reprice_at")
    op.drop_column("review_item", "floor")
    op.drop_column("review_item", "rule_priority")
    op.drop_column("review_item", "severity_weight")
    op.drop_column("review_item", "severe")
    op.drop_column("review_item", "p_violation")
    op.drop_column("review_item", "reader_id")
    op.drop_column("review_item", "article_id")
    op.drop_column("reader", "erased_at")
    op.drop_column("reader", "reports_muted_until")
    op.drop_column("reader", "warning_id")
    op.drop_column("reader", "strikes")
    _add_filled(
        "guideline_version", sa.Column("activated_at", sa.DateTime(timezone=True)), "created_at"
    )
    op.drop_constraint(op.f("uq_guideline_version_digest"), "guideline_version", type_="unique")
    op.drop_column("guideline_version", "created_at")
    op.drop_column("guideline_version", "installed")
    op.drop_column("guideline_version", "lists")
    op.drop_column("guideline_version", "label")
    op.drop_column("guideline_version", "digest")
    op.drop_index("ix_event_site_time", table_name="event")
    op.drop_index("ix_event_site_kind", table_name="event")
    op.drop_index("ix_event_site", table_name="event")
    op.drop_index(
        "ix_event_reader", table_name="event", postgresql_where=sa.text("reader_id IS NOT NULL")
    )
    op.drop_index(
        "ix_event_article", table_name="event", postgresql_where=sa.text("article_id IS NOT NULL")
    )
    op.drop_index(
        "ix_event_actor", table_name="event", postgresql_where=sa.text("actor_id IS NOT NULL")
    )
    op.create_index(op.f("ix_event_site_id"), "event", ["site_id"], unique=False)
    op.drop_column("event", "reader_id")
    op.drop_constraint(op.f("fk_decision_reader_id"), "decision", type_="foreignkey")
    op.drop_constraint(op.f("fk_decision_reverses_id"), "decision", type_="foreignkey")
    op.drop_index("ix_decision_reader", table_name="decision")
    op.drop_index(
        "ix_decision_person", table_name="decision", postgresql_where=sa.text("NOT automated")
    )
    op.drop_index("ix_decision_actor", table_name="decision")
    op.drop_index(
        "uq_decision_automated",
        table_name="decision",
        postgresql_where=sa.text("automated AND comment_id IS NOT NULL"),
    )
    op.create_index(
        op.f("uq_decision_automated"),
        "decision",
        ["comment_id", "revision"],
        unique=True,
        postgresql_where="automated",
    )
    op.alter_column("decision", "to_status", existing_type=sa.VARCHAR(length=16), nullable=False)
    op.alter_column("decision", "from_status", existing_type=sa.VARCHAR(length=16), nullable=False)
    op.alter_column(
        "decision",
        "action",
        existing_type=sa.String(length=24),
        type_=sa.VARCHAR(length=16),
        existing_nullable=False,
    )
    op.alter_column("decision", "revision", existing_type=sa.INTEGER(), nullable=False)
    op.alter_column("decision", "comment_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("decision", "final_at")
    op.drop_column("decision", "reversed_at")
    op.drop_column("decision", "reverses_id")
    op.drop_column("decision", "ends_at")
    op.drop_column("decision", "automated_decision")
    op.drop_column("decision", "automated_detection")
    op.drop_column("decision", "source")
    op.drop_column("decision", "reader_id")
    op.drop_index(
        "ix_comment_edit_until",
        table_name="comment",
        postgresql_where=sa.text("edit_until IS NOT NULL"),
    )
    op.drop_column("comment", "edit_until")
    op.drop_column("comment", "legal_hold")
    op.drop_column("comment", "locked")
    op.drop_column("comment", "label")
    op.drop_column("comment", "featured_at")
    op.drop_index("ix_notification_reader", table_name="notification")
    op.drop_index("ix_notification_decision", table_name="notification")
    op.drop_table("notification")
    op.drop_index(
        "uq_appeal_notice", table_name="appeal", postgresql_where=sa.text("notice_id IS NOT NULL")
    )
    op.drop_index("ix_appeal_site_time", table_name="appeal")
    op.drop_index(
        "ix_appeal_open", table_name="appeal", postgresql_where=sa.text("state = 'filed'")
    )
    op.drop_index("ix_appeal_comment", table_name="appeal")
    op.drop_table("appeal")
    op.drop_index("ix_strike_reader", table_name="strike")
    op.drop_index(
        "ix_strike_expiry",
        table_name="strike",
        postgresql_where=sa.text(
            "expires_at IS NOT NULL AND expired_at IS NULL AND voided_at IS NULL"
        ),
    )
    op.drop_index("ix_strike_decision", table_name="strike")
    op.drop_table("strike")
    op.drop_index(
        "uq_sanction_live",
        table_name="sanction",
        postgresql_where=sa.text("ended_at IS NULL AND kind <> 'warn'"),
    )
    op.drop_index("ix_sanction_reader", table_name="sanction")
    op.drop_index(
        "ix_sanction_ends",
        table_name="sanction",
        postgresql_where=sa.text("ended_at IS NULL AND ends_at IS NOT NULL"),
    )
    op.drop_index("ix_sanction_decision", table_name="sanction")
    op.drop_table("sanction")
    op.drop_index(
        "uq_report_reader", table_name="report", postgresql_where=sa.text("reader_id IS NOT NULL")
    )
    op.drop_index(
        "uq_report_guest", table_name="report", postgresql_where=sa.text("guest_hash IS NOT NULL")
    )
    op.drop_index("ix_report_site_time", table_name="report")
    op.drop_index(
        "ix_report_site_record",
        table_name="report",
        postgresql_where=sa.text("state IN ('upheld', 'dismissed')"),
    )
    op.drop_index(
        "ix_report_record",
        table_name="report",
        postgresql_where=sa.text("state IN ('upheld', 'dismissed')"),
    )
    op.drop_index("ix_report_reader_time", table_name="report")
    op.drop_index(
        "ix_report_hash_expiry",
        table_name="report",
        postgresql_where=sa.text("guest_hash IS NOT NULL OR network_hash IS NOT NULL"),
    )
    op.drop_index(
        "ix_report_guest_time",
        table_name="report",
        postgresql_where=sa.text("guest_hash IS NOT NULL"),
    )
    op.drop_index("ix_report_comment", table_name="report")
    op.drop_index("ix_report_author_time", table_name="report")
    op.drop_index("ix_report_article_time", table_name="report")
    op.drop_table("report")
    op.drop_index(
        "ix_qa_sample_waiting",
        table_name="qa_sample",
        postgresql_where=sa.text("state = 'open' AND opened_at IS NULL"),
    )
    op.drop_index("ix_qa_sample_site_time", table_name="qa_sample")
    op.drop_index("ix_qa_sample_comment", table_name="qa_sample")
    op.drop_table("qa_sample")
    op.drop_index(
        "uq_proposal_open",
        table_name="proposal",
        postgresql_where=sa.text("state = 'open'"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index("ix_proposal_site", table_name="proposal")
    op.drop_index(
        "ix_proposal_open", table_name="proposal", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_table("proposal")
    op.drop_index("ix_notice_site_time", table_name="notice")
    op.drop_index("ix_notice_open", table_name="notice", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("ix_notice_comment", table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_reader_note_reader", table_name="reader_note")
    op.drop_table("reader_note")
    op.drop_table("event_seal")
    op.drop_index("ix_moderator_credential_moderator", table_name="moderator_credential")
    op.drop_table("moderator_credential")
    op.drop_index(op.f("ix_membership_site_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_guideline_activation_site", table_name="guideline_activation")
    op.drop_table("guideline_activation")
    op.drop_table("exposure")
    op.drop_table("moderator")
