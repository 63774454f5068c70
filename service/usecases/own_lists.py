"""A reader's own lists (muted, promoted, hidden): what they have in common."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.domain.errors import Conflict, NotFound
from service.models import HiddenComment, Mute, Promotion, Reader
from service.usecases.reader_standing import lock_reader

LIST_MAX = 1_000

OwnRow = Mute | Promotion | HiddenComment


def lock_owner(session: Session, reader_id: UUID, *, site_id: UUID) -> Reader:
    """Lock the reader whose lists change: calls at the same moment count one after another."""
    return lock_reader(session, reader_id, site_id=site_id)


def check_other_reader(session: Session, owner: Reader, other_id: UUID) -> None:
    """Raise Conflict for oneself, NotFound where the site has no such reader."""
    if other_id == owner.id:
        raise Conflict("This is yourself.", code="oneself")
    other = session.get(Reader, other_id)
    if other is None or other.site_id != owner.site_id:
        raise NotFound("There is no reader with this id.", code="reader_not_found")


def put_on_list(session: Session, owner: Reader, row: OwnRow) -> None:
    """Store a row of a locked owner's list unless it is there.

    Raises Conflict where the list has LIST_MAX rows.
    """
    table: Any = type(row)
    key = tuple(getattr(row, column.key) for column in table.__mapper__.primary_key)
    if session.get(table, key) is not None:
        return
    held = session.scalar(
        select(func.count()).select_from(table).where(table.reader_id == owner.id)
    )
    if (held or 0) >= LIST_MAX:
        raise Conflict(f"This list holds at most {LIST_MAX}.", code="list_full")
    session.add(row)


def take_off_list(
    session: Session, reader_id: UUID, target: InstrumentedAttribute[UUID], target_id: UUID
) -> None:
    """Delete the row of a list that names `target_id`, if it is there."""
    table: Any = target.class_
    session.execute(
        delete(table)
        .where(table.reader_id == reader_id, target == target_id)
        .execution_options(synchronize_session=False)
    )
