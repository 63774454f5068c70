"""See whether an article's conversation as a whole has left it, or come back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from service.domain.article_drift import RecentTalk, is_drifting
from service.domain.guideline import Policy
from service.models import Article, Event
from service.queries.thread_drift import ARTICLE_LEFT, ARTICLE_RETURNED, recent_talk
from service.usecases.context import Context


def follow_article_drift(ctx: Context, *, article_id: UUID) -> None:
    """Look at the article's last comments; where its state changes, note it with one event.

    Looks first and locks only for a change, since every comment of a thread that is away asks.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        article = _article(session, article_id)
        policy = ctx.policy(article.site_id)
        if not _changes(article, recent_talk(session, article_id), policy):
            return
        article = _article(session, article_id, lock=True)
        talk = recent_talk(session, article_id)
        if not _changes(article, talk, policy):
            return
        article.drifting_since = now if article.drifting_since is None else None
        kind = ARTICLE_RETURNED if article.drifting_since is None else ARTICLE_LEFT
        session.add(
            Event(
                site_id=article.site_id,
                kind=kind,
                article_id=article.id,
                actor="machine",
                data={
                    "threads": talk.threads,
                    "away_threads": talk.away_threads,
                    "comments": talk.comments,
                    "share": round(talk.share, 4),
                },
                created_at=now,
            )
        )


def _article(session: Session, article_id: UUID, *, lock: bool = False) -> Article:
    query = (
        select(Article)
        .where(Article.id == article_id)
        .options(load_only(Article.site_id, Article.drifting_since))
    )
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.execute(query).scalar_one()


def _changes(article: Article, talk: RecentTalk, policy: Policy) -> bool:
    already = article.drifting_since is not None
    after = policy.drift.articles_after
    return is_drifting(talk, already=already, articles_after=after) != already
