"""Keep what a reader's row says in step with the reader's strikes and sanctions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.errors import NotFound
from service.domain.sanction import STANDING_OF, SanctionKind, Standing, standing_from
from service.models import Decision, Event, Reader, Sanction, Strike
from service.queries.sanctions import live_sanctions, live_strikes

EXPIRED, LIFTED, OVERTURNED, ACKNOWLEDGED = "expired", "lifted", "overturned", "acknowledged"


def lock_reader(session: Session, reader_id: UUID, *, site_id: UUID | None = None) -> Reader:
    """Lock a reader (after comments and review items, before articles). Raises NotFound."""
    # Counters may have been changed by statements that went past the session's objects.
    session.flush()
    reader = session.get(
        Reader, reader_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if reader is None or (site_id is not None and reader.site_id != site_id):
        raise NotFound("There is no reader with this id.", code="reader_not_found")
    return reader


def end_sanction(
    session: Session,
    sanction: Sanction,
    *,
    reason: str,
    now: datetime,
    actor: str = "machine",
    actor_id: UUID | None = None,
) -> None:
    """End a sanction of a locked reader, with its event; `refresh_standing` is to follow."""
    sanction.ended_at, sanction.end_reason = now, reason
    session.add(
        Event(
            site_id=sanction.site_id,
            kind="sanction.ended",
            reader_id=sanction.reader_id,
            actor=actor,
            actor_id=actor_id,
            data={"sanction": str(sanction.id), "kind": sanction.kind, "reason": reason},
            created_at=now,
        )
    )
    if reason in (LIFTED, OVERTURNED):
        session.get_one(Decision, sanction.decision_id).reversed_at = now


def refresh_standing(session: Session, reader: Reader, now: datetime) -> None:
    """Write standing, its end, open warning, muting and strikes onto a locked reader.

    1. What is due ends: sanctions past their end, strikes past their expiry.
    2. The gravest sanction in force gives the standing; of several, the last end counts.
    3. The oldest warning that was not acknowledged holds the reader's next comment back.
    4. An erased reader's id at the publisher goes once no ban or suspension needs it.
    """
    _end_due(session, reader, now)
    session.flush()
    live = live_sanctions(session, reader.id, now)
    standing = standing_from(sanction.kind for sanction in live)
    ends = [s.ends_at for s in live if STANDING_OF.get(SanctionKind(s.kind)) is standing]
    known = [end for end in ends if end is not None]
    reader.standing = standing.value
    reader.standing_until = max(known) if known and len(known) == len(ends) else None
    reader.warning_id = next((s.id for s in live if s.kind == SanctionKind.WARN), None)
    reader.reports_muted_until = next(
        (s.ends_at for s in live if s.kind == SanctionKind.MUTE_REPORTS), None
    )
    reader.strikes = sum(strike.points for strike in live_strikes(session, reader.id, now))
    if reader.erased_at is not None and standing not in (Standing.SUSPENDED, Standing.BANNED):
        reader.external_id = f"erased-{reader.id}"


def _end_due(session: Session, reader: Reader, now: datetime) -> None:
    due = session.scalars(
        select(Sanction).where(
            Sanction.reader_id == reader.id, Sanction.ended_at.is_(None), Sanction.ends_at <= now
        )
    )
    for sanction in due.all():
        end_sanction(session, sanction, reason=EXPIRED, now=now)
    expired = session.scalars(
        select(Strike).where(
            Strike.reader_id == reader.id,
            Strike.voided_at.is_(None),
            Strike.expired_at.is_(None),
            Strike.expires_at <= now,
        )
    )
    for strike in expired.all():
        strike.expired_at = now
        session.add(strike_event(strike, "strike.expired", now))


def strike_event(strike: Strike, kind: str, now: datetime) -> Event:
    """The event of a strike being added, voided or expired."""
    return Event(
        site_id=strike.site_id,
        kind=kind,
        reader_id=strike.reader_id,
        actor="machine",
        data={
            "strike": str(strike.id),
            "decision": str(strike.decision_id),
            "guideline": strike.guideline,
            "points": strike.points,
        },
        created_at=now,
    )
