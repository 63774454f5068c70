"""Drifting threads and second thoughts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_second_thoughts()


def _add_second_thoughts() -> None:
    op.add_column("comment", sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comment", sa.Column("nudge_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comment", sa.Column("nudge_guideline", sa.String(length=64), nullable=True))
    op.create_check_constraint(
        op.f("ck_comment_nudge_pending"), "comment", "nudge_until IS NULL OR status = 'pending'"
    )


def downgrade() -> None:
    _drop_second_thoughts()


def _drop_second_thoughts() -> None:
    op.drop_constraint(op.f("ck_comment_nudge_pending"), "comment", type_="check")
    for name in ("nudge_guideline", "nudge_until", "nudged_at"):
        op.drop_column("comment", name)
