"""A moderator warns, premoderates, suspends or bans a reader, or mutes a reader's reports."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.domain.automation import DecisionSource, automation
from service.domain.errors import Conflict, NotFound
from service.domain.sanction import SanctionKind, check_end, check_role
from service.models import Proposal, Reader, Sanction
from service.queries.sanctions import live_sanctions
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.impose_sanction import SanctionTerms, impose_sanction, propose
from service.usecases.reader_standing import lock_reader, refresh_standing

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sanctioned:
    """What came of it: the sanction, or the proposal that somebody else has to confirm."""

    sanction: Sanction | None = None
    proposal: Proposal | None = None


def sanction_reader(
    ctx: Context,
    *,
    site_id: UUID,
    reader_id: UUID,
    moderator: SignedInModerator,
    kind: SanctionKind,
    guideline: str,
    note: str | None = None,
    days: int | None = None,
    ends_at: datetime | None = None,
) -> Sanctioned:
    """Sanction a reader for a breach of a guideline, for so many days or until a time.

    Where the guideline file asks for two people (`four_eyes`), it becomes a proposal. The reader
    is told once the undo window is over.

    Raises Invalid (guideline, end), Forbidden (role), NotFound, or Conflict where it would
    change nothing.
    """
    now = ctx.clock()
    policy = ctx.policy(site_id)
    policy.check_guideline(guideline)
    end = check_end(kind, days=days, ends_at=ends_at, now=now)
    with ctx.transaction() as tx:
        session = tx.session
        reader = lock_reader(session, reader_id, site_id=site_id)
        if reader.erased_at is not None:
            raise NotFound("There is no reader with this id.", code="reader_not_found")
        check_role(moderator.role, kind, days=days_until(end, now), is_staff=reader.is_staff)
        refresh_standing(session, reader, now)
        check_not_sanctioned(session, reader, kind, now)
        if kind.value in policy.four_eyes:
            _check_not_proposed(session, reader, kind)
            proposal = propose(
                session,
                reader=reader,
                action=kind.value,
                guideline=guideline,
                now=now,
                proposed_by=moderator.id,
                note=note,
                details={"ends_at": end.isoformat() if end else None},
            )
            return Sanctioned(proposal=proposal)
        terms = SanctionTerms(
            kind=kind,
            guideline=guideline,
            source=DecisionSource.MODERATOR,
            part=automation(automated=False, found_by_rule=False, held_by_rule=False),
            ends_at=end,
            actor_id=moderator.id,
            note=note,
        )
        sanction = impose_sanction(
            session,
            reader=reader,
            terms=terms,
            policy=policy,
            now=now,
            send_at=now + ctx.limits.undo_window,
        )
    return Sanctioned(sanction=sanction)


def check_not_sanctioned(
    session: Session, reader: Reader, kind: SanctionKind, now: datetime
) -> None:
    """Raise Conflict where the sanction would change nothing.

    1. A banned reader can be sanctioned no further.
    2. A sanction in force is not given a second time: lift it first.
    """
    live = {sanction.kind for sanction in live_sanctions(session, reader.id, now)}
    for present in (SanctionKind.BAN, kind):
        if present.value in live:
            message = f"This reader has a sanction in force already: {present}."
            raise Conflict(message, code="already_sanctioned")


def days_until(end: datetime | None, now: datetime) -> int | None:
    """Whole days until then, rounded up; None for no end."""
    return math.ceil((end - now) / DAY) if end is not None else None


def _check_not_proposed(session: Session, reader: Reader, kind: SanctionKind) -> None:
    is_open = exists().where(
        Proposal.reader_id == reader.id,
        Proposal.action == kind.value,
        Proposal.state == "open",
    )
    if session.scalar(select(is_open)):
        raise Conflict("This is proposed already and waits for somebody.", code="already_proposed")
