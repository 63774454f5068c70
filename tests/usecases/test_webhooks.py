"""What publishers are told of: once, truly, in time, and nothing that was taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.adapters.queue import JobQueue
from service.adapters.redis_client import connect
from service.domain.action import ModeratorAction
from service.domain.errors import Conflict, Invalid
from service.domain.identity import Role
from service.domain.notice import NoticeCategory
from service.models import Article, Comment, Reader, Site, WebhookCursor
from service.usecases.context import Context
from service.usecases.enqueue_webhooks import enqueue_webhooks
from service.usecases.file_appeal import file_appeal
from service.usecases.follow_events import follow_events
from service.usecases.give_notice import NoticeFields, give_notice
from service.usecases.identify_caller import SignedInModerator
from service.usecases.remove_webhook import remove_webhook
from service.usecases.report_comment import Sender, report_comment
from service.usecases.reverse_own_decision import reverse_own_decision
from service.usecases.score_comments import score_comments
from service.usecases.seal_events import seal_events
from service.usecases.try_webhook import try_webhook
from service.usecases.withdraw_comment import withdraw_comment
from tests.makers import FixedEngine, Makers
from tests.usecases.breaches import later, remove, signed_in
from tests.usecases.hooks import add, deliveries, events, one_round, states
from tests.webhook_receiver import Receiver, verifies

WORD = "quokka"


def test_a_published_comment_is_told_of_and_verifies(
    here: Context, make: Makers, site: Site, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    comment = make.published(make.article(site, key="ferry"), make.reader(site))
    article = make.article(site, key="ferry", url="https://news.example/ferry")
    one_round(here)
    [request] = receiver.received
    assert verifies(request, added.secret)
    message = request.message
    assert message["type"] == "comment.published"
    assert message["timestamp"].endswith("Z")
    assert message["data"]["site"] == "demo"
    assert message["data"]["actor"] == "machine"
    assert message["data"]["article"] == {
        "id": str(article.id),
        "key": "ferry",
        "url": "https://news.example/ferry",
    }
    assert message["data"]["comment"] == {
        "id": str(comment.id),
        "thread_id": str(comment.id),
        "parent_id": None,
        "revision": 1,
        "status": "published",
    }
    assert message["data"]["decision"]["action"] == "publish"
    [delivery] = deliveries(here, added)
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 200)
    assert request.headers["webhook-id"] == f"msg_{delivery.id.hex}"


def test_every_kind_of_thing_that_happens_is_told_of(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    comment = make.published(article, author)
    added = add(here, site, receiver.url())
    held = make.comment(article, author)
    score_comments(here, FixedEngine(toxicity=0.97))
    person = signed_in(make, site)
    sender = Sender(reader=make.reader(site), address=None, user_agent="")
    report_comment(here, site=site, comment_id=comment.id, sender=sender, guideline="civil")
    notice = NoticeFields(
        category=NoticeCategory.DEFAMATION,
        explanation="What it says of the harbour master is not true at all.",
        good_faith=True,
        name="A N Other",
        email="other@mail.example",
    )
    give_notice(here, site=site, comment_id=comment.id, reader=None, fields=notice)
    decision = remove(here, comment, person)
    after = later(here, seconds=60)
    one_round(after)
    file_appeal(
        after,
        site_id=site.id,
        decision_id=decision.id,
        reader_id=author.id,
        body="Not so at all.",
    )
    one_round(later(after, seconds=60))
    told = {(request.type, _subject(request.message["data"])) for request in receiver.received}
    assert told == {
        ("comment.held", str(held.id)),
        ("decision.made", str(held.id)),
        ("report.received", str(comment.id)),
        ("notice.received", str(comment.id)),
        ("comment.removed", str(comment.id)),
        ("decision.made", str(comment.id)),
        ("appeal.filed", str(comment.id)),
    }
    appeal = receiver.received[-1].message["data"]
    assert appeal["appeal"]["decision_id"] == str(decision.id)
    assert appeal["decision"]["guideline"] == "civil"
    held_by = next(r for r in receiver.received if r.type == "comment.held").message["data"]
    assert held_by["decision"]["rules"]
    assert set(states(here, added)) == {"delivered"}


def _subject(data: dict[str, dict[str, str]]) -> str:
    return data["comment"]["id"]


def test_no_text_and_nothing_about_persons_leaves_with_a_message(
    here: Context, make: Makers, site: Site, article: Article, receiver: Receiver
) -> None:
    add(here, site, receiver.url())
    author = make.reader(site, WORD)
    comment = make.published(article, author, body=f"The {WORD} should have a timetable too.")
    sender = Sender(reader=make.reader(site), address="203.0.113.9", user_agent=WORD)
    report_comment(
        here, site=site, comment_id=comment.id, sender=sender, guideline="civil", detail=WORD
    )
    withdraw_comment(here, comment_id=comment.id, reader_id=author.id)
    one_round(here)
    assert sorted(receiver.types()) == ["comment.published", "comment.removed", "report.received"]
    sent = b"".join(request.body for request in receiver.received).decode().lower()
    assert WORD not in sent
    assert str(author.id) not in sent
    assert "203.0.113.9" not in sent


def test_only_the_types_asked_for_are_sent(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    add(here, site, receiver.url("/held"), types=["comment.held"])
    add(here, site, receiver.url("/published"), types=["comment.published"])
    make.published(article, author)
    one_round(here)
    assert receiver.types("/held") == []
    assert receiver.types("/published") == ["comment.published"]


def test_nothing_of_before_it_was_added_is_told(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    make.published(article, author)
    add(here, site, receiver.url("/first"))
    make.published(article, author)
    add(here, site, receiver.url("/second"))
    make.published(article, author)
    one_round(here)
    assert len(receiver.at("/first")) == 2
    assert len(receiver.at("/second")) == 1


def test_another_site_hears_nothing(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    add(here, make.site("elsewhere"), receiver.url("/elsewhere"))
    add(here, site, receiver.url("/here"))
    make.published(article, author)
    one_round(here)
    assert len(receiver.at("/here")) == 1
    assert receiver.at("/elsewhere") == []


def test_an_undone_decision_is_told_to_nobody(
    here: Context, site: Site, comment: Comment, first: SignedInModerator, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    decision = remove(here, comment, first)
    assert one_round(here) == 0
    assert states(here, added) == ["waiting", "waiting"]
    reverse_own_decision(here, site_id=site.id, decision_id=decision.id, actor=first, note=None)
    one_round(later(here, minutes=5))
    assert receiver.received == []
    assert states(here, added) == ["skipped", "skipped"]
    assert {delivery.last_error for delivery in deliveries(here, added)} == {"undone"}


def test_a_decision_that_was_undone_before_anybody_looked_is_skipped_too(
    here: Context, site: Site, comment: Comment, first: SignedInModerator, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    decision = remove(here, comment, first)
    reverse_own_decision(here, site_id=site.id, decision_id=decision.id, actor=first, note=None)
    one_round(later(here, minutes=5))
    assert receiver.received == []
    assert states(here, added) == ["skipped", "skipped"]


def test_a_decision_is_told_once_it_is_final_and_so_is_its_open_reversal(
    here: Context, make: Makers, site: Site, comment: Comment, receiver: Receiver
) -> None:
    add(here, site, receiver.url())
    person = signed_in(make, site)
    decision = remove(here, comment, person)
    one_round(later(here, seconds=here.limits.undo - 1))
    assert receiver.received == []
    after = later(here, seconds=here.limits.undo + 3)
    one_round(after)
    assert sorted(receiver.types()) == ["comment.removed", "decision.made"]
    reverse_own_decision(
        after, site_id=site.id, decision_id=decision.id, actor=person, note="A mistake."
    )
    one_round(later(after, seconds=1))
    assert sorted(receiver.types()[2:]) == ["comment.published", "decision.made"]
    reversal = receiver.received[-1].message["data"]["decision"]
    assert reversal["reverses"] == str(decision.id)


def test_a_lead_who_reverses_within_the_window_hides_nothing(
    here: Context, make: Makers, site: Site, comment: Comment, receiver: Receiver
) -> None:
    add(here, site, receiver.url(), types=["decision.made"])
    decision = remove(here, comment, signed_in(make, site))
    lead = signed_in(make, site, Role.LEAD)
    reverse_own_decision(here, site_id=site.id, decision_id=decision.id, actor=lead, note="No.")
    one_round(later(here, minutes=1))
    assert receiver.types() == ["decision.made", "decision.made"]


def test_what_happens_to_a_comment_meanwhile_waits_for_the_decision(
    here: Context, make: Makers, site: Site, comment: Comment, receiver: Receiver
) -> None:
    """Else a message would overtake the one before it, or give the decision away."""
    add(here, site, receiver.url(), types=["comment.removed", "report.received"])
    remove(here, comment, signed_in(make, site), action=ModeratorAction.HIDE)
    withdraw_comment(here, comment_id=comment.id, reader_id=comment.reader_id)
    assert one_round(here) == 0
    one_round(later(here, minutes=1))
    assert receiver.types() == ["comment.removed"]


def test_messages_come_in_the_order_of_the_log_by_their_sequence(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    add(here, site, receiver.url())
    comments = [make.published(article, author) for _ in range(3)]
    one_round(here)
    by_sequence = sorted(receiver.received, key=lambda r: r.message["data"]["sequence"])
    told = [request.message["data"]["comment"]["id"] for request in by_sequence]
    assert told == [str(comment.id) for comment in comments]


def test_an_event_becomes_one_message_however_often_it_is_looked_at(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url())
    make.published(article, author)
    follow_events(here)
    with here.transaction() as tx:  # as if the cursor had not been written
        tx.session.get_one(WebhookCursor, site.id).position = 0
    assert enqueue_webhooks(here) == 1
    assert states(here, added) == ["waiting"]


def test_a_round_of_the_feed_is_bounded_and_the_next_goes_on(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url(), types=["comment.published"])
    for _ in range(3):
        make.published(article, author)
    seal_events(here, limit=100)
    found: list[int] = []
    while sum(found) < 3:
        found.append(enqueue_webhooks(here, limit=2))
        assert len(found) < 20
    assert max(found) < 3
    assert states(here, added) == ["waiting"] * 3


def test_nothing_is_lost_when_redis_is_gone(
    here: Context, make: Makers, site: Site, article: Article, author: Reader, receiver: Receiver
) -> None:
    gone = "redis://127.0.0.1:1/0"
    alone = replace(here, queue=JobQueue(gone, connect(gone)))
    added = add(alone, site, receiver.url())
    make.published(article, author)
    try_webhook(alone, site_id=site.id, webhook_id=added.webhook.id)
    one_round(alone)
    assert sorted(receiver.types()) == ["comment.published", "webhook.test"]


def test_a_site_has_ten_webhooks_at_most(here: Context, site: Site, receiver: Receiver) -> None:
    for number in range(10):
        last = add(here, site, receiver.url(f"/{number}"))
    with pytest.raises(Conflict) as refused:
        add(here, site, receiver.url())
    assert refused.value.code == "too_many_webhooks"
    remove_webhook(here, site_id=site.id, webhook_id=last.webhook.id, by=None)
    add(here, site, receiver.url())


def test_a_target_on_a_private_network_is_refused(ctx: Context, site: Site) -> None:
    for url in ("https://10.0.0.7/hook", "http://203.0.113.4/", "https://169.254.169.254/"):
        with pytest.raises(Invalid) as refused:
            add(ctx, site, url)
        assert set(refused.value.errors) == {"url"}
    assert events(ctx, site.id) == []


def test_the_log_names_the_host_and_no_more_of_an_address(
    here: Context, site: Site, receiver: Receiver
) -> None:
    added = add(here, site, receiver.url("/in/S3CR3T?token=S3CR3T"))
    remove_webhook(here, site_id=site.id, webhook_id=added.webhook.id, by=None)
    found = events(here, site.id)
    assert [event.kind for event in found] == ["webhook.added", "webhook.removed"]
    assert all(event.data["host"] == "127.0.0.1" for event in found)
    assert all("S3CR3T" not in str(event.data) for event in found)
