"""What `/metrics` is told of a change, once it is committed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from service.domain.comment import CommentStatus
from service.domain.decision import Decision
from service.domain.rule import Mode
from service.models import Comment, Report
from service.usecases.context import Context, Transaction


def count_move(tx: Transaction, ctx: Context, comment: Comment, *, before: CommentStatus) -> None:
    """A comment that is no longer in the status it had before."""
    if comment.status != before.value:
        tx.after_commit.append(partial(ctx.metrics.record_comment, comment.status))


def count_reports(tx: Transaction, ctx: Context, reports: Iterable[Report]) -> None:
    """Reports that were just closed, each with what became of it."""
    for report in reports:
        record = partial(ctx.metrics.record_report_outcome, report.guideline, report.state)
        tx.after_commit.append(record)


def count_rules(ctx: Context, decision: Decision) -> None:
    """Rules that matched, enforced or in shadow; enforced ones that lacked a signal they need."""
    needed = set(decision.unknown_signals)
    for outcome in decision.outcomes:
        if outcome.result == "match":
            ctx.metrics.record_rule_match(outcome.rule, outcome.mode.value)
        elif outcome.result == "unknown" and outcome.mode is Mode.enforce:
            if needed & {name for name, value in outcome.values.items() if value is None}:
                ctx.metrics.record_rule_unknown(outcome.rule)
