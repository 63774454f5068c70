"""E-mail digests"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REPLIED = "kind = 'comment.replied'"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "digest",
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("frequency", sa.String(length=16), nullable=False),
        sa.Column("stopped_reason", sa.String(length=32), nullable=True),
        sa.Column("covered_until", moment, nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("try_at", moment, nullable=False),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint(
            "(email IS NULL) = (stopped_reason IS NOT NULL)", name=op.f("ck_digest_stopped")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_digest_reader_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_digest_site_id")),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_digest")),
    )
    op.create_index(op.f("ix_digest_site_id"), "digest", ["site_id"])
    op.create_index(
        "ix_digest_due", "digest", ["try_at"], postgresql_where=sa.text("email IS NOT NULL")
    )
    op.create_index(
        "ix_notification_replied",
        "notification",
        ["reader_id", "comment_id"],
        unique=True,
        postgresql_where=sa.text(REPLIED),
    )


def downgrade() -> None:
    op.drop_index("ix_notification_replied", table_name="notification")
    op.drop_table("digest")
