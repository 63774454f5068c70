"""Receivers that refuse, hang or disappear: retried, bounded, disabled with a reason, replayed."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest

from service.adapters.webhook_sender import WebhookSender
from service.domain.errors import Conflict
from service.domain.webhook import PATIENCE, WAITS
from service.models import Article, Reader, Site
from service.usecases.change_webhook import change_webhook
from service.usecases.context import Context
from service.usecases.deliver_webhooks import SENDERS_EACH, deliver_webhooks
from service.usecases.enable_webhook import enable_webhook
from service.usecases.follow_events import follow_events
from service.usecases.replay_delivery import replay_delivery
from service.usecases.rotate_webhook_secret import rotate_webhook_secret
from service.usecases.try_webhook import try_webhook
from tests.conftest import SECRET
from tests.makers import Makers
from tests.usecases.breaches import later
from tests.usecases.hooks import (
    add,
    at,
    deliveries,
    events,
    one_round,
    set_webhook,
    states,
    trying,
    webhook,
)
from tests.webhook_receiver import Receiver, status, verifies

SOON = 0.4
PUBLISHED = ["comment.published"]


def test_after_a_500_it_is_tried_again_with_growing_waits_until_the_address_is_given_up(
    here: Context,
    make: Makers,
    site: Site,
    article: Article,
    author: Reader,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    receiver.replies["/hook"] = status(500)
    added = add(here, site, receiver.url())
    make.published(article, author)
    moment, moments = here.clock(), [here.clock()]
    one_round(here)
    with caplog.at_level(logging.WARNING):
        while states(here, added) == ["waiting"]:
            moment = deliveries(here, added)[0].due_at
            moments.append(moment)
            assert deliver_webhooks(at(here, moment - timedelta(seconds=1))) == 0
            assert deliver_webhooks(at(here, moment)) == 1
    waits = [after - before for before, after in pairwise(moments)]
    assert len(waits) == len(WAITS)
    assert all(
        least <= wait < least * 1.21 + SLACK for least, wait in zip(WAITS, waits, strict=True)
    )
    ids = {request.headers["webhook-id"] for request in receiver.received}
    bodies = {request.body for request in receiver.received}
    assert (len(receiver.received), len(ids), len(bodies)) == (len(WAITS) + 1, 1, 1)
    [delivery] = deliveries(here, added)
    assert (delivery.state, delivery.last_status) == ("failed", 500)
    found = webhook(here, added)
    assert (found.disabled_at, found.disabled_reason) == (moment, "failing")
    assert found.last_error == "http_status"
    [_, disabled] = events(here, site.id)
    assert (disabled.kind, disabled.actor) == ("webhook.disabled", "machine")
    assert disabled.data["reason"] == "failing"
    assert "disabled: failing" in caplog.text


SLACK = timedelta(seconds=5)  # between our clock and the first round's


def test_a_success_makes_a_failing_webhook_well(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = status(503)
    added = add(here, site, receiver.url())
    make.published(article, author)
    one_round(here)
    found = webhook(here, added)
    assert (found.failures, found.last_error) == (1, "http_status")
    assert found.failing_since is not None
    receiver.replies.clear()
    one_round(later(here, minutes=1))
    found = webhook(here, added)
    assert (found.failures, found.failing_since, found.last_error) == (0, None, None)
    assert states(here, added) == ["delivered"]


def test_retry_after_is_waited_for(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = status(429, Retry_After="3600")
    added = add(here, site, receiver.url())
    make.published(article, author)
    one_round(here)
    make.published(article, author)
    receiver.replies.clear()
    assert one_round(later(here, minutes=59)) == 0
    assert one_round(later(here, minutes=61)) == 2
    assert states(here, added) == ["delivered", "delivered"]


def test_410_disables_at_once_and_what_waits_is_kept(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = status(410)
    added = add(here, site, receiver.url())
    make.published(article, author)
    one_round(here)
    make.published(article, author)
    one_round(later(here, minutes=10))
    assert len(receiver.received) == 1
    assert webhook(here, added).disabled_reason == "gone"
    assert states(here, added) == ["skipped", "skipped"]


def test_enabled_again_it_is_sent_what_was_missed_if_asked(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = status(410)
    added = add(here, site, receiver.url())
    make.published(article, author)
    one_round(here)
    make.published(article, author)
    one_round(here)
    receiver.replies.clear()
    who: dict[str, Any] = {"site_id": site.id, "webhook_id": added.webhook.id, "by": None}
    enable_webhook(here, **who, replay=True)
    enable_webhook(here, **who, replay=True)
    one_round(later(here, seconds=1))
    assert states(here, added) == ["delivered", "delivered"]
    assert [event.kind for event in events(here, site.id)] == [
        "webhook.added",
        "webhook.disabled",
        "webhook.enabled",
    ]


def test_what_was_not_replayed_is_not_replayed_later_either(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    who: dict[str, Any] = {"site_id": site.id, "webhook_id": added.webhook.id, "by": None}
    change_webhook(here, **who, enabled=False)
    make.published(article, author)
    one_round(here)
    change_webhook(here, **who, enabled=True)
    change_webhook(here, **who, enabled=False)
    enable_webhook(here, **who, replay=True)
    one_round(here)
    assert states(here, added) == ["skipped"]
    assert receiver.received == []


def test_a_webhook_that_was_disabled_long_ago_keeps_nothing_more(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    set_webhook(here, added, disabled_at=here.clock() - timedelta(days=8))
    make.published(article, author)
    one_round(here)
    assert deliveries(here, added) == []


def test_messages_of_more_than_thirty_days_ago_are_dropped(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    make.published(article, author)
    one_round(here)
    deliver_webhooks(later(here, days=29))
    assert len(deliveries(here, added)) == 1
    deliver_webhooks(later(here, days=31))
    assert deliveries(here, added) == []


def test_a_replay_is_the_same_message_under_the_same_id(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    make.published(article, author)
    one_round(here)
    [delivery] = deliveries(here, added)
    who: dict[str, Any] = {
        "site_id": site.id,
        "webhook_id": added.webhook.id,
        "delivery_id": delivery.id,
    }
    replay_delivery(here, **who)
    with pytest.raises(Conflict) as refused:
        replay_delivery(here, **who)
    assert refused.value.code == "delivery_waiting"
    one_round(here)
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_disabled_webhook_is_neither_tested_nor_replayed(
    here: Context, site: Site, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    who: dict[str, Any] = {"site_id": site.id, "webhook_id": added.webhook.id}
    delivery = try_webhook(here, **who)
    change_webhook(here, **who, by=None, enabled=False)
    for refused in (
        lambda: try_webhook(here, **who),
        lambda: replay_delivery(here, **who, delivery_id=delivery.id),
    ):
        with pytest.raises(Conflict) as caught:
            refused()
        assert caught.value.code == "webhook_disabled"


def test_while_a_secret_rotates_both_sign_for_a_day(
    here: Context, site: Site, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    who: dict[str, Any] = {"site_id": site.id, "webhook_id": added.webhook.id}
    rotated = rotate_webhook_secret(here, **who, by=None)
    for hours in (1, 25):
        then = later(here, hours=hours)
        try_webhook(then, **who)
        one_round(then)
    during, after = receiver.received
    assert [verifies(during, secret) for secret in (added.secret, rotated.secret)] == [True, True]
    assert [verifies(after, secret) for secret in (added.secret, rotated.secret)] == [False, True]


def test_a_secret_that_became_known_ends_at_once(
    here: Context, site: Site, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    who: dict[str, Any] = {"site_id": site.id, "webhook_id": added.webhook.id}
    rotated = rotate_webhook_secret(here, **who, by=None, revoke_old=True)
    try_webhook(here, **who)
    one_round(here)
    [request] = receiver.received
    assert not verifies(request, added.secret)
    assert verifies(request, rotated.secret)


def test_a_hanging_endpoint_does_not_keep_another_one_waiting(
    ctx: Context, site: Site, receiver: Receiver
) -> None:
    here = trying(ctx, seconds=SOON)
    slow = add(here, site, receiver.url("/slow"))
    quick = add(here, site, receiver.url("/quick"))
    arrived: list[datetime] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        arrived.append(here.clock())
        status(200)(handler)

    receiver.replies |= {"/slow": receiver.hang, "/quick": answer}
    for added in [slow, quick] * 8:
        try_webhook(here, site_id=site.id, webhook_id=added.webhook.id)
    began = here.clock()
    deliver_webhooks(here)
    over = here.clock()
    assert states(here, quick) == ["delivered"] * 8
    assert min(arrived) - began < timedelta(seconds=SOON)
    # The slow one had one turn of a few senders, and is left alone now.
    assert 1 <= len(receiver.at("/slow")) <= SENDERS_EACH
    assert over - began < timedelta(seconds=SOON * 8)
    assert webhook(here, slow).last_error == "timeout"
    assert states(here, slow) == ["waiting"] * 8


def test_a_webhook_that_keeps_failing_is_tried_with_one_message_at_a_time(
    here: Context, site: Site, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    receiver.replies["/hook"] = status(500)
    for _ in range(9):
        try_webhook(here, site_id=site.id, webhook_id=added.webhook.id)
    deliver_webhooks(here)
    assert PATIENCE <= len(receiver.received) < PATIENCE + SENDERS_EACH
    assert deliver_webhooks(later(here, seconds=1)) == 0
    paused = webhook(here, added).paused_until
    assert paused is not None
    assert deliver_webhooks(at(here, paused)) == 1
    receiver.replies.clear()
    assert deliver_webhooks(later(here, hours=1)) == 1
    assert deliver_webhooks(later(here, hours=1)) == 8
    assert states(here, added) == ["delivered"] * 9


def test_no_try_begins_once_the_round_is_over(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    make.published(article, author)
    follow_events(here)
    assert deliver_webhooks(here, seconds=0) == 0
    assert deliver_webhooks(later(here, seconds=1)) == 1
    assert states(here, added) == ["delivered"]


def test_a_name_that_leads_inside_by_now_is_refused_and_counted_as_a_failure(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    inside = "https://hooks.example.org/"
    set_webhook(here, added, url=inside)
    make.published(article, author)
    careful = WebhookSender(SECRET, resolver=lambda *_: ["10.0.0.1"])
    one_round(replace(here, webhooks=careful))
    [delivery] = deliveries(here, added)
    assert (delivery.state, delivery.last_error) == ("waiting", "address_not_public")
    assert receiver.received == []


def test_a_redirect_is_a_failure_that_says_so(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = status(302, Location=receiver.url("/elsewhere"))
    added = add(here, site, receiver.url())
    make.published(article, author)
    one_round(here)
    [delivery] = deliveries(here, added)
    assert (delivery.last_error, delivery.last_status) == ("redirect", 302)
    assert receiver.at("/elsewhere") == []


def test_two_senders_at_once_deliver_each_message_once(shared: Context, receiver: Receiver) -> None:
    here = trying(shared)
    make = Makers(here)
    site = make.site()
    article, author = make.article(site), make.reader(site)
    added = [add(here, site, receiver.url(f"/{n}"), types=PUBLISHED) for n in range(2)]
    for _ in range(5):
        make.published(article, author)
    follow_events(here)
    start = Barrier(2)

    def send() -> int:
        start.wait()
        return deliver_webhooks(here)

    with ThreadPoolExecutor(2) as pool:
        tried = [run.result() for run in [pool.submit(send) for _ in range(2)]]
    assert sum(tried) == 10
    ids = [request.headers["webhook-id"] for request in receiver.received]
    assert len(ids) == len(set(ids)) == 10
    assert all(states(here, one) == ["delivered"] * 5 for one in added)
