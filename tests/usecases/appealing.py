"""What the tests of appeals share: filing, answering, reporting, keeping."""

from __future__ import annotations

from sqlalchemy import select

from service.domain.action import ModeratorAction
from service.domain.appeal import AppealOutcome
from service.domain.automation import DecisionSource
from service.domain.report import ReportState
from service.models import (
    Appeal,
    Comment,
    Decision,
    Reader,
    Report,
    ReviewItem,
    Site,
)
from service.usecases.close_reports import close_reports
from service.usecases.context import Context
from service.usecases.decide_appeal import decide_appeal
from service.usecases.file_appeal import file_appeal
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.report_comment import Sender, report_comment
from service.usecases.take_decision import take_decision
from tests.usecases.breaches import later

WHY = "I argued with the opinion and not with the person."
ANSWER = "We have read it again, and this is what we make of it."


def appeal_as(ctx: Context, reader: Reader, decision: Decision, days: int = 1) -> Appeal:
    return file_appeal(
        later(ctx, days=days),
        site_id=reader.site_id,
        decision_id=decision.id,
        reader_id=reader.id,
        body=WHY,
    )


def answer(
    ctx: Context,
    appeal: Appeal,
    actor: SignedInModerator,
    outcome: str = "overturn",
    guideline: str | None = None,
) -> Appeal:
    return decide_appeal(
        later(ctx, days=2),
        site_id=appeal.site_id,
        appeal_id=appeal.id,
        actor=actor,
        outcome=AppealOutcome(outcome),
        reasons=ANSWER,
        guideline=guideline,
    )


def item_of(ctx: Context, comment: Comment) -> ReviewItem:
    with ctx.reading() as session:
        return session.scalars(select(ReviewItem).where(ReviewItem.comment_id == comment.id)).one()


def reported(ctx: Context, site: Site, comment: Comment, reporter: Reader) -> Report:
    sender = Sender(reader=reporter, address=None, user_agent="")
    return report_comment(
        ctx, site=site, comment_id=comment.id, sender=sender, guideline="civil"
    ).report


def keep(ctx: Context, comment: Comment, actor: SignedInModerator) -> Decision:
    """A person looks at the reports on a comment and lets it stand."""
    with ctx.transaction() as tx:
        locked = lock_comment(tx.session, comment.id, site_id=comment.site_id)
        decision = take_decision(
            tx,
            ctx,
            comment=locked,
            action=ModeratorAction.APPROVE,
            guideline=None,
            note=None,
            actor=actor,
            source=DecisionSource.REPORT,
            item=None,
            undo_window=ctx.limits.undo_window,
        )
        close_reports(
            tx.session,
            comment=locked,
            decision=decision,
            state=ReportState.DISMISSED,
            now=ctx.clock(),
            send_at=decision.final_at,
        )
    return decision
