"""Vectors name their encoder"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NULL for what is there: no worker knows its encoder, so the first to start has them made again.
    op.add_column("article", sa.Column("indexed_by", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("article", "indexed_by")
