"""From backtests and counts to what the schemas dump."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.domain.backtest import Replayed
from service.queries.shadow_rules import ShadowRule
from service.usecases.backtest_guidelines import BacktestRun
from service.usecases.check_guidelines import CheckedGuidelines


def checked(found: CheckedGuidelines) -> dict[str, Any]:
    """The answer to a check."""
    policy = found.policy
    if policy is None:
        return {"usable": False, "problems": found.problems}
    return {
        "usable": True,
        "version": policy.version,
        "label": policy.label,
        "rules": len(policy.rules),
        "tests": sum(len(rule.tests) for rule in policy.rules),
        "problems": {},
    }


def backtest(run: BacktestRun, texts: Mapping[UUID, str]) -> dict[str, Any]:
    """A backtest; `texts` are the beginnings of the comments it names."""
    found = run.found
    return {
        "version": run.candidate.version,
        "comments": found.comments,
        "complete": run.complete,
        "seconds": round(run.seconds, 2),
        "rematched": run.rematched,
        "changed": found.changed,
        "confusion": changes(dict(found.confusion.most_common())),
        "rules": found.rules(),
        "people_before": found.people_before,
        "people_after": found.people_after,
        "examples": [_example(item, texts) for item in found.shown_examples()],
    }


def shadow_rule(counts: ShadowRule) -> dict[str, Any]:
    """The counts of one rule in shadow."""
    return {
        "rule": counts.rule,
        "matched": counts.matched,
        "changes": changes(dict(counts.changes.most_common())),
        "against_people": counts.against_people,
    }


def changes(counted: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Counts by (action before, action after)."""
    return [{"before": old, "after": new, "count": n} for (old, new), n in counted.items()]


def _example(item: Replayed, texts: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "comment_id": item.comment_id,
        "before": item.before,
        "after": item.after,
        "person": item.person,
        "rules_before": sorted(item.rules_before),
        "rules_after": sorted(item.rules_after),
        "excerpt": texts.get(item.comment_id),
    }
