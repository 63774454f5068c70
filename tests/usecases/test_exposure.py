"""What moderators look at, and what they need not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.errors import Conflict, Invalid
from service.models import (
    Site,
    utc_now,
)
from service.queries.moderators import own_exposure
from service.usecases.context import Context
from service.usecases.disable_moderator import disable_account
from service.usecases.record_exposure import record_exposure
from service.usecases.set_opt_outs import set_opt_outs
from tests.usecases.accounts import add, membership


def test_opt_outs_are_queues_of_the_guideline_file(ctx: Context, site: Site) -> None:
    account = add(ctx, site)
    opt = {"site_id": site.id, "moderator_id": account.id}
    assert set_opt_outs(ctx, **opt, queues=["spam", "toxic", "spam"]) == ["toxic", "spam"]
    assert membership(ctx, site, account.id).opted_out == ["toxic", "spam"]
    with pytest.raises(Invalid) as refused:
        set_opt_outs(ctx, **opt, queues=["toxic", "gardening"])
    assert refused.value.errors == {"queues": ["There is no queue called gardening."]}
    assert membership(ctx, site, account.id).opted_out == ["toxic", "spam"]


@pytest.mark.parametrize("queue", ["urgent", "legal"])
def test_what_must_be_seen_keeps_somebody_who_sees_it(ctx: Context, site: Site, queue: str) -> None:
    first, second = add(ctx, site), add(ctx, site, email="second@x.example")
    set_opt_outs(ctx, site_id=site.id, moderator_id=first.id, queues=[queue])
    with pytest.raises(Conflict, match=f"Nobody else takes the queue {queue}"):
        set_opt_outs(ctx, site_id=site.id, moderator_id=second.id, queues=[queue])
    set_opt_outs(ctx, site_id=site.id, moderator_id=first.id, queues=[])
    set_opt_outs(ctx, site_id=site.id, moderator_id=second.id, queues=[queue])


def test_a_disabled_moderator_covers_no_queue(ctx: Context, site: Site) -> None:
    first, second = add(ctx, site), add(ctx, site, email="second@x.example")
    disable_account(ctx, moderator_id=second.id)
    with pytest.raises(Conflict):
        set_opt_outs(ctx, site_id=site.id, moderator_id=first.id, queues=["urgent"])


def test_exposure_is_counted_by_the_hour_and_shown_for_seven_days(ctx: Context, site: Site) -> None:
    noon = utc_now().replace(hour=12, minute=30)
    account, other = add(ctx, site), add(ctx, site, email="other@x.example")

    def see(times: int, *, back: timedelta, severe: bool) -> None:
        for _ in range(times):
            at = replace(ctx, clock=lambda: noon - back)
            record_exposure(at, moderator_id=account.id, severe=severe)

    see(3, back=timedelta(0), severe=False)
    see(2, back=timedelta(0), severe=True)
    see(1, back=timedelta(hours=2), severe=True)
    see(4, back=timedelta(days=6), severe=False)
    see(9, back=timedelta(days=7), severe=True)

    with ctx.reading() as session:
        own = own_exposure(session, account.id, noon)
        others = own_exposure(session, other.id, noon)
    assert [(row.hour, row.seen, row.severe) for row in own.today] == [(10, 1, 1), (12, 5, 2)]
    assert [(row.seen, row.severe) for row in own.days] == [(6, 3), *[(0, 0)] * 5, (4, 0)]
    assert not own.pause_suggested
    assert others.today == []


def test_a_pause_is_suggested_after_sixty_severe_texts_in_an_hour(ctx: Context, site: Site) -> None:
    account = add(ctx, site)
    midnight = utc_now().replace(hour=0, minute=15)
    before = replace(ctx, clock=lambda: midnight - timedelta(hours=1))
    now = replace(ctx, clock=lambda: midnight)
    for _ in range(40):
        record_exposure(before, moderator_id=account.id, severe=True)
    for _ in range(29):
        record_exposure(now, moderator_id=account.id, severe=True)
    with ctx.reading() as session:
        assert not own_exposure(session, account.id, midnight).pause_suggested
    record_exposure(now, moderator_id=account.id, severe=True)
    with ctx.reading() as session:
        assert own_exposure(session, account.id, midnight).pause_suggested
