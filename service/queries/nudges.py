"""What an author who is asked to think again is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.guideline import Policy
from service.domain.nudge_texts import nudge_message
from service.models import Comment, Score

TOXICITY_TASK = "toxicity"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the body; offsets count UTF-16 code units, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Nudge:
    """The question: about which guideline, what the author reads, where, and until when."""

    guideline: str | None
    title: str | None
    message: str
    sentences: Sequence[Span]
    until: datetime


def nudge_of(
    session: Session, comment: Comment, policy: Policy, locale: str | None
) -> Nudge | None:
    """The question that is open on a comment; None where there is none.

    Sentences come from what the toxicity model noted on this revision. There are none where it
    found none, as for a comment that is asked about for another reason.
    """
    if comment.nudge_until is None:
        return None
    name = comment.nudge_guideline
    clause = policy.for_locale(name, locale) if name and name in policy.guidelines else None
    return Nudge(
        guideline=name,
        title=clause.title if clause else None,
        message=nudge_message(clause, locale),
        sentences=_sentences(session, comment),
        until=comment.nudge_until,
    )


def _sentences(session: Session, comment: Comment) -> list[Span]:
    notes = session.scalars(
        select(Score.evidence).where(
            Score.comment_id == comment.id,
            Score.revision == comment.revision,
            Score.task == TOXICITY_TASK,
        )
    ).all()
    found = {_span(note["sentence"]) for note in notes if note.get("sentence")}
    return sorted(found, key=lambda span: span.start)


def _span(noted: dict[str, Any]) -> Span:
    return Span(noted["start"], noted["end"])
