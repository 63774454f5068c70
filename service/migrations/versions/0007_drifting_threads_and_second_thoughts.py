"""Drifting threads and second thoughts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ARTICLE_DRIFT = sa.text("kind IN ('article.drifting', 'article.returned')")

# Comments scored before took their turns in the order they were posted, and a first revision
# with the relevance it was given then. Counting starts at 0.
NUMBER_EXISTING = """
UPDATE comment SET drift_index = seen.turn, relevance = (
    SELECT (s.values ->> 'relevance')::float8 FROM score s
    WHERE s.comment_id = comment.id AND s.task = 'relevance' AND s.revision = 1
    ORDER BY s.id LIMIT 1)
FROM (
    SELECT id, row_number() OVER (PARTITION BY root_id ORDER BY id) - 1 AS turn
    FROM comment WHERE drift IS NOT NULL
) seen
WHERE seen.id = comment.id
"""
MARK_EXISTING = """
UPDATE comment SET adrift_since = now()
WHERE parent_id IS NULL AND drift_state ->> 'state' = 'left'
"""


def upgrade() -> None:
    _add_second_thoughts()
    _add_drift()


def _add_drift() -> None:
    op.add_column("comment", sa.Column("drift_index", sa.Integer(), nullable=True))
    op.add_column("comment", sa.Column("relevance", sa.Float(), nullable=True))
    op.add_column("comment", sa.Column("adrift_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("article", sa.Column("drifting_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(NUMBER_EXISTING)
    op.execute(MARK_EXISTING)
    for name, columns, where in (
        ("ix_comment_drift", ["root_id", "drift_index"], "drift_index IS NOT NULL"),
        ("ix_comment_threads", ["article_id", "id"], "parent_id IS NULL"),
        ("ix_comment_adrift", ["site_id", "adrift_since"], "adrift_since IS NOT NULL"),
    ):
        op.create_index(name, "comment", columns, postgresql_where=sa.text(where))
    op.create_index(
        "ix_event_article_drift", "event", ["article_id", "id"], postgresql_where=ARTICLE_DRIFT
    )


def _add_second_thoughts() -> None:
    op.add_column("comment", sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comment", sa.Column("nudge_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comment", sa.Column("nudge_guideline", sa.String(length=64), nullable=True))
    op.create_check_constraint(
        op.f("ck_comment_nudge_pending"), "comment", "nudge_until IS NULL OR status = 'pending'"
    )


def downgrade() -> None:
    _drop_drift()
    _drop_second_thoughts()


def _drop_drift() -> None:
    op.drop_index("ix_event_article_drift", table_name="event")
    for name in ("ix_comment_adrift", "ix_comment_threads", "ix_comment_drift"):
        op.drop_index(name, table_name="comment")
    op.drop_column("article", "drifting_since")
    for name in ("adrift_since", "relevance", "drift_index"):
        op.drop_column("comment", name)


def _drop_second_thoughts() -> None:
    op.drop_constraint(op.f("ck_comment_nudge_pending"), "comment", type_="check")
    for name in ("nudge_guideline", "nudge_until", "nudged_at"):
        op.drop_column("comment", name)
