"""The same verdict on many review items; each stands or fails alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.domain.errors import ParleyError
from service.usecases.context import Context
from service.usecases.decide_item import decide_item
from service.usecases.identify_caller import SignedInModerator
from service.usecases.take_decision import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEntry:
    """One item of a bulk decision."""

    item_id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What became of one item of a bulk decision."""

    item_id: UUID
    decision_id: UUID | None
    version: int | None
    error: ParleyError | None


def decide_items(
    ctx: Context,
    *,
    site_id: UUID,
    entries: Sequence[BulkEntry],
    actor: SignedInModerator,
    verdict: Verdict,
) -> list[BulkResult]:
    """The same verdict on many items, each in a transaction of its own: one that fails says why."""
    results = []
    for entry in entries:
        try:
            done = decide_item(
                ctx,
                site_id=site_id,
                item_id=entry.item_id,
                actor=actor,
                verdict=verdict,
                version=entry.version,
            )
        except ParleyError as error:
            results.append(
                BulkResult(item_id=entry.item_id, decision_id=None, version=None, error=error)
            )
            continue
        decision_id = done.decision.id if done.decision else None
        results.append(
            BulkResult(
                item_id=entry.item_id,
                decision_id=decision_id,
                version=done.item.version,
                error=None,
            )
        )
    return results
