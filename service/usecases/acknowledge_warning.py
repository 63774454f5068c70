"""A reader says that a warning was read; then the reader may comment again."""

from __future__ import annotations

from uuid import UUID

from service.domain.errors import NotFound
from service.domain.sanction import SanctionKind
from service.models import Event, Sanction
from service.queries.sanctions import get_sanction
from service.usecases.context import Context
from service.usecases.reader_standing import ACKNOWLEDGED, lock_reader, refresh_standing


def acknowledge_warning(
    ctx: Context, *, site_id: UUID, reader_id: UUID, sanction_id: UUID
) -> Sanction:
    """Acknowledge one's own warning; doing it twice is fine. Raises NotFound."""
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        reader = lock_reader(session, reader_id, site_id=site_id)
        warning = get_sanction(session, sanction_id, reader_id=reader.id, site_id=site_id)
        if warning.kind != SanctionKind.WARN:
            raise NotFound("You have no such warning.", code="sanction_not_found")
        if warning.ended_at is not None:
            return warning
        warning.acknowledged_at = warning.ended_at = now
        warning.end_reason = ACKNOWLEDGED
        refresh_standing(session, reader, now)
        session.add(
            Event(
                site_id=site_id,
                kind="warning.acknowledged",
                reader_id=reader.id,
                actor="reader",
                actor_id=reader.id,
                data={"sanction": str(warning.id)},
                created_at=now,
            )
        )
    return warning
