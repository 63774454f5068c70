"""Articles whose vectors another encoder made: they are to be indexed again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from service.domain.scoring import ModelInUse, encoder_of
from service.models import Article
from service.usecases.context import Context


def unindex_articles(ctx: Context, *, models: Sequence[ModelInUse]) -> int:
    """Mark the articles that `models` could not compare a comment to; says how many.

    Their old vectors stay until the sweep has had new ones made; a worker does this whenever
    it has loaded its models, which changes nothing where all vectors are its own.
    """
    encoder = encoder_of(models)
    if encoder is None:
        return 0
    with ctx.transaction() as tx:
        marked = tx.session.scalars(
            update(Article)
            .where(Article.indexed_hash.is_not(None), Article.indexed_by.is_distinct_from(encoder))
            .values(indexed_hash=None)
            .returning(Article.id)
        )
        return len(marked.all())
