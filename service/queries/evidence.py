"""What is handed to law enforcement about a comment and its author."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import Article, Comment, CommentRevision, Proposal, Site
from service.queries.comments import get_comment


def evidence(session: Session, proposal: Proposal, now: datetime) -> tuple[Comment, dict[str, Any]]:
    """The comment of a referral, and its evidence as plain values. Raises NotFound."""
    if proposal.comment_id is None:
        raise LookupError("a referral names its comment")
    comment = get_comment(session, proposal.comment_id, site_id=proposal.site_id)
    article = session.get_one(Article, comment.article_id)
    site = session.get_one(Site, comment.site_id)
    revisions = session.scalars(
        select(CommentRevision)
        .where(CommentRevision.comment_id == comment.id)
        .order_by(CommentRevision.revision)
    )
    return comment, {
        "proposal_id": str(proposal.id),
        "state": proposal.state,
        "explanation": proposal.note,
        "guideline": proposal.guideline,
        "proposed_at": proposal.created_at.isoformat(),
        "disclosed_at": now.isoformat(),
        "site": {"key": site.key, "name": site.name},
        "article": {"key": article.key, "url": article.url, "title": article.title},
        "comment": {
            "id": str(comment.id),
            "status": comment.status,
            "in_reply_to": str(comment.parent_id) if comment.parent_id else None,
            "posted_at": comment.created_at.isoformat(),
            "published_at": comment.published_at.isoformat() if comment.published_at else None,
            "revisions": [
                {"revision": r.revision, "text": r.body, "written_at": r.created_at.isoformat()}
                for r in revisions
            ],
        },
        "author": {
            "id": str(comment.reader.id),
            "publisher_id": comment.reader.external_id,
            "kind": comment.reader.kind,
            "username": comment.reader.username,
            "first_seen_at": comment.reader.created_at.isoformat(),
        },
    }
