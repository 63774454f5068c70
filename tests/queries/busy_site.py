"""A site where much happened, for counting."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from service.domain.appeal import AppealOutcome
from service.domain.automation import DecisionSource
from service.models import Comment, Decision, Notice, QaSample, Report, Site
from service.usecases.context import Context
from service.usecases.decide_appeal import decide_appeal
from service.usecases.file_appeal import file_appeal
from service.usecases.identify_caller import SignedInModerator
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers
from tests.usecases.breaches import later, remove, signed_in

SEED = 20261122
GUIDELINES = ("civil", "hate", "spam")
CATEGORIES = ("hate", "privacy")
REPORT_STATES = ("open", "upheld", "dismissed", "invalidated")
NOTICE_STATES = ("open", "upheld", "dismissed")
ANSWER = "We have read it again, and it stands as it is."


def fill(ctx: Context, make: Makers, site: Site, count: int) -> None:
    """Draw decisions, reports, notices, second looks and appeals; the same every time."""
    draw = random.Random(SEED)  # noqa: S311 - no secret
    article = make.article(site)
    moderators = [signed_in(make, site) for _ in range(2)]
    comments = [
        make.comment(article, make.reader(site, f"Deirdre-{site.key}-{n}")) for n in range(count)
    ]
    score_comments(ctx, FixedEngine())
    decided = [
        remove(ctx, comment, draw.choice(moderators), guideline=draw.choice(GUIDELINES))
        for comment in comments
    ]
    with ctx.transaction() as tx:
        tx.session.execute(
            update(Decision)
            .where(Decision.site_id == site.id)
            .values(final_at=Decision.created_at - timedelta(seconds=1))
        )
        for number, decision in enumerate(decided):
            _around(tx.session, decision, number, draw)
    _appeal_some(ctx, make, site, decided[::5])


def _around(session: Session, decision: Decision, number: int, draw: random.Random) -> None:
    comment = session.get_one(Comment, decision.comment_id)
    row = session.get_one(Decision, decision.id)
    row.source = draw.choice([source.value for source in DecisionSource])
    row.automated_detection = draw.random() < 0.5
    row.automated_decision = draw.choice(["fully", "partially", "not"])
    took = timedelta(minutes=draw.randint(1, 5_000))
    shared = {
        "site_id": comment.site_id,
        "article_id": comment.article_id,
        "comment_id": comment.id,
        "revision": 1,
        "body_hash": "0" * 64,
        "decision_id": decision.id,
    }
    state = draw.choice(REPORT_STATES)
    session.add(
        Report(
            **shared,
            author_id=comment.reader_id,
            guest_hash=f"{number}",
            guideline=draw.choice(GUIDELINES),
            family="toxic",
            state=state,
        )
    )
    state = draw.choice(NOTICE_STATES)
    session.add(
        Notice(
            **shared,
            reference=f"{comment.site_id.hex[-8:]}-{number}",
            secret_hash="0" * 64,
            category=draw.choice(CATEGORIES),
            explanation="It is against the law, and this is why.",
            name="Niamh Notifier",
            email="niamh@example.org",
            good_faith=True,
            trusted_flagger=draw.random() < 0.3,
            state=state,
            due_at=decision.created_at,
            decided_at=decision.created_at + took if state != "open" else None,
            created_at=decision.created_at,
        )
    )
    session.add(
        QaSample(
            site_id=comment.site_id,
            decision_id=decision.id,
            comment_id=comment.id,
            revision=1,
            restricted=True,
            automated=draw.random() < 0.7,
            open_from=decision.created_at,
            state=draw.choice(["open", "agreed", "agreed", "disagreed", "void"]),
        )
    )


def _appeal_some(ctx: Context, make: Makers, site: Site, decided: Sequence[Decision]) -> None:
    judge: SignedInModerator = signed_in(make, site)
    for number, decision in enumerate(decided):
        filed = file_appeal(
            ctx,
            site_id=site.id,
            decision_id=decision.id,
            reader_id=decision.reader_id,
            body="It was meant in jest, and everybody knew.",
        )
        if number % 3 != 2:
            decide_appeal(
                later(ctx, hours=number + 1),
                site_id=site.id,
                appeal_id=filed.id,
                actor=judge,
                outcome=list(AppealOutcome)[number % 3],
                reasons=ANSWER,
            )
