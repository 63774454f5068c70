"""A moderator writes a note on a reader, for other moderators."""

from __future__ import annotations

from uuid import UUID

from service.models import Event, ReaderNote, new_id
from service.queries.sanctions import get_reader
from service.usecases.context import Context


def add_reader_note(
    ctx: Context, *, site_id: UUID, reader_id: UUID, moderator_id: UUID, body: str
) -> ReaderNote:
    """Keep a note; its text stays out of the log. Raises NotFound."""
    now = ctx.clock()
    with ctx.transaction() as tx:
        reader = get_reader(tx.session, reader_id, site_id=site_id)
        note = ReaderNote(
            id=new_id(),
            site_id=site_id,
            reader_id=reader.id,
            moderator_id=moderator_id,
            body=body,
            created_at=now,
        )
        event = Event(
            site_id=site_id,
            kind="note.added",
            reader_id=reader.id,
            actor="moderator",
            actor_id=moderator_id,
            data={"note": str(note.id)},
            created_at=now,
        )
        tx.session.add_all([note, event])
    return note
