"""Write the statement of reasons a restriction owes its reader, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.appeal import appeal_deadline
from service.domain.automation import AutomatedDecision, DecisionSource
from service.domain.dsa import GROUND_ILLEGAL
from service.domain.dsa_statement import DATABASE_LANGUAGE, Restriction, dsa_statement
from service.domain.errors import Invalid
from service.domain.guideline import Policy
from service.domain.measure import Measure, measure_of
from service.domain.reason_languages import language_for
from service.domain.reasons import Case, state
from service.models import Comment, Decision, Notice, Reader, Site, StatementOfReasons


def state_reasons(
    session: Session,
    *,
    decision: Decision,
    reader: Reader,
    policy: Policy,
    comment: Comment | None = None,
    source_note: str | None = None,
    now: datetime,
) -> StatementOfReasons | None:
    """The statement for a decision on a comment or a reader; None where nothing was restricted.

    It is written in the reader's language, else the site's, else English, and beside it in the
    fields of the EU's Transparency Database. `comment` is what a decision on a comment is about,
    or what led to one on a reader; `source_note` is one more sentence of the newsroom's to the
    reader. The decision must have been flushed.

    Raises Invalid where a person restricts without a guideline that is in force.
    """
    measure = measure_of(decision.action, demote=decision.demote)
    if measure is None:
        return None
    guideline = decision.guideline or _guideline_that_fired(decision)
    if guideline is None and decision.automated:
        return None  # the machine repeats what a person decided, who has given the reasons
    if guideline is None or guideline not in policy.guidelines:
        raise Invalid({"guideline": ["A restriction names a guideline that is in force."]})
    language = language_for(reader.locale, session.get_one(Site, decision.site_id).locale)
    reasons = state(
        _case(decision, measure, guideline, policy, language=language, note=source_note), language
    )
    row = StatementOfReasons(
        site_id=decision.site_id,
        decision_id=decision.id,
        comment_id=decision.comment_id,
        reader_id=reader.id,
        dsa=dsa_statement(_restriction(session, decision, measure, guideline, policy, comment)),
        created_at=now,
        **(asdict(reasons) | {"measure": measure.value}),
    )
    session.add(row)
    return row


def _case(
    decision: Decision,
    measure: Measure,
    guideline: str,
    policy: Policy,
    *,
    language: str,
    note: str | None,
) -> Case:
    terms = policy.guidelines[guideline].dsa
    return Case(
        measure=measure,
        guideline=policy.for_locale(guideline, language),
        source=DecisionSource(decision.source),
        automated_detection=decision.automated_detection,
        automated_decision=AutomatedDecision(decision.automated_decision),
        legal_ground=terms.legal_ground if terms.ground == GROUND_ILLEGAL else None,
        rules=tuple(rule["rule"] for rule in decision.matched()),
        ends_at=decision.ends_at,
        appeal_until=appeal_deadline(decision.final_at),
        note=note,
    )


def _restriction(
    session: Session,
    decision: Decision,
    measure: Measure,
    guideline: str,
    policy: Policy,
    comment: Comment | None,
) -> Restriction:
    return Restriction(
        decision_id=decision.id,
        measure=measure,
        guideline=policy.for_locale(guideline, DATABASE_LANGUAGE),
        terms=policy.guidelines[guideline].dsa,
        source=DecisionSource(decision.source),
        automated_detection=decision.automated_detection,
        automated_decision=AutomatedDecision(decision.automated_decision),
        applied_on=decision.created_at.date(),
        content_on=(comment.created_at if comment else decision.created_at).date(),
        ends_on=decision.ends_at.date() if decision.ends_at else None,
        language=comment.language if comment else None,
        terms_url=policy.terms_url,
        by_trusted_flagger=_by_trusted_flagger(session, decision),
    )


def _by_trusted_flagger(session: Session, decision: Decision) -> bool:
    if decision.source != DecisionSource.NOTICE:
        return False
    found: UUID | None = session.scalar(
        select(Notice.id)
        .where(Notice.comment_id == decision.comment_id, Notice.trusted_flagger)
        .limit(1)
    )
    return found is not None


def _guideline_that_fired(decision: Decision) -> str | None:
    return next((r["guideline"] for r in decision.matched() if r["guideline"]), None)
