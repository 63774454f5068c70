"""Send what waits for webhooks: threads send, one writes down what came of it."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any
from uuid import UUID

from sqlalchemy import update

from service.domain.webhook import PATIENCE, secrets_in_force
from service.domain.webhook_message import SLOW, Answer, Message
from service.models import Webhook, WebhookDelivery
from service.queries.webhooks import due_deliveries, sendable
from service.usecases.context import Context
from service.usecases.forget_deliveries import forget_deliveries, skip_undone
from service.usecases.record_delivery import record_delivery

# Longer than a round and its last try together; a sender that died is followed by another then.
LEASE = timedelta(seconds=60)
ROUND_SECONDS = 10.0
WEBHOOKS_AT_ONCE = 16
MESSAGES_AT_ONCE = 50
# Tries in flight, of one webhook and of all together.
SENDERS_EACH, SENDERS = 4, 16
ORDER = ("type", "timestamp", "data")


@dataclass(slots=True)
class _Lane:
    """One webhook's messages of this round; `closed` once it had better be left alone."""

    webhook_id: UUID
    messages: deque[Message] = field(default_factory=deque)
    failures: int = 0
    closed: bool = False

    def note(self, answer: Answer) -> None:
        """Close after what cost much time, a 410, a wish to wait, or several failures in a row."""
        self.failures = self.failures + 1 if answer.error else 0
        if answer.error is not None and (
            answer.error in SLOW
            or answer.error == "gone"
            or answer.retry_after
            or self.failures >= PATIENCE
        ):
            self.closed = True


_Results = SimpleQueue[tuple[Message, Answer] | None]


def deliver_webhooks(ctx: Context, *, seconds: float = ROUND_SECONDS) -> int:
    """One round; says how many messages were tried. Safe at any time, by several at once.

    1. What belongs to an undone decision is skipped, and what is old is dropped.
    2. A lease on the webhook makes sure that one sender at a time works on it; which have
       failed several times in a row get one message to prove themselves.
    3. Webhooks are sent to side by side, outside any transaction, and none waits for another:
       after a failure that took time a webhook's turn is over.
    4. No try begins after `seconds`. What was not tried is due at once for the next round.
    """
    skip_undone(ctx)
    forget_deliveries(ctx)
    lanes = _claim(ctx)
    if not lanes:
        return 0
    try:
        return _send(ctx, lanes, until=time.monotonic() + seconds)
    finally:
        _release(ctx, [lane.webhook_id for lane in lanes])


def _claim(ctx: Context) -> list[_Lane]:
    now = ctx.clock()
    lanes = []
    with ctx.transaction() as tx:
        for webhook in sendable(tx.session, now, limit=WEBHOOKS_AT_ONCE):
            webhook.lease_until = now + LEASE
            limit = 1 if webhook.failures >= PATIENCE else MESSAGES_AT_ONCE
            due = due_deliveries(tx.session, webhook, now, limit=limit)
            lane = _Lane(webhook.id, failures=webhook.failures)
            lane.messages.extend(_message(webhook, delivery, now) for delivery in due)
            lanes.append(lane)
    return lanes


def _message(webhook: Webhook, delivery: WebhookDelivery, now: datetime) -> Message:
    return Message(
        id=delivery.id,
        webhook_id=webhook.id,
        url=webhook.url,
        secrets=tuple(secrets_in_force(webhook.secrets, now)),
        body=_body(delivery.payload),
        sent_at=now,
    )


def _body(payload: Mapping[str, Any]) -> str:
    """The same bytes at every try, in the order people read them; the database keeps none."""
    ordered = {name: payload[name] for name in ORDER}
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


def _send(ctx: Context, lanes: Sequence[_Lane], *, until: float) -> int:
    # The first sender of every webhook comes before the second of any.
    turns = [lane for nth in range(SENDERS_EACH) for lane in lanes if nth < len(lane.messages)]
    results: _Results = SimpleQueue()
    tried = 0
    with ThreadPoolExecutor(min(SENDERS, len(turns)), thread_name_prefix="webhook") as pool:
        runs = [pool.submit(_run, ctx, lane, until, results) for lane in turns]
        working = len(runs)
        while working:
            result = results.get()
            if result is None:
                working -= 1
                continue
            record_delivery(ctx, *result)
            tried += 1
    for run in runs:
        run.result()  # a mistake of ours in a thread is not kept quiet
    return tried


def _run(ctx: Context, lane: _Lane, until: float, results: _Results) -> None:
    """Send a lane's messages one by one, beside other threads that do the same."""
    try:
        while not lane.closed and time.monotonic() < until:
            try:
                message = lane.messages.popleft()
            except IndexError:
                return
            answer = ctx.webhooks.post(message)
            lane.note(answer)
            results.put((message, answer))
    finally:
        results.put(None)


def _release(ctx: Context, webhook_ids: Sequence[UUID]) -> None:
    """Give the webhooks back; the time stays as a mark of when each was served last."""
    with ctx.transaction() as tx:
        tx.session.execute(
            update(Webhook).where(Webhook.id.in_(webhook_ids)).values(lease_until=ctx.clock())
        )
