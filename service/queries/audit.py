"""Reads on the hash chain: its head, its links, and the events it does not cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from service.domain.audit_chain import Link, canonical_event
from service.models import Event, EventSeal

BATCH = 5_000
# Every column of an event is part of its hash.
EVENT_COLUMNS = Event.__table__.columns
NAMES = tuple(EVENT_COLUMNS.keys())


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Events that no seal covers: `waiting` for the next sweep, or `unsealed` among sealed ones."""

    waiting: int
    unsealed: tuple[int, ...]


def last_seal(session: Session, site_id: UUID) -> EventSeal | None:
    """The newest seal of a site, if there is one."""
    return session.scalars(
        select(EventSeal)
        .where(EventSeal.site_id == site_id)
        .order_by(EventSeal.position.desc())
        .limit(1)
    ).one_or_none()


def last_position(session: Session, site_id: UUID) -> int:
    """How far a site's log is sealed: where a new follower begins. 0 where nothing is sealed."""
    seal = last_seal(session, site_id)
    return seal.position if seal else 0


def links(session: Session, site_id: UUID) -> Iterator[Link]:
    """The site's chain from its first link on, read in batches."""
    after = 0
    while batch := session.execute(_batch(site_id, after)).all():
        for position, event_id, found, *values in batch:
            event = dict(zip(NAMES, values, strict=True))
            known = event["id"] is not None
            yield Link(position, event_id, found, canonical_event(event) if known else None)
        after = batch[-1][0]


def unsealed(session: Session, site_id: UUID, *, last_event: int, most: int) -> Unsealed:
    """Events without a seal: those above `last_event` wait; one below was slipped in later, or
    its seal was deleted. `most` ids of the latter are named at most.
    """
    without = ~exists().where(EventSeal.event_id == Event.id)
    mine = select(Event.id).where(Event.site_id == site_id)
    waiting = session.scalar(
        select(func.count()).select_from(mine.where(Event.id > last_event).subquery())
    )
    unsealed = session.scalars(
        mine.where(Event.id <= last_event, without).order_by(Event.id).limit(most)
    )
    return Unsealed(waiting or 0, tuple(unsealed))


def _batch(site_id: UUID, after: int) -> Select[Any]:
    return (
        select(
            EventSeal.position,
            EventSeal.event_id,
            EventSeal.hash,
            *EVENT_COLUMNS,
        )
        .join(Event, Event.id == EventSeal.event_id, isouter=True)
        .where(EventSeal.site_id == site_id, EventSeal.position > after)
        .order_by(EventSeal.position)
        .limit(BATCH)
    )
