"""Split an article's text, embed it, and store its passages: what relevance is measured against."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from service.domain.passage import split_passages
from service.domain.scoring import Engine, encoder_of
from service.models import Article, Passage
from service.models.article import TITLE_POSITION
from service.usecases.context import Context


def index_article(ctx: Context, engine: Engine | None, *, article_id: UUID) -> bool:
    """Store the passages of the article's present text; safe to run twice.

    The text is embedded outside any transaction; where it changed meanwhile the result is
    dropped, because the change has sent its own job. Without an engine nothing happens: the
    sweep sends the article again. Says whether passages were stored.
    """
    if engine is None:
        return False
    with ctx.reading() as session:
        article = session.get(Article, article_id)
    if article is None or article.is_indexed or article.text_hash is None:
        return False
    title = (article.title or "").strip()
    passages = split_passages(article.body or "")
    texts = [title, *passages] if title else passages
    first = TITLE_POSITION if title else TITLE_POSITION + 1
    vectors = engine.embed(texts)
    with ctx.transaction() as tx:
        current = tx.session.get_one(Article, article_id, with_for_update=True)
        if current.text_hash != article.text_hash:
            return False
        tx.session.execute(delete(Passage).where(Passage.article_id == article_id))
        tx.session.add_all(
            Passage(article_id=article_id, position=first + n, text=text, embedding=vector)
            for n, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        )
        current.indexed_hash, current.indexed_at = current.text_hash, ctx.clock()
        current.indexed_by = encoder_of(engine.models)
        # Comments that waited for this article can be scored now.
        tx.after_commit.append(ctx.queue.nudge_scoring)
    return True
