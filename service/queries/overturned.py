"""Which restrictions did not last: by who made them, and by the rule behind them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import case, column, func, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from service.domain.period import Period
from service.domain.rule import Mode
from service.models import Comment, Decision
from service.queries.moderation_stats import Share, decided_in, share_of

RESTRICTIONS = ("reject", "remove", "hide", "demote", "lock", "label")
# What a rule does that a person may find wrong.
RULES_RESTRICTIONS = ("hold", "hide", "reject", "demote")
APPROVED, UNDECIDED = "approved", "none"


def overturned(session: Session, *, site_id: UUID, period: Period) -> list[Share]:
    """Restrictions that were later reversed, by people and by the machine, without undone ones."""
    undone = Decision.reversed_at < Decision.final_at
    who = case((Decision.automated, "machine"), else_="person")
    rows = session.execute(
        select(
            who,
            func.count().filter(Decision.reversed_at.is_not(None)),
            func.count(),
        )
        .where(
            *decided_in(site_id, period),
            Decision.action.in_(RESTRICTIONS),
            func.coalesce(~undone, True),
        )
        .group_by(who)
        .order_by(who)
    )
    return [share_of(name, hits, total) for name, hits, total in rows]


def overturned_by_rule(session: Session, *, site_id: UUID, period: Period) -> list[Share]:
    """Of what each rule held, refused, hid or ranked lower, and a person decided on, the share
    that the person let stand in public.

    A comment several rules matched counts for each of them; one changed since counts for none.
    """
    rule = (
        func.jsonb_array_elements(Decision.rules)
        .table_valued(column("value", JSONB))
        .lateral("rule")
    )
    named = rule.c.value["rule"].astext
    wrong = or_(Comment.human_decision == APPROVED, Decision.reversed_at.is_not(None))
    rows = session.execute(
        select(named, func.count().filter(wrong), func.count())
        .select_from(Decision)
        .join(
            Comment,
            (Comment.id == Decision.comment_id) & (Comment.revision == Decision.revision),
        )
        .join(rule, true())
        .where(
            *decided_in(site_id, period),
            Decision.automated,
            Decision.action.in_(RULES_RESTRICTIONS),
            or_(Comment.human_decision != UNDECIDED, Decision.reversed_at.is_not(None)),
            rule.c.value.contains({"mode": Mode.enforce.value, "result": "match"}),
        )
        .group_by(named)
        .order_by(named)
    )
    return [share_of(name, hits, total) for name, hits, total in rows]
