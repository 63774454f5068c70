"""Fills a database with comments that were decided long ago, for measuring what reads them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from service.domain.comment import CommentStatus
from service.domain.content import content_signals
from service.domain.guideline import Policy
from service.domain.moderation import decide
from service.models import Article, Comment, CommentRevision, Decision, Reader, new_id
from service.usecases.context import Context
from service.usecases.record_scores import decision_row
from service.usecases.settle_comments import STATUS_AFTER
from workers.bench.bench_texts import comment_texts

PROTOTYPES = 1_000
COPIES_AT_A_TIME = 10
# Of the comments, so many were also decided by a person.
PEOPLE_SHARE = 0.05
# How scores are spread: a uniform number to this power; 16 % of the comments exceed 0.5.
SCORE_POWER = 4
_TABLES: tuple[Table, ...] = tuple(
    model.__table__  # type: ignore[misc]
    for model in (Comment, CommentRevision, Decision)
)


def fill(ctx: Context, *, site_id: UUID, count: int, seed: int) -> None:
    """Store `count` decided comments (a multiple of 10,000, or 1,000) of invented text.

    A thousand of them are decided by the site's own policy; the others are copies of these.
    """
    with ctx.transaction() as tx:
        prototypes = _prototypes(tx.session, ctx, site_id=site_id, seed=seed)
    wanted = count // PROTOTYPES - 1
    while wanted > 0:
        copies = min(COPIES_AT_A_TIME, wanted)
        with ctx.transaction() as tx:
            _copy(tx.session, prototypes, copies)
        wanted -= copies
    with ctx.transaction() as tx:
        tx.session.execute(text("ANALYZE comment, comment_revision, decision"))


def _prototypes(session: Session, ctx: Context, *, site_id: UUID, seed: int) -> list[UUID]:
    draw, now, policy = random.Random(seed), ctx.clock(), ctx.policy(site_id)  # noqa: S311
    article = Article(id=new_id(), site_id=site_id, key=f"bench-{new_id()}")
    reader = Reader(id=new_id(), site_id=site_id, external_id=str(new_id()), username="bench")
    session.add_all([article, reader])
    session.flush()
    ids = []
    texts = comment_texts(PROTOTYPES, seed=seed)
    for number, body in enumerate(texts):
        signals = _signals(body, policy, draw)
        decision = decide(signals, policy)
        # Whoever is asked to think again mostly posts it all the same.
        status = STATUS_AFTER.get(decision.action, CommentStatus.PUBLISHED)
        comment = Comment(
            id=new_id(),
            site_id=site_id,
            article_id=article.id,
            reader_id=reader.id,
            root_id=new_id(),
            status=status.value,
            revision=1,
            body=body,
            html=body,
            fingerprint=draw.getrandbits(62),
        )
        session.add(comment)
        session.flush()
        session.add(CommentRevision(comment_id=comment.id, revision=1, body=body))
        moment = now - timedelta(seconds=number)
        row = decision_row(comment, decision, signals, status, moment)
        session.add(row)
        if draw.random() < PEOPLE_SHARE:
            session.add(_by_a_person(row, draw))
        ids.append(comment.id)
    return ids


def _by_a_person(found: Decision, draw: random.Random) -> Decision:
    refuses = draw.random() < found.signals["scores"]["toxicity"]
    return Decision(
        site_id=found.site_id,
        comment_id=found.comment_id,
        revision=found.revision,
        reader_id=found.reader_id,
        action="remove" if refuses else "approve",
        policy_version=found.policy_version,
        source="moderator",
        automated=False,
        automated_detection=False,
        automated_decision="not",
        from_status=CommentStatus.PUBLISHED.value,
        to_status=CommentStatus.PUBLISHED.value,
        final_at=found.final_at,
        created_at=found.created_at + timedelta(minutes=5),
    )


def _signals(body: str, policy: Policy, draw: random.Random) -> dict[str, Mapping[str, Any]]:
    return {
        "scores": {"toxicity": draw.random() ** SCORE_POWER, "relevance": draw.random()},
        "thread": {"drift": draw.random()},
        "author": {
            "approved_count": draw.randrange(40),
            "rejected_rate_30d": 0.0,
            "account_age_days": draw.randrange(900),
            "strikes": 0,
            "is_staff": False,
            "trust": "known",
        },
        "content": content_signals(
            body,
            lists=policy.lists,
            is_reply=draw.random() < 0.5,
            language="en",
            was_obfuscated=False,
            near_duplicates_24h=0,
        ),
        "article": {"mode": "open", "section": "news", "tags": ["roads"], "age_hours": 5},
        "velocity": {"author_1m": 1, "author_1h": 2, "article_1m": 3},
        "comment": {"human_decision": "none"},
        "submission": {"nudged": False},
    }


def _copy(session: Session, prototypes: list[UUID], copies: int) -> None:
    """Copy the prototypes with everything that hangs on them, under new ids."""
    session.execute(
        text(
            "CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT old, gen_random_uuid() AS new "
            "FROM unnest(CAST(:ids AS uuid[])) old, generate_series(1, :copies)"
        ),
        {"ids": prototypes, "copies": copies},
    )
    for table in _TABLES:
        key = "id" if table is _TABLES[0] else "comment_id"
        columns = [column.name for column in table.columns]
        values = [_copied(name, key) for name in columns]
        session.execute(
            text(
                f"INSERT INTO {table.name} ({', '.join(map(_quoted, columns))}) "  # noqa: S608
                f"SELECT {', '.join(values)} FROM {table.name} row "
                f"JOIN copied ON copied.old = row.{key}"
            )
        )


def _copied(column: str, key: str) -> str:
    if column == key:
        return "copied.new"
    return "gen_random_uuid()" if column == "id" else f"row.{_quoted(column)}"


def _quoted(column: str) -> str:
    return f'"{column}"'
