"""A moderator sweeps away reports that look organised: neither right nor wrong."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.guideline import Policy
from service.domain.report import ReportState
from service.models import Comment, Report, ReviewState
from service.queries.reports import open_reports
from service.usecases.close_reports import tell_reporters
from service.usecases.context import Context
from service.usecases.count_changes import count_reports
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.open_review import find_review, reprice
from service.usecases.weigh_reports import weigh_reports


def invalidate_reports(
    ctx: Context,
    *,
    site_id: UUID,
    comment_id: UUID,
    moderator: SignedInModerator,
    only_suspected: bool = True,
) -> int:
    """Close a comment's open reports without a word on the comment; says how many.

    With `only_suspected` those marked as organised, else all. They count in nobody's record; the
    review goes on with what remains, at the priority that remains. Raises NotFound.
    """
    now = ctx.clock()
    policy = ctx.policy(site_id)
    with ctx.transaction() as tx:
        session = tx.session
        comment = lock_comment(session, comment_id, site_id=site_id)
        swept = [r for r in open_reports(session, comment.id) if r.suspected or not only_suspected]
        if not swept:
            return 0
        for report in swept:
            report.state, report.decided_at = ReportState.INVALIDATED.value, now
        count_reports(tx, ctx, swept)
        _log(session, comment, swept, moderator, now)
        tell_reporters(
            session, swept, state=ReportState.INVALIDATED, decision_id=None, now=now, send_at=now
        )
        _reprice(session, comment, policy, now)
    return len(swept)


def _log(
    session: Session,
    comment: Comment,
    swept: list[Report],
    moderator: SignedInModerator,
    now: datetime,
) -> None:
    data = {"reports": len(swept)}
    kinds = ["report.invalidated"]
    if any(report.suspected for report in swept):
        kinds.append("brigade.cleared")
    for kind in kinds:
        session.add(
            comment.event(kind, actor="moderator", actor_id=moderator.id, now=now, data=data)
        )


def _reprice(session: Session, comment: Comment, policy: Policy, now: datetime) -> None:
    item = find_review(session, comment, lock=True)
    if item is None or item.state == ReviewState.DECIDED:
        return
    weighed = weigh_reports(session, comment, policy=policy, now=now)
    item.p_violation = weighed.weight.p_violation if weighed else None
    item.version += 1
    reprice(item, policy, visible=comment.status == CommentStatus.PUBLISHED, now=now)
