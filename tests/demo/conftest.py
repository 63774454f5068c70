"""A demo whose worker scores whenever somebody waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import sessionmaker

from config.settings import Settings
from service.bootstrap import make_parts
from service.demo.lines import LINES
from service.demo.play import make_moderators, play
from service.demo.stage import Stage
from service.domain.guideline import Policy
from service.domain.scoring import Engine
from service.models import Article, Event, Site
from service.seed import seed_demo
from service.usecases.context import Context
from service.usecases.index_article import index_article
from service.usecases.score_comments import score_comments
from service.usecases.sweep_reviews import sweep_reviews
from tests.conftest import SECRET
from workers.scorers.engine import ScoringEngine, load_engine

ADDRESS = "http://127.0.0.1:8000"


@dataclass
class Demo:
    """A demo with a worker that scores whenever somebody waits."""

    ctx: Context
    site: Site
    scorer: Engine
    said: list[str]

    def play(self, ctx: Context | None = None) -> None:
        ctx = ctx or self.ctx
        play(ctx, self.site, pace=lambda: self.work(ctx), say=self.said.append)

    def work(self, ctx: Context) -> None:
        score_comments(ctx, self.scorer)

    def index(self) -> None:
        with self.ctx.reading() as session:
            ids = list(session.scalars(select(Article.id).where(Article.site_id == self.site.id)))
        for article_id in ids:
            index_article(self.ctx, self.scorer, article_id=article_id)

    def stage(self) -> Stage:
        moderators = make_moderators(self.ctx, self.site)
        lines = {line.name: line for line in LINES}
        return Stage(self.ctx, self.site, lines, moderators, pace=lambda: None)

    def all(self, table: Any, *conditions: Any) -> list[Any]:
        with self.ctx.reading() as session:
            return list(session.scalars(select(table).where(*conditions)))

    def count(self) -> int:
        with self.ctx.reading() as session:
            return session.scalar(select(func.count()).select_from(Event)) or 0


@pytest.fixture(scope="session")
def scorer(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> ScoringEngine:
    return load_engine(
        replace(settings, models_dir=str(tmp_path_factory.mktemp("models")), scoring_threads=1)
    )


def start(ctx: Context, scorer: Engine) -> Demo:
    """The demo site with indexed articles, and nobody who has said anything."""
    # Decisions are final at once: the test waits for nobody.
    ctx = replace(ctx, limits=replace(ctx.limits, undo=0))
    site = seed_demo(ctx, secret_key=SECRET, public_url=ADDRESS)
    assert site is not None
    made = Demo(ctx, site, scorer, [])
    made.index()
    return made


@pytest.fixture(scope="module")
def played(
    engine: sqlalchemy.Engine, settings: Settings, policy: Policy, scorer: ScoringEngine
) -> Iterator[Demo]:
    """The conversation, played to its end; everything is rolled back after the module."""
    with engine.connect() as connection:
        outer = connection.begin()
        made = start(context(connection, settings, policy), scorer)
        made.play()
        sweep_reviews(made.ctx)
        yield made
        outer.rollback()


def context(connection: Connection, settings: Settings, policy: Policy) -> Context:
    sessions = sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )
    return make_parts(settings, sessions=sessions, policy=policy).ctx
