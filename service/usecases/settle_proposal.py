"""A second person confirms or declines what one person, or the ladder, proposed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.automation import DecisionSource, automation
from service.domain.errors import Conflict, Forbidden
from service.domain.identity import Role
from service.domain.sanction import LEADING, SanctionKind, ladder_automation
from service.models import Comment, Decision, Event, Proposal, Reader, new_id
from service.queries.sanctions import get_proposal
from service.usecases.climb_ladder import LADDER
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.impose_sanction import SanctionTerms, impose_sanction
from service.usecases.lock_comment import lock_comment
from service.usecases.reader_standing import lock_reader, refresh_standing
from service.usecases.refer_author import REFER
from service.usecases.sanction_reader import check_not_sanctioned

CONFIRM, DECLINE = "confirm", "decline"
STATE_AFTER = {CONFIRM: "confirmed", DECLINE: "declined"}
REFERRING = LEADING | {Role.LEGAL}


def settle_proposal(
    ctx: Context,
    *,
    site_id: UUID,
    proposal_id: UUID,
    moderator: SignedInModerator,
    outcome: str,
    note: str | None = None,
) -> Proposal:
    """Confirm (it is carried out) or decline a proposal.

    1. A sanction is settled by a lead or an admin, a referral by these or by legal.
    2. Never by whoever proposed it. 3. Once.

    Raises NotFound, Forbidden, or Conflict `own_proposal`, `already_settled`, or that of the
    action itself.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        proposal = get_proposal(session, proposal_id, site_id=site_id)
        comment = None
        if proposal.comment_id is not None:
            comment = lock_comment(session, proposal.comment_id, site_id=site_id)
        reader = lock_reader(session, proposal.reader_id)
        # Whoever changes a proposal holds its reader: now it stands still.
        session.refresh(proposal)
        _check(proposal, moderator)
        if outcome == CONFIRM:
            proposal.decision_id = _carry_out(ctx, session, proposal, reader, comment, moderator)
        elif comment is not None and proposal.details.get("placed_hold"):
            comment.legal_hold = False
            session.add(
                comment.event(
                    "legal_hold.released", actor="moderator", actor_id=moderator.id, now=now
                )
            )
        proposal.state = STATE_AFTER[outcome]
        proposal.settled_by, proposal.settled_at = moderator.id, now
        proposal.details = {**proposal.details, "answer": note}
        session.add(_event(proposal, moderator, now))
    return proposal


def _check(proposal: Proposal, moderator: SignedInModerator) -> None:
    allowed = REFERRING if proposal.action == REFER else LEADING
    if moderator.role not in allowed:
        names = " or ".join(sorted(role.value for role in allowed))
        raise Forbidden(f"Only a {names} may do this.", code="role_missing")
    if proposal.proposed_by == moderator.id:
        raise Conflict("Somebody else must settle what you proposed.", code="own_proposal")
    if proposal.state != "open":
        raise Conflict(f"This was {proposal.state} already.", code="already_settled")


def _carry_out(
    ctx: Context,
    session: Session,
    proposal: Proposal,
    reader: Reader,
    comment: Comment | None,
    moderator: SignedInModerator,
) -> UUID:
    now = ctx.clock()
    if comment is not None and proposal.action == REFER:
        return _refer(ctx, session, proposal, comment, moderator, now)
    kind = SanctionKind(proposal.action)
    refresh_standing(session, reader, now)
    check_not_sanctioned(session, reader, kind, now)
    details = proposal.details
    is_ladder = LADDER in details
    if is_ladder:
        part = ladder_automation(cause_detected=bool(details["detected"]))
    else:
        part = automation(automated=False, found_by_rule=False, held_by_rule=False)
    sanction = impose_sanction(
        session,
        reader=reader,
        terms=SanctionTerms(
            kind=kind,
            guideline=proposal.guideline,
            source=DecisionSource.MODERATOR,
            part=part,
            ends_at=_end(proposal, now),
            actor_id=moderator.id,
            cause_id=UUID(details["cause"]) if is_ladder else None,
            note=proposal.note,
            signals={LADDER: details[LADDER]} if is_ladder else {},
        ),
        policy=ctx.policy(reader.site_id),
        now=now,
        send_at=now + ctx.limits.undo_window,
    )
    return sanction.decision_id


def _end(proposal: Proposal, now: datetime) -> datetime | None:
    days, ends_at = proposal.details.get("days"), proposal.details.get("ends_at")
    if days is not None:
        return now + timedelta(days=days)
    return datetime.fromisoformat(ends_at) if ends_at else None


def _refer(
    ctx: Context,
    session: Session,
    proposal: Proposal,
    comment: Comment,
    moderator: SignedInModerator,
    now: datetime,
) -> UUID:
    part = automation(automated=False, found_by_rule=False, held_by_rule=False)
    decision = Decision(
        id=new_id(),
        site_id=comment.site_id,
        comment_id=comment.id,
        revision=comment.revision,
        reader_id=comment.reader_id,
        action=REFER,
        guideline=proposal.guideline,
        rules=[],
        signals={},
        policy_version=ctx.policy(comment.site_id).version,
        source=DecisionSource.MODERATOR.value,
        automated=False,
        automated_detection=part.detection,
        automated_decision=part.decision.value,
        actor_id=moderator.id,
        note=proposal.note,
        from_status=comment.status,
        to_status=comment.status,
        final_at=now,
        created_at=now,
    )
    session.add(decision)
    session.flush()
    session.add(
        comment.event(
            "law_enforcement.referred",
            actor="moderator",
            actor_id=moderator.id,
            now=now,
            data={"proposal": str(proposal.id), "decision": str(decision.id)},
        )
    )
    return decision.id


def _event(proposal: Proposal, moderator: SignedInModerator, now: datetime) -> Event:
    return Event(
        site_id=proposal.site_id,
        kind=f"proposal.{proposal.state}",
        reader_id=proposal.reader_id,
        comment_id=proposal.comment_id,
        actor="moderator",
        actor_id=moderator.id,
        data={"proposal": str(proposal.id), "action": proposal.action},
        created_at=now,
    )
