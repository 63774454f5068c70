"""A model in the shadow is stored, compared, and decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.domain.scoring import ScoreInput, ScoreResult
from service.models import Article, Site
from service.usecases.compare_shadow import compare_shadow
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers
from workers.scorers.shadow import ShadowedEngine


class Strict:
    """A scorer that finds everything toxic."""

    name, version = "strict", "2"

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        scored = FixedEngine(toxicity=0.97).score(batch)
        return [replace(s.toxicity, model=self.name, version=self.version) for s in scored]


class Broken(Strict):
    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        raise RuntimeError("no model")


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


def test_the_shadow_decides_nothing(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    comment = make.comment(article, make.reader(site))
    score_comments(ctx, ShadowedEngine(FixedEngine(), Strict()))
    assert make.reload(comment).status == "published"


def test_the_comparison_counts_what_the_shadow_would_have_changed(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    for _ in range(3):
        make.comment(article, make.reader(site))
    score_comments(ctx, ShadowedEngine(FixedEngine(toxicity=0.02), Strict()))
    (found,) = compare_shadow(ctx, site_id=site.id, limit=100)
    assert (found.model, found.version, found.comments) == ("strict", "2", 3)
    assert found.mean_difference == pytest.approx(0.95)
    assert found.agreement == 0.0
    assert {before for before, _ in found.changes} == {"publish"}
    assert len(found.examples) == 3


def test_a_broken_shadow_changes_nothing(
    ctx: Context, make: Makers, article: Article, site: Site
) -> None:
    comment = make.comment(article, make.reader(site))
    score_comments(ctx, ShadowedEngine(FixedEngine(), Broken()))
    assert make.reload(comment).status == "published"
    assert compare_shadow(ctx, site_id=site.id, limit=100) == []
