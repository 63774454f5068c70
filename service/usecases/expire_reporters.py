"""Forget visitors who reported: what they are known by lasts two weeks."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select, update

from service.models import Report
from service.usecases.context import Context

HASHES_KEPT = timedelta(days=14)
BATCH = 5_000


def expire_reporters(ctx: Context) -> int:
    """Drop the hashes of visitors and networks that are 14 days old; says of how many reports.

    The reports stay, as those of somebody unknown. Part of the sweep: safe at any time.
    """
    old = (
        select(Report.id)
        .where(
            or_(Report.guest_hash.is_not(None), Report.network_hash.is_not(None)),
            Report.created_at < ctx.clock() - HASHES_KEPT,
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with ctx.transaction() as tx:
        result = tx.session.execute(
            update(Report)
            .where(Report.id.in_(old))
            .values(guest_hash=None, network_hash=None, expired=Report.reader_id.is_(None))
            .execution_options(synchronize_session=False)
        )
    return int(result.rowcount)  # type: ignore[attr-defined]
