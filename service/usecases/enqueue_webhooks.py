"""Turn what happened into messages that wait for their webhooks: a follower of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.domain.webhook import (
    DISABLED,
    GRACE,
    KEPT_WHILE_DISABLED,
    DeliveryState,
    Happened,
    WebhookType,
    types_of,
)
from service.domain.webhook_payload import (
    ArticleFacts,
    CommentFacts,
    DecisionFacts,
    Facts,
    payload_of,
)
from service.models import (
    Decision,
    Site,
    Webhook,
    WebhookCursor,
    WebhookDelivery,
    new_id,
)
from service.queries.audit import last_position
from service.queries.webhook_feed import (
    FeedEvent,
    decisions_of,
    feed_after,
    sites_behind,
    unsettled,
)
from service.usecases.context import Context

EVENTS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class _Told:
    """An event, what it is told as, and when."""

    found: FeedEvent
    types: Sequence[WebhookType]
    decision: Decision | None
    due_at: datetime


def enqueue_webhooks(ctx: Context, *, limit: int = EVENTS_AT_ONCE) -> int:
    """Think of the next `limit` events of each site, once; says how many messages now wait.

    1. A webhook is told of what happened after it was added, of the types it asks for.
    2. What a person decided is due only once it is final, and so is whatever happens to that
       comment in the meantime; sending makes sure that it was not undone.
    3. For a disabled webhook messages are kept for a week, unsent, for when it is enabled again.
    The site's cursor and the messages are one transaction.
    """
    with ctx.reading() as session:
        sites = sites_behind(session)
    return sum(_enqueue_site(ctx, site_id, limit) for site_id in sites)


def _enqueue_site(ctx: Context, site_id: UUID, limit: int) -> int:
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        cursor = session.execute(
            select(WebhookCursor)
            .where(WebhookCursor.site_id == site_id)
            .with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if cursor is None:
            return 0  # somebody else is at it
        feed = feed_after(session, site_id, cursor.position, limit=limit)
        if not feed:
            return 0
        cursor.position = feed[-1].position
        # After the feed: a webhook that was added before one of these events is seen now.
        webhooks = session.scalars(select(Webhook).where(Webhook.site_id == site_id)).all()
        site = session.get_one(Site, site_id)
        rows = [
            row
            for told in _told(session, feed, now)
            for row in _messages(told, webhooks, site.key, now)
        ]
        if rows:
            session.execute(insert(WebhookDelivery).on_conflict_do_nothing(), rows)
    return len(rows)


def _told(session: Session, feed: Sequence[FeedEvent], now: datetime) -> list[_Told]:
    decisions = decisions_of(session, feed)
    told = []
    for found in feed:
        decision = decisions.get(found.decision_id) if found.decision_id else None
        types = types_of(_happened(found, decision))
        if types:
            told.append(_Told(found, types, decision, now))
    commented = [one.found.comment.id for one in told if one.found.comment]
    until = unsettled(session, commented, now)
    return [_Told(t.found, t.types, t.decision, _due(t, until, now)) for t in told]


def _happened(found: FeedEvent, decision: Decision | None) -> Happened:
    event = found.event
    return Happened(
        kind=event.kind,
        from_status=event.from_status if event.comment_id else None,
        to_status=event.to_status,
        data=event.data,
        automated=decision.automated if decision else False,
        action=decision.action if decision else None,
    )


def _due(told: _Told, until: Mapping[UUID, datetime], now: datetime) -> datetime:
    comment = told.found.comment
    final_at = until.get(comment.id) if comment else None
    return final_at + GRACE if final_at else now


def _messages(
    told: _Told, webhooks: Sequence[Webhook], site_key: str, now: datetime
) -> Iterator[dict[str, Any]]:
    facts = _facts(told, site_key)
    payloads = {type_: payload_of(type_, facts) for type_ in told.types}
    by_person = told.decision is not None and not told.decision.automated
    for webhook in webhooks:
        if told.found.event.id <= webhook.after_event or _is_forgotten(webhook, now):
            continue
        state = DeliveryState.SKIPPED if webhook.disabled_at else DeliveryState.WAITING
        for type_ in told.types:
            if type_ in webhook.types:
                yield {
                    "id": new_id(),
                    "site_id": webhook.site_id,
                    "webhook_id": webhook.id,
                    "event_id": told.found.event.id,
                    "type": type_.value,
                    "payload": payloads[type_],
                    "decision_id": told.decision.id if told.decision and by_person else None,
                    "state": state.value,
                    "last_error": DISABLED if webhook.disabled_at else None,
                    "attempts": 0,
                    "due_at": told.due_at,
                    "created_at": now,
                }


def _is_forgotten(webhook: Webhook, now: datetime) -> bool:
    return webhook.disabled_at is not None and now - webhook.disabled_at > KEPT_WHILE_DISABLED


def start_following(session: Session, site_id: UUID) -> None:
    """Begin at the end of the site's log, for its first webhook; else go on where one is."""
    others = session.scalar(select(Webhook.id).where(Webhook.site_id == site_id).limit(1))
    position = last_position(session, site_id)
    begin = insert(WebhookCursor).values(site_id=site_id, position=position)
    if others is None:
        begin = begin.on_conflict_do_update(index_elements=["site_id"], set_={"position": position})
    else:
        begin = begin.on_conflict_do_nothing()
    session.execute(begin)


def _facts(told: _Told, site_key: str) -> Facts:
    event, article, comment = told.found.event, told.found.article, told.found.comment
    return Facts(
        kind=event.kind,
        at=event.created_at,
        site=site_key,
        sequence=told.found.position,
        actor=event.actor,
        article=ArticleFacts(id=article.id, key=article.key, url=article.url) if article else None,
        comment=CommentFacts(
            id=comment.id,
            thread_id=comment.root_id,
            parent_id=comment.parent_id,
            revision=event.revision,
            status=event.to_status,
        )
        if comment
        else None,
        decision=_decision_facts(told.decision) if told.decision else None,
        data=event.data,
    )


def _decision_facts(decision: Decision) -> DecisionFacts:
    return DecisionFacts(
        id=decision.id,
        action=decision.action,
        guideline=decision.guideline,
        rules=tuple(rule["rule"] for rule in decision.matched()),
        automated=decision.automated,
        source=decision.source,
        policy=decision.policy_version,
        reverses=decision.reverses_id,
    )
