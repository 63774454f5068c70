"""Propose to tell law enforcement of a comment's author (Digital Services Act, Article 18)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from service.domain.comment import CommentStatus
from service.domain.errors import Conflict
from service.models import Proposal
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.impose_sanction import propose
from service.usecases.lock_comment import lock_comment
from service.usecases.reader_standing import lock_reader

REFER = "refer"


def refer_author(
    ctx: Context,
    *,
    site_id: UUID,
    comment_id: UUID,
    moderator: SignedInModerator,
    guideline: str,
    note: str,
) -> Proposal:
    """Propose a referral; a lead or lawyer other than the proposer confirms it.

    The comment is kept as evidence from now on: it can be neither changed nor erased until the
    proposal is declined. Its author is told of none of this.

    Raises Invalid, NotFound, or Conflict where it is proposed already or nothing is left.
    """
    now = ctx.clock()
    ctx.policy(site_id).check_guideline(guideline)
    with ctx.transaction() as tx:
        session = tx.session
        comment = lock_comment(session, comment_id, site_id=site_id)
        if comment.status == CommentStatus.ERASED:
            raise Conflict("This comment was erased.", code="comment_erased")
        reader = lock_reader(session, comment.reader_id)
        is_open = exists().where(
            Proposal.reader_id == reader.id,
            Proposal.comment_id == comment.id,
            Proposal.action == REFER,
            Proposal.state == "open",
        )
        if session.scalar(select(is_open)):
            raise Conflict("This is proposed already.", code="already_proposed")
        is_new_hold = not comment.legal_hold
        if is_new_hold:
            comment.legal_hold = True
            session.add(
                comment.event(
                    "legal_hold.placed", actor="moderator", actor_id=moderator.id, now=now
                )
            )
        return propose(
            session,
            reader=reader,
            action=REFER,
            guideline=guideline,
            now=now,
            proposed_by=moderator.id,
            note=note,
            comment_id=comment.id,
            details={"placed_hold": is_new_hold},
        )
