"""Engagement"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTS = (
    "comments",
    "pending",
    "published",
    "held",
    "hidden",
    "rejected",
    "removed",
    "withdrawn",
    "erased",
    "unaided",
    "threads",
    "answered",
    "threads_left",
    "threads_adrift",
    "replies",
    "depth_sum",
    "depth_max",
    "reactions",
    "reports",
    "reported",
    "featured",
)


def upgrade() -> None:
    op.create_table(
        "engagement_cell",
        _points_to("engagement_cell", "article_id", "article"),
        sa.Column("day", sa.Date(), nullable=False),
        _points_to("engagement_cell", "site_id", "site"),
        sa.Column("section", sa.String(length=80), nullable=False),
        *_counts(),
        sa.PrimaryKeyConstraint("article_id", "day", name="pk_engagement_cell"),
    )
    op.create_index(
        "ix_engagement_cell_site_day",
        "engagement_cell",
        ["site_id", "day"],
        postgresql_include=["article_id", "section", "comments"],
    )
    op.create_table(
        "engagement_day",
        _points_to("engagement_day", "site_id", "site"),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_counts(),
        sa.Column("newcomers", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("site_id", "whole", "section", "day", name="pk_engagement_day"),
    )
    op.create_table(
        "engagement_article",
        _points_to("engagement_article", "article_id", "article"),
        _points_to("engagement_article", "site_id", "site"),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("first_comment_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_comment_seconds", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name="pk_engagement_article"),
    )
    op.create_index(
        "ix_engagement_article_first",
        "engagement_article",
        ["site_id", "first_comment_at"],
        postgresql_include=["section", "first_comment_seconds"],
    )
    op.create_table(
        "engagement_reader",
        _points_to("engagement_reader", "reader_id", "reader"),
        _points_to("engagement_reader", "site_id", "site"),
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("reader_id", name="pk_engagement_reader"),
    )
    op.create_index("ix_engagement_reader_first_day", "engagement_reader", ["site_id", "first_day"])
    op.create_table(
        "engagement_touch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _points_to("engagement_touch", "site_id", "site"),
        _points_to("engagement_touch", "article_id", "article"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_engagement_touch"),
    )
    op.create_index("ix_engagement_touch_site", "engagement_touch", ["site_id", "id"])
    op.create_table(
        "engagement_cursor",
        _points_to("engagement_cursor", "site_id", "site"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", name="pk_engagement_cursor"),
    )
    # The last hours are counted from the comments themselves; sections are looked up by name.
    op.create_index("ix_comment_site_time", "comment", ["site_id", "created_at"])
    op.create_index("ix_article_site_section", "article", ["site_id", "section"])


def _points_to(table: str, column: str, target: str) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, sa.Uuid(), key, nullable=False)


def _counts() -> list[sa.Column[Any]]:
    return [
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("readers", sa.LargeBinary(), nullable=False),
        sa.Column("reply_seconds", sa.LargeBinary(), nullable=False),
    ]


def downgrade() -> None:
    op.drop_index("ix_article_site_section", table_name="article")
    op.drop_index("ix_comment_site_time", table_name="comment")
    for table in ("cursor", "touch", "reader", "article", "day", "cell"):
        op.drop_table(f"engagement_{table}")
