"""Keep every guideline file that was ever in force: decisions name it by its hash."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from service.models import GuidelineVersion
from service.usecases.context import Context


def record_policy(ctx: Context, *, source: str) -> None:
    """Store the text of the policy in force, once per version."""
    policy = ctx.policy()
    with ctx.transaction() as tx:
        tx.session.execute(
            insert(GuidelineVersion)
            .values(
                version=policy.version,
                digest=policy.digest,
                label=policy.label,
                source=source,
                lists={},
                created_at=ctx.clock(),
            )
            .on_conflict_do_nothing()
        )
