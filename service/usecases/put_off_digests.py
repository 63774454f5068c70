"""Most readers have no news when their e-mail is due: put theirs off many at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from service.domain.digest import Frequency, next_due
from service.models import Digest, Notification
from service.usecases.context import Context

BATCH = 500


def put_off_digests(ctx: Context) -> int:
    """Move a batch of due digests without an unread message to their next time; says how many."""
    now = ctx.clock()
    news = select(Notification.id).where(
        Notification.reader_id == Digest.reader_id,
        Notification.send_at > Digest.covered_until,
        Notification.send_at <= Digest.next_at,
        Notification.read_at.is_(None),
    )
    with ctx.transaction() as tx:
        quiet = tx.session.scalars(
            select(Digest)
            .where(is_due(now), Digest.lease_until.is_(None), ~news.exists())
            .order_by(Digest.try_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for digest in quiet:
            put_off(digest, now)
    return len(quiet)


def is_due(now: datetime) -> ColumnElement[bool]:
    """The condition: somebody asked for it, it is time, and nobody else has it."""
    return and_(
        Digest.email.is_not(None),
        Digest.try_at <= now,
        or_(Digest.lease_until.is_(None), Digest.lease_until <= now),
    )


def put_off(digest: Digest, now: datetime, *, told: bool = True) -> None:
    """To the next time. `told`: what lies behind is over, else it waits for the next letter."""
    if told:
        digest.covered_until = digest.next_at
    digest.next_at = digest.try_at = next_due(digest.next_at, Frequency(digest.frequency), now)
    digest.attempts = digest.lost = 0
