"""Sanctions end by themselves, and strikes stop counting: part of the sweep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from service.models import Reader, Sanction, Strike
from service.usecases.context import Context
from service.usecases.reader_standing import refresh_standing

BATCH = 200


def end_sanctions(ctx: Context) -> int:
    """End what is due and recompute its readers' standing and strikes; says how many readers.

    Safe at any time, by several workers at once: a reader somebody else has locked is left to
    the next round. Each ended sanction has its event `sanction.ended`, each expired strike its
    `strike.expired`.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        readers = _due(tx.session, now)
        for reader in readers:
            refresh_standing(tx.session, reader, now)
    return len(readers)


def _due(session: Session, now: datetime) -> list[Reader]:
    sanctioned = (
        select(Sanction.reader_id)
        .where(Sanction.ended_at.is_(None), Sanction.ends_at <= now)
        .order_by(Sanction.ends_at)
        .limit(BATCH)
        .subquery()
    )
    struck = (
        select(Strike.reader_id)
        .where(
            Strike.expires_at <= now,
            Strike.expires_at.is_not(None),
            Strike.expired_at.is_(None),
            Strike.voided_at.is_(None),
        )
        .order_by(Strike.expires_at)
        .limit(BATCH)
        .subquery()
    )
    due = union(select(sanctioned.c.reader_id), select(struck.c.reader_id)).subquery()
    return list(
        session.scalars(
            select(Reader)
            .where(Reader.id.in_(select(due.c.reader_id)))
            .order_by(Reader.id)
            .with_for_update(key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )
