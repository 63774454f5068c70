"""Seal new events into each site's hash chain: part of the sweep."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.domain.audit_chain import GENESIS, canonical_event, chain_hash
from service.models import Site
from service.queries.audit import EVENT_COLUMNS, last_seal
from service.usecases.context import Context

# Namespace of the advisory locks, one per site; any constant that nobody else uses does.
SEALING = 7_237_412
PATIENCE_SECONDS = 2.0
POLL_SECONDS = 0.02

_HIGHEST = text("SELECT last_value FROM event_id_seq WHERE is_called")
_WRITERS = text(
    """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND granted AND mode = 'RowExclusiveLock'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND relation = 'event'::regclass AND pid IS DISTINCT FROM pg_backend_pid()
    """
)

# One statement for all rows: several times faster than one by one.
_SEAL = text(
    """
    INSERT INTO event_seal (site_id, position, event_id, hash, sealed_at)
    SELECT :site, :after + ordinality, event_id, hash, :now
    FROM unnest(cast(:events AS bigint[]), cast(:hashes AS text[])) WITH ORDINALITY
         AS sealed(event_id, hash, ordinality)
    """
)


@dataclass(frozen=True, slots=True)
class _Head:
    position: int
    event_id: int
    hash: str


def seal_events(ctx: Context, *, limit: int, patience: float = PATIENCE_SECONDS) -> int:
    """Seal events in the order of their ids, at most `limit` per site; says how many.

    Ids are drawn before the commit, so an id can turn up after a larger one. An event is sealed
    only once no smaller id can still turn up:

    1. Read the highest id drawn so far, H.
    2. Then list the transactions that write events: an INSERT takes its lock on the table before
       it draws an id, so whoever has drawn an id up to H and has not ended is on this list.
    3. Wait until all of them have ended, `patience` seconds at most; else leave it to the next
       sweep. Nobody is kept from writing, and who starts later draws ids above H.
    4. Every id up to H that will ever exist is visible now: seal those after the last one sealed.

    So the ids in a chain only grow, and an event with a smaller id that was never sealed has been
    slipped in later. (Comparing rows' xmin with the snapshot's would not do: a transaction may
    draw its number early and its event's id late, or the other way round.) Two sweeps at once
    wait for each other at the site's advisory lock.
    """
    highest = _settled(ctx, patience)
    if highest is None:
        return 0
    with ctx.reading() as session:
        sites = session.scalars(select(Site.id).order_by(Site.id)).all()
    return sum(_seal_site(ctx, site_id, highest, limit) for site_id in sites)


def _settled(ctx: Context, patience: float) -> int | None:
    """The highest id below which nothing can turn up any more; None where it took too long."""
    with ctx.reading() as session:
        highest: int | None = session.scalar(_HIGHEST)
        writers = set(session.scalars(_WRITERS)) if highest is not None else set()
        until = time.monotonic() + patience
        while writers:
            if time.monotonic() >= until:
                return None
            time.sleep(POLL_SECONDS)
            writers &= set(session.scalars(_WRITERS))
    return highest


def _seal_site(ctx: Context, site_id: UUID, highest: int, limit: int) -> int:
    with ctx.transaction() as tx:
        session = tx.session
        session.execute(select(func.pg_advisory_xact_lock(SEALING, func.hashtext(str(site_id)))))
        head = _head(session, site_id)
        rows = session.execute(
            select(*EVENT_COLUMNS)
            .where(
                EVENT_COLUMNS.site_id == site_id,
                EVENT_COLUMNS.id > head.event_id,
                EVENT_COLUMNS.id <= highest,
            )
            .order_by(EVENT_COLUMNS.id)
            .limit(limit)
        )
        events = [dict(row) for row in rows.mappings()]
        if events:
            session.execute(_SEAL, _seals(site_id, head, events, ctx.clock()))
    return len(events)


def _head(session: Session, site_id: UUID) -> _Head:
    seal = last_seal(session, site_id)
    return _Head(seal.position, seal.event_id, seal.hash) if seal else _Head(0, 0, GENESIS)


def _seals(
    site_id: UUID, head: _Head, events: Sequence[dict[str, Any]], now: datetime
) -> dict[str, Any]:
    hashes: list[str] = []
    previous = head.hash
    for event in events:
        previous = chain_hash(previous, canonical_event(event))
        hashes.append(previous)
    return {
        "site": site_id,
        "after": head.position,
        "events": [event["id"] for event in events],
        "hashes": hashes,
        "now": now,
    }
