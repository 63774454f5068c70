"""The moderators' queue: what waits, and who works on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import item_presenters, moderation_schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, limited, moderator_calling
from service.api.blueprint import Blueprint
from service.api.fields import encode_queue_cursor
from service.api.schemas import SiteQuery
from service.domain.guideline import Policy
from service.queries.articles import get_article
from service.queries.review import QueueFilter, QueueRow, queue_counts, queue_page, queue_rows
from service.usecases.claim_items import claim_item, claim_items, release_claim, renew_claim

blp = Blueprint("moderation queue", __name__, description="The review queue")


@blp.route("/moderation/queue", methods=["GET"])
@allow_moderator()
@blp.arguments(moderation_schemas.QueueQuery, location="query")
@blp.response(200, moderation_schemas.QueuePageOut)
def list_queue(query: dict[str, Any]) -> Any:
    """One page of the queue by priority, each item with what its priority is made of"""
    ctx, me = api().ctx, moderator_calling()
    now = ctx.clock()
    with ctx.reading() as session:
        wanted = _filter(session, query, mine=me.id if query["mine"] else None)
        rows, after = queue_page(
            session, wanted, now=now, after=query["cursor"], limit=query["limit"]
        )
    policy = ctx.policy(caller().site.id)
    items = [item_presenters.item(row, policy, moderator_id=me.id, now=now) for row in rows]
    return {"items": items, "next_cursor": encode_queue_cursor(after) if after else None}


@blp.route("/moderation/queues", methods=["GET"])
@allow_moderator()
@blp.arguments(SiteQuery, location="query")
@blp.response(200, moderation_schemas.QueueCountsOut)
def count_queues(query: dict[str, Any]) -> Any:
    """Every queue with something in it: how much, how late, how old"""
    ctx, site_id = api().ctx, caller().site.id
    now = ctx.clock()
    with ctx.reading() as session:
        counts = queue_counts(session, site_id=site_id, now=now)
    policy = ctx.policy(site_id)
    return {"queues": [_count(count, policy, now) for count in counts]}


@blp.route("/moderation/claims", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(moderation_schemas.ClaimsIn)
@blp.response(201, moderation_schemas.ClaimedOut)
def create_claims(fields: dict[str, Any]) -> Any:
    """Claim the next items, or one by its id: nobody else is given the same

    A claim ends after some minutes unless it is renewed.
    """
    ctx, me, site_id = api().ctx, moderator_calling(), caller().site.id
    if fields["item_id"] is not None:
        items = [claim_item(ctx, actor=me, site_id=site_id, item_id=fields["item_id"])]
    else:
        with ctx.reading() as session:
            wanted = _filter(session, fields, mine=None)
        items = claim_items(ctx, actor=me, wanted=wanted, count=fields["count"])
    return _claimed([item.id for item in items])


@blp.route("/moderation/claims/<uuid:claim_id>", methods=["PUT"])
@allow_moderator()
@limited("write")
@blp.response(200, moderation_schemas.ClaimedOut)
def keep_claim(claim_id: UUID) -> Any:
    """Keep a claim for another lease"""
    item = renew_claim(
        api().ctx, actor=moderator_calling(), site_id=caller().site.id, claim_id=claim_id
    )
    return _claimed([item.id])


@blp.route("/moderation/claims/<uuid:claim_id>", methods=["DELETE"])
@allow_moderator()
@limited("write")
@blp.response(204)
def delete_claim(claim_id: UUID) -> None:
    """Give an item back"""
    release_claim(api().ctx, actor=moderator_calling(), site_id=caller().site.id, claim_id=claim_id)


@blp.route("/moderation/claims/<uuid:claim_id>/skip", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(moderation_schemas.SkipIn)
@blp.response(204)
def skip_claim(fields: dict[str, Any], claim_id: UUID) -> None:
    """Give an item back with a reason; it is not given to the same moderator again"""
    release_claim(
        api().ctx,
        actor=moderator_calling(),
        site_id=caller().site.id,
        claim_id=claim_id,
        skip_reason=fields["reason"],
    )


def _filter(session: Any, asked: dict[str, Any], *, mine: UUID | None) -> QueueFilter:
    site_id = caller().site.id
    article = asked["article"]
    return QueueFilter(
        site_id=site_id,
        state=asked.get("state"),
        reason=asked["reason"],
        article_id=get_article(session, site_id=site_id, key=article).id if article else None,
        reader_id=asked["reader"],
        claimed_by=mine,
        text=asked.get("q"),
        opened_from=asked.get("opened_from"),
        opened_to=asked.get("opened_to"),
    )


def _claimed(ids: list[UUID]) -> dict[str, Any]:
    ctx, me, site_id = api().ctx, moderator_calling(), caller().site.id
    now, policy = ctx.clock(), ctx.policy(site_id)
    with ctx.reading() as session:
        rows: list[QueueRow] = queue_rows(session, ids, site_id=site_id)
    return {
        "items": [item_presenters.item(row, policy, moderator_id=me.id, now=now) for row in rows]
    }


def _count(count: Any, policy: Policy, now: Any) -> dict[str, Any]:
    queue = policy.queues.get(count.queue)
    return {
        "queue": count.queue,
        "title": queue.title if queue else count.queue,
        "sla_minutes": queue.sla_minutes if queue else None,
        "depth": count.depth,
        "claimed": count.claimed,
        "breached": count.breached,
        "oldest_seconds": (now - count.oldest).total_seconds() if count.oldest else None,
    }
