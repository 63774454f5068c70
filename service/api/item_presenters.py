"""From review items to what the schemas dump: who sees what of a blind look is decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from service.domain.action import ModeratorAction, check_action
from service.domain.comment import CommentStatus
from service.domain.errors import Conflict
from service.domain.guideline import Policy
from service.queries.review import QueueRow
from service.queries.review_item import AuthorHistory, ItemView
from service.queries.similar_decisions import SimilarDecision
from service.usecases.open_review import price
from service.usecases.take_decision import state_of

EXTRACT_CHARS = 1_200
# What a blind look is asked; what else could be done would tell how the comment stands.
SECOND_LOOK_ACTIONS = [ModeratorAction.APPROVE.value, ModeratorAction.REJECT.value]


def item(row: QueueRow, policy: Policy, *, moderator_id: UUID, now: datetime) -> dict[str, Any]:
    """An item as the queue lists it, with its priority as of now."""
    found, comment = row.item, row.comment
    visible = comment.status == CommentStatus.PUBLISHED
    return {
        "id": found.id,
        "comment_id": found.comment_id,
        "article_key": row.article_key,
        "author": comment.reader,
        "body": comment.body,
        "severe": found.severe,
        "status": None if found.is_second_look else comment.status,
        "state": _state(found, now),
        "reasons": found.reasons,
        "priority": price(found, policy, visible=visible, now=now).components(),
        "p_violation": None if found.is_second_look else found.p_violation,
        "version": found.version,
        "opened_at": found.opened_at,
        "due_at": found.due_at,
        "breached_at": found.breached_at,
        "decided_at": found.decided_at,
        "escalated_to": found.escalated_to,
        "skip_count": found.skip_count,
        "claim": _claim(found, moderator_id, now),
    }


def item_view(
    view: ItemView,
    similar: Sequence[SimilarDecision],
    policy: Policy,
    *,
    moderator_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """An item with everything around it; a second look is shown the comment and its place only."""
    comment, blind = view.comment, view.item.is_second_look
    row = QueueRow(view.item, comment, view.article.key)
    return {
        **item(row, policy, moderator_id=moderator_id, now=now),
        "blind": blind,
        "comment_revision": comment.revision,
        "label": comment.label,
        "demoted": False if blind else comment.demoted,
        "locked": comment.locked,
        "featured": comment.featured_at is not None,
        "preserved": comment.legal_hold,
        "human_decision": "none" if blind else comment.human_decision,
        "created_at": comment.created_at,
        "revisions": view.revisions,
        "ancestors": [_around(c) for c in view.thread.ancestors],
        "replies": [_around(c) for c in view.thread.replies],
        "departure": None if blind else _departure(view),
        "article": _article(view),
        "scores": [] if blind else view.scores,
        "decisions": [] if blind else view.decisions,
        "reports": [] if blind else [_report(r) for r in view.reports],
        "notices": [] if blind else view.notices,
        "author_history": _history(
            view.history, view.author, apart_from=comment if blind else None
        ),
        "similar": [] if blind else [_similar(s) for s in similar],
        "first_opinion": _opinion(view.item, moderator_id),
        "actions": SECOND_LOOK_ACTIONS if blind else _actions(comment),
    }


def scores_of(view: ItemView) -> Mapping[str, float]:
    """All labels of the comment's present revision that are known."""
    return {
        label: value
        for score in view.scores
        if score.task in ("toxicity", "relevance")
        for label, value in score.values.items()
    }


def _state(found: Any, now: datetime) -> str:
    if found.state == "claimed" and found.lease_until is not None and found.lease_until <= now:
        return "escalated" if found.escalated_to else "open"
    return str(found.state)


def _claim(found: Any, moderator_id: UUID, now: datetime) -> dict[str, Any] | None:
    if found.claim_id is None or found.lease_until <= now:
        return None
    mine = found.claimed_by == moderator_id
    return {
        # The id lets its owner renew and release: nobody else needs it.
        "id": found.claim_id if mine else None,
        "moderator_id": found.claimed_by,
        "mine": mine,
        "claimed_at": found.claimed_at,
        "lease_until": found.lease_until,
    }


def _around(comment: Any) -> dict[str, Any]:
    gone = comment.status in (CommentStatus.ERASED, CommentStatus.WITHDRAWN)
    return {
        "id": comment.id,
        "parent_id": comment.parent_id,
        "author": comment.reader,
        "status": comment.status,
        "body": "" if gone else comment.body,
        "created_at": comment.created_at,
    }


def _article(view: ItemView) -> dict[str, Any]:
    article = view.article
    return {
        "key": article.key,
        "title": article.title,
        "url": article.url,
        "section": article.section,
        "extract": article.body[:EXTRACT_CHARS] if article.body else None,
        "nearest": view.nearest_passage,
        "drift": view.comment.drift,
    }


def _departure(view: ItemView) -> dict[str, Any] | None:
    """Where the comment's thread left its article, and what was said from there on."""
    if view.departure is None:
        return None
    moment, said = view.departure
    return {
        "comment_id": moment.comment_id,
        "at": moment.at,
        "noticed_at": moment.noticed_at,
        "is_away": view.comment.adrift_since is not None,
        "comments": [_around(comment) for comment in said],
    }


def _report(seen: Any) -> dict[str, Any]:
    report = seen.report
    return {
        "id": report.id,
        "reader_id": report.reader_id,
        "username": seen.username,
        "guideline": report.guideline,
        "detail": report.detail,
        "revision": report.revision,
        "state": report.state,
        "suspected": report.suspected,
        "reliable": seen.reliable,
        "muted": seen.muted,
        "reliability": seen.reliability.mean,
        "reliability_low": seen.reliability.low,
        "adjudicated": seen.reliability.adjudicated,
        "created_at": report.created_at,
    }


def _history(history: AuthorHistory, author: Any, *, apart_from: Any | None) -> dict[str, Any]:
    """The author's record; a blind look is not told of the comment in question by it."""
    counts = dict(history.counts)
    if apart_from is not None:
        counts[apart_from.status] -= 1
    own_id = apart_from.id if apart_from is not None else None
    return {
        "standing": author.standing,
        "strikes": author.strikes,
        "approved_count": author.approved_count,
        "first_seen": author.created_at,
        "counts": {status: count for status, count in counts.items() if count},
        "rejected_rate_30d": history.rejected_rate_30d,
        "recent": [
            {
                "id": comment.id,
                "parent_id": comment.parent_id,
                "status": comment.status,
                "body": comment.body,
                "created_at": comment.created_at,
            }
            for comment in history.recent
            if comment.id != own_id
        ],
        "sanctions": history.sanctions,
        "notes": history.notes,
    }


def _similar(one: SimilarDecision) -> dict[str, Any]:
    decision = one.decision
    return {
        "decision_id": decision.id,
        "action": decision.action,
        "guideline": decision.guideline,
        "body": one.body,
        "distance": one.distance,
        "created_at": decision.created_at,
    }


def _opinion(found: Any, moderator_id: UUID) -> dict[str, Any] | None:
    """A first opinion is kept from whoever gives the second."""
    if found.escalated_to == "second_opinion" and found.escalated_by != moderator_id:
        return None
    opinion: dict[str, Any] | None = found.first_opinion
    return opinion


def _actions(comment: Any) -> list[str]:
    """What can be done with the comment as it is."""
    possible = []
    for action in ModeratorAction:
        try:
            check_action(action, state_of(comment))
        except Conflict:
            continue
        possible.append(action.value)
    return possible
