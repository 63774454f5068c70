"""Every figure equals a plain count over the rows, whatever happened and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from service.api.engagement_presenters import as_json
from service.domain.conversation_health import conversation_health
from service.domain.period import Period
from service.models import Article, Site
from service.queries.engagement import engagement
from service.queries.engagement_active import as_of
from service.queries.engagement_scope import Scope
from service.usecases.context import Context
from service.usecases.follow_events import follow_events
from tests.engagement_by_hand import ByHand, day_of
from tests.engagement_history import History
from tests.makers import Makers


def figures(ctx: Context, scope: Scope, period: Period, by: str = "day") -> dict[str, Any]:
    with ctx.reading() as session:
        report = engagement(session, scope, period, by=by, limit=50, top=10)
    return as_json(report, scope, by=by)


def check(ctx: Context, site: Site, period: Period) -> None:
    """Compare the site, its sections, its articles and its days with a plain count."""
    hand = ByHand(ctx, site)
    whole = Scope(site.id)
    shown = figures(ctx, whole, period)
    same(shown["totals"], hand.figures(period))
    assert shown["totals"]["regular_readers"] == hand.regulars(period.last, lambda a: True)
    reader_days = hand.reader_days(period, lambda a: True)
    health = conversation_health(hand.figures(period), reader_days=reader_days).value
    assert shown["health"]["value"] == (health if health is None else pytest.approx(health, 1e-3))
    assert [line["day"] for line in shown["series"]] == [str(day) for day in days(period)]
    for line in shown["series"]:
        day = date.fromisoformat(line["day"])
        same(line, hand.figures(Period(day, day)))
    for line in figures(ctx, whole, period, "section")["series"]:
        same(line, hand.figures(period, _in_section(line["section"])))
    lines = figures(ctx, whole, period, "article")["series"]
    assert sum(line["comments"] for line in lines) == shown["totals"]["comments"]
    for line in lines:
        same(line, hand.figures(period, _with_key(line["article"]["key"])))
    for article in hand.articles.values():
        one = figures(ctx, Scope(site.id, article=article), period)
        same(one["totals"], hand.figures(period, _with_key(article.key)))
        regulars = hand.regulars(period.last, _with_key(article.key))
        assert one["totals"]["regular_readers"] == regulars
    local = figures(ctx, Scope(site.id, section="local"), period)["totals"]
    same(local, hand.figures(period, _in_section("local")))
    assert local["regular_readers"] == hand.regulars(period.last, _in_section("local"))


def same(line: dict[str, Any], counted: dict[str, Any]) -> None:
    assert {name: line[name] for name in counted} == counted


def days(period: Period) -> list[date]:
    return [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]


def _with_key(key: str) -> Callable[[Article], bool]:
    return lambda article: article.key == key


def _in_section(section: str | None) -> Callable[[Article], bool]:
    return lambda article: article.section == section


@pytest.mark.parametrize("seed", [1, 2])
def test_after_anything_that_happens_the_figures_equal_a_plain_count(
    ctx: Context, make: Makers, site: Site, seed: int
) -> None:
    history = History(ctx, make, site, seed)
    other = make.site("elsewhere")
    make.published(make.article(other), make.reader(other))
    today = day_of(history.now)
    for turn in range(3):
        for _ in range(25):
            history.step()
        if turn:
            history.erase()
        follow_events(ctx)
        check(ctx, site, Period(today - timedelta(days=45), today))
        check(ctx, site, Period(today - timedelta(days=9), today - timedelta(days=2)))


def test_the_figures_say_until_when_everything_is_counted(
    ctx: Context, make: Makers, site: Site
) -> None:
    def fresh() -> Any:
        with ctx.reading() as session:
            return as_of(session, site_id=site.id, now=now)

    comment = make.published(make.article(site), make.reader(site))
    now = ctx.clock()
    assert fresh() is None
    follow_events(ctx)
    assert fresh() == now
    make.published(make.article(site), make.reader(site))
    waiting = fresh()
    assert comment.created_at < waiting
