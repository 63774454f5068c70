"""What a reader has not read yet and is to hear of by e-mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.digest import News, excerpt
from service.models import Article, Comment, Mute, Notification, Reader
from service.queries.notifications import REPLIED, visible_to

SHOWN = 20


def digest_news(
    session: Session, *, reader_id: UUID, after: datetime, until: datetime
) -> tuple[list[News], int]:
    """The first SHOWN unread messages of a time, oldest first, and how many more there are.

    Replies by readers who were muted since are left out, and so is all `visible_to` leaves out:
    what is not public is never quoted.
    """
    writer = aliased(Reader)
    muted = exists().where(Mute.reader_id == reader_id, Mute.muted_id == Comment.reader_id)
    wanted = and_(
        visible_to(reader_id, until),
        Notification.send_at > after,
        Notification.read_at.is_(None),
        or_(Notification.kind != REPLIED, ~muted),
    )
    joined = (
        select(Notification, Comment, Article, writer)
        .outerjoin(Comment, Comment.id == Notification.comment_id)
        .outerjoin(Article, Article.id == Comment.article_id)
        .outerjoin(writer, writer.id == Comment.reader_id)
        .where(wanted)
    )
    counted = joined.with_only_columns(func.count(Notification.id), maintain_column_froms=True)
    rows = session.execute(
        joined.order_by(Notification.send_at, Notification.id).limit(SHOWN)
    ).all()
    total = session.scalar(counted) or 0 if len(rows) == SHOWN else len(rows)
    return [_news(*row) for row in rows], total - len(rows)


def _news(
    message: Notification, comment: Comment | None, article: Article | None, writer: Any
) -> News:
    is_reply = message.kind == REPLIED and comment is not None
    link = None
    if article is not None and article.url:
        # The fragment is what the widget's own share links have.
        link = f"{article.url.partition('#')[0]}#{message.comment_id}"
    return News(
        kind=message.kind,
        article=(article.title or None) if article else None,
        link=link,
        who=writer.username if is_reply else None,
        excerpt=excerpt(comment.body) if is_reply and comment else None,
        state=message.data.get("state"),
    )
