"""A moderator ends a sanction before its time."""

from __future__ import annotations

from uuid import UUID

from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.errors import Conflict
from service.domain.sanction import SanctionKind, check_role
from service.models import Decision, Sanction, new_id
from service.queries.sanctions import get_sanction
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.notify import notify
from service.usecases.reader_standing import LIFTED, end_sanction, lock_reader, refresh_standing
from service.usecases.sanction_reader import days_until


def lift_sanction(
    ctx: Context,
    *,
    site_id: UUID,
    reader_id: UUID,
    sanction_id: UUID,
    moderator: SignedInModerator,
    note: str,
) -> Sanction:
    """End a sanction in force; whoever may give one may lift it. The reader is told.

    Raises NotFound, Forbidden (role), or Conflict where it has ended.
    """
    now = ctx.clock()
    policy = ctx.policy(site_id)
    with ctx.transaction() as tx:
        session = tx.session
        reader = lock_reader(session, reader_id, site_id=site_id)
        refresh_standing(session, reader, now)
        sanction = get_sanction(session, sanction_id, reader_id=reader.id, site_id=site_id)
        if sanction.ended_at is not None:
            raise Conflict(f"This sanction has ended: {sanction.end_reason}.", code="already_ended")
        kind = SanctionKind(sanction.kind)
        days = days_until(sanction.ends_at, sanction.created_at)
        check_role(moderator.role, kind, days=days, is_staff=reader.is_staff)
        before = reader.standing
        end_sanction(
            session,
            sanction,
            reason=LIFTED,
            now=now,
            actor="moderator",
            actor_id=moderator.id,
        )
        refresh_standing(session, reader, now)
        decision = Decision(
            id=new_id(),
            site_id=site_id,
            reader_id=reader.id,
            action="lift",
            rules=[],
            signals={},
            policy_version=policy.version,
            source=DecisionSource.MODERATOR.value,
            automated=False,
            automated_detection=False,
            automated_decision=AutomatedDecision.NOT.value,
            actor_id=moderator.id,
            note=note,
            from_status=before,
            to_status=reader.standing,
            reverses_id=sanction.decision_id,
            final_at=now,
            created_at=now,
        )
        session.add(decision)
        session.flush()
        notify(
            session,
            site_id=site_id,
            kind="sanction.ended",
            now=now,
            reader_id=reader.id,
            decision_id=decision.id,
            data={"sanction": str(sanction.id), "kind": sanction.kind, "reason": LIFTED},
        )
    return sanction
