"""Replay a candidate guideline file over comments that are decided already. Changes nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.backtest import Backtest, Replayed, verdict_of
from service.domain.content import lists_in
from service.domain.guideline import Policy, TermList
from service.domain.moderation import judge
from service.domain.rule import Action
from service.queries.decided_signals import DecidedSignals, Revision, bodies_of, decided_signals
from service.usecases.context import Context

MATCHED_LISTS = "content.matched_lists"


@dataclass(frozen=True, slots=True)
class BacktestRun:
    """A backtest and how it went. `complete` is false where `seconds` ran out before `limit`."""

    candidate: Policy
    found: Backtest
    complete: bool
    seconds: float
    rematched: int


def backtest_guidelines(
    ctx: Context,
    *,
    site_id: UUID,
    candidate: Policy,
    limit: int,
    examples: int,
    seconds: float | None = None,
) -> BacktestRun:
    """Decide the newest `limit` automatically decided comments again, by a candidate.

    The signals are those stored with each decision, so scores, counts and the author's record
    are as they were. Only `content.matched_lists` is found anew from the text where the
    candidate has other lists than the version that decided.

    Args:
        candidate: a policy made of a file (`Policies.parse`).
        limit: how many comments, newest first.
        examples: how many comments that change are named.
        seconds: stop after this time and say so; None for no limit.
    """
    started = time.monotonic()
    found = Backtest(examples=examples)
    lists = _Lists(ctx, candidate)
    complete = True
    with ctx.reading() as session:
        for batch in decided_signals(session, site_id=site_id, limit=limit):
            signals = lists.replace(session, batch)
            for item in batch:
                found.add(_replay(item, signals.get(item.key, item.signals), candidate))
            if seconds is not None and time.monotonic() - started > seconds:
                complete = found.comments >= limit
                break
    return BacktestRun(candidate, found, complete, time.monotonic() - started, lists.rematched)


def _replay(
    item: DecidedSignals, signals: Mapping[str, Mapping[str, Any]], candidate: Policy
) -> Replayed:
    again = judge(signals, candidate)
    return Replayed(
        comment_id=item.comment_id,
        before=Action(item.action),
        after=again.action,
        rules_before=frozenset(item.rules),
        rules_after=frozenset(again.rules),
        person=verdict_of(item.person),
    )


class _Lists:
    """Finds which lists match where the candidate's are not those that were asked then."""

    def __init__(self, ctx: Context, candidate: Policy) -> None:
        self._ctx = ctx
        self._candidate = candidate
        self._asks = any(MATCHED_LISTS in rule.program.signals for rule in candidate.active)
        self._same: dict[str, bool] = {}
        self._other: dict[str, list[TermList]] = {}
        self.rematched = 0

    def replace(
        self, session: Session, batch: Sequence[DecidedSignals]
    ) -> dict[Revision, dict[str, dict[str, Any]]]:
        """The signals of those comments of a batch whose lists are to be looked at again."""
        if not self._asks:
            return {}
        items = {item.key: item for item in batch if not self._is_same(item.policy_version)}
        bodies = bodies_of(session, list(items)) if items else {}
        self.rematched += len(bodies)
        return {key: self._rematched(items[key], body) for key, body in bodies.items()}

    def _is_same(self, version: str) -> bool:
        if version not in self._same:
            stored = self._ctx.policy.stored(version)
            known = stored.lists if stored is not None else {}
            lists = self._candidate.lists
            self._same[version] = known == lists
            self._other[version] = [new for name, new in lists.items() if known.get(name) != new]
        return self._same[version]

    def _rematched(self, item: DecidedSignals, body: str) -> dict[str, dict[str, Any]]:
        other = self._other[item.policy_version]
        content = item.signals.get("content", {})
        found = {*(content.get("matched_lists") or ())} - {terms.name for terms in other}
        found.update(lists_in(body, other))
        matched = [name for name in self._candidate.lists if name in found]
        return {**item.signals, "content": {**content, "matched_lists": matched}}
