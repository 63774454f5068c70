"""After a change of encoder, articles get vectors that comments can be compared to."""

from __future__ import annotations

from service.domain.scoring import EMBEDDING, ModelInUse
from service.models import Article
from service.usecases.context import Context
from service.usecases.index_article import index_article
from service.usecases.sweep import sweep
from service.usecases.unindex_articles import unindex_articles
from tests.makers import FixedEngine, Makers
from tests.usecases.breaches import later


def encoder(version: str) -> tuple[ModelInUse, ...]:
    return (ModelInUse(EMBEDDING, "compact", version, "none"),)


def indexed(ctx: Context, make: Makers, version: str) -> Article:
    article = make.article(make.site(), title="Bridge closes", body="For eleven weeks. " * 20)
    index_article(ctx, FixedEngine(models=encoder(version)), article_id=article.id)
    return make.reload(article)


def test_an_article_indexed_by_another_encoder_is_indexed_again(ctx: Context, make: Makers) -> None:
    article = indexed(ctx, make, "old")
    assert unindex_articles(ctx, models=encoder("new")) == 1
    assert not make.reload(article).is_indexed
    assert sweep(later(ctx, minutes=1)).articles == 1
    assert index_article(ctx, FixedEngine(models=encoder("new")), article_id=article.id)
    assert make.reload(article).indexed_by == "new"


def test_the_same_encoder_leaves_its_articles_alone(ctx: Context, make: Makers) -> None:
    article = indexed(ctx, make, "same")
    assert unindex_articles(ctx, models=encoder("same")) == 0
    assert make.reload(article).is_indexed


def test_an_engine_without_an_encoder_marks_nothing(ctx: Context, make: Makers) -> None:
    indexed(ctx, make, "old")
    assert unindex_articles(ctx, models=FixedEngine().models) == 0
