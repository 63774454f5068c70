"""Reactions and own view"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LISTED = sa.text("parent_id IS NULL AND (status = 'published' OR visible_replies > 0)")
FEATURED = sa.text("parent_id IS NULL AND status = 'published' AND featured_at IS NOT NULL")

# service/domain/ranking.py as it was when this was written, for threads nobody could react to
# yet: n replies, each half a voice in favour; 3.8416 is 1.96 squared.
RANK_EXISTING = """
UPDATE comment SET advance = late.advance, rank = late.advance + CASE WHEN comment.parent_id IS NULL
        AND visible_replies > 0 THEN
    (0.5 + 3.8416 / (2 * visible_replies)
        - 1.96 * sqrt((0.25 + 3.8416 / (4 * visible_replies)) / visible_replies))
    / (1 + 3.8416 / visible_replies) ELSE 0 END
FROM (
    SELECT c.id, 0.19 * (1 - exp(-ln(2::float8) * greatest(
        extract(epoch FROM c.created_at - a.created_at)::float8, 0) / 43200)) AS advance
    FROM comment c JOIN article a ON a.id = c.article_id
) late
WHERE late.id = comment.id
"""


def upgrade() -> None:
    op.add_column(
        "site",
        sa.Column(
            "reactions",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{respect}'::text[]"),
            nullable=False,
        ),
    )
    op.add_column(
        "comment",
        sa.Column(
            "reactions",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    for name in ("advance", "rank"):
        op.add_column(
            "comment", sa.Column(name, sa.Float(), server_default=sa.text("0"), nullable=False)
        )
    op.execute(RANK_EXISTING)
    op.create_index(
        "ix_comment_thread_top",
        "comment",
        ["article_id", "demoted", "rank", "id"],
        postgresql_where=LISTED,
    )
    op.create_index(
        "ix_comment_thread_featured",
        "comment",
        ["article_id", "featured_at", "id"],
        postgresql_where=FEATURED,
    )
    _reaction()
    _choice("mute", "muted_id", "reader")
    _choice("promotion", "promoted_id", "reader")
    _choice("hidden_comment", "comment_id", "comment")
    op.add_column("hidden_comment", sa.Column("article_id", sa.Uuid(), nullable=False))
    op.create_foreign_key(
        "fk_hidden_comment_article_id", "hidden_comment", "article", ["article_id"], ["id"]
    )


def _reaction() -> None:
    op.create_table(
        "reaction",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_reaction_comment_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name="fk_reaction_reader_id"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_reaction_article_id"),
        sa.PrimaryKeyConstraint("comment_id", "reader_id", "kind", name="pk_reaction"),
    )
    op.create_index("ix_reaction_reader", "reaction", ["reader_id", "article_id"])


def _choice(table: str, target: str, points_to: str) -> None:
    """A table of what a reader chose for the own view: muted, promoted, hidden."""
    op.create_table(
        table,
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column(target, sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=f"fk_{table}_reader_id"),
        sa.ForeignKeyConstraint([target], [f"{points_to}.id"], name=f"fk_{table}_{target}"),
        sa.PrimaryKeyConstraint("reader_id", target, name=f"pk_{table}"),
    )


def downgrade() -> None:
    for table in ("hidden_comment", "promotion", "mute", "reaction"):
        op.drop_table(table)
    op.drop_index("ix_comment_thread_featured", table_name="comment")
    op.drop_index("ix_comment_thread_top", table_name="comment")
    for name in ("rank", "advance", "reactions"):
        op.drop_column("comment", name)
    op.drop_column("site", "reactions")
