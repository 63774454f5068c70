"""The demo is played once, goes on where it was stopped, and touches nobody else's site."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service.demo.conversation import CATHAL
from service.demo.lines import LINES
from service.demo.play import is_complete, make_moderators, play
from service.demo.stage import DemoWaits
from service.domain.identity import Role
from service.models import Article, Comment, Report
from service.seed import seed_demo
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from service.usecases.create_site import create_site
from service.usecases.disable_moderator import disable_moderator
from tests.conftest import SECRET
from tests.demo.conftest import ADDRESS, start
from tests.makers import FixedEngine


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def test_whoever_was_stopped_half_way_goes_on_and_says_nothing_twice(
    ctx: Context,
) -> None:
    demo = start(ctx, FixedEngine())
    looks = iter(range(2))

    def work_a_little() -> None:
        demo.work(demo.ctx)
        if next(looks, None) is None:
            raise Stopped

    with pytest.raises(Stopped):
        play(demo.ctx, demo.site, pace=work_a_little, say=demo.said.append)
    assert not is_complete(demo.ctx, demo.site)
    demo.play()
    assert is_complete(demo.ctx, demo.site)
    assert len(demo.all(Comment)) == len(LINES)
    assert len(demo.all(Report)) == 4


def test_without_a_worker_it_says_what_it_waited_for(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.demo.stage.PATIENCE_SECONDS", 0.0)
    site = seed_demo(ctx, secret_key=SECRET, public_url=ADDRESS)
    assert site is not None
    with pytest.raises(DemoWaits, match="no worker scored the comment"):
        play(ctx, site, pace=lambda: None, say=lambda _: None)


def test_a_site_of_somebody_elses_under_the_demos_key_is_left_alone(ctx: Context) -> None:
    theirs = create_site(ctx, key="demo", name="Demonstration Daily", sso_secret="x" * 40)
    assert seed_demo(ctx, secret_key=SECRET, public_url=ADDRESS) is None
    with ctx.reading() as session:
        assert session.scalars(select(Article).where(Article.site_id == theirs.id)).first() is None


def test_a_moderator_the_operator_disabled_stays_disabled(ctx: Context) -> None:
    site = seed_demo(ctx, secret_key=SECRET, public_url=ADDRESS)
    assert site is not None
    made = make_moderators(ctx, site)
    admin = add_moderator(
        ctx, site_id=site.id, email="admin@courier.example", name="Admin", role=Role.ADMIN
    )
    disable_moderator(ctx, site_id=site.id, moderator_id=made[CATHAL].id, by=admin.id)
    assert CATHAL not in make_moderators(ctx, site)
    assert is_complete(ctx, site)
