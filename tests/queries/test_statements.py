"""Statements for the Transparency Database: all valid, in batches, with nothing personal."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from service.domain.dsa_validation import validate_batch, validate_statement
from service.domain.errors import Invalid
from service.domain.period import Period
from service.models import Comment, Decision, Site, StatementOfReasons
from service.queries.statements import statement_batch
from service.queries.thread_order import Position
from service.usecases.context import Context
from service.usecases.state_reasons import state_reasons
from tests.makers import Makers
from tests.queries.conftest import COMMENTS
from tests.usecases.breaches import later, remove, signed_in


def rows_of(ctx: Context, table: Any, site: Site) -> list[Any]:
    with ctx.reading() as session:
        return list(session.scalars(select(table).where(table.site_id == site.id)))


def batches(ctx: Context, site: Site, period: Period) -> list[list[dict[str, Any]]]:
    found, after = [], None
    with ctx.reading() as session:
        while True:
            page = statement_batch(
                session,
                site_id=site.id,
                period=period,
                now=later(ctx, days=1).clock(),
                after=after,
            )
            found.append(list(page.items))
            after = page.next
            if after is None:
                return found


def test_every_statement_is_valid_and_holds_nothing_personal(
    ctx: Context, busy: Site, period: Period
) -> None:
    exported = [row for batch in batches(ctx, busy, period) for row in batch]
    stated = [s for s in rows_of(ctx, StatementOfReasons, busy) if s.dsa]
    assert len(exported) == len(stated) >= COMMENTS
    text = json.dumps(exported, ensure_ascii=False).lower()
    for row in exported:
        assert validate_statement(row) == []
    for comment in rows_of(ctx, Comment, busy):
        assert comment.body.lower() not in text
        assert str(comment.reader_id) not in text
    for personal in ("deirdre", "niamh", "@", "ferry"):
        assert personal not in text


def test_batches_hold_a_hundred_at_most_and_lose_none(
    ctx: Context, make: Makers, site: Site, period: Period
) -> None:
    author = make.reader(site)
    comment = make.published(make.article(site), author)
    first = remove(ctx, comment, signed_in(make, site))
    with ctx.transaction() as tx:
        for _ in range(204):
            row = Decision(
                site_id=site.id,
                reader_id=comment.reader_id,
                comment_id=comment.id,
                revision=1,
                action="remove",
                guideline="civil",
                policy_version=first.policy_version,
                automated=False,
                automated_detection=False,
                automated_decision="not",
                source="moderator",
                rules=[],
                signals={},
                final_at=ctx.clock(),
                created_at=ctx.clock(),
            )
            tx.session.add(row)
            tx.session.flush()
            state_reasons(
                tx.session,
                decision=row,
                reader=author,
                policy=ctx.policy(site.id),
                comment=comment,
                now=ctx.clock(),
            )
    found = batches(ctx, site, period)
    assert [len(batch) for batch in found] == [100, 100, 5]
    for batch in found:
        assert validate_batch({"statements": batch}) == []
    assert len({row["puid"] for batch in found for row in batch}) == 205


def test_what_can_still_be_undone_or_was_undone_is_not_exported(
    ctx: Context, make: Makers, site: Site, period: Period
) -> None:
    comment = make.published(make.article(site), make.reader(site))
    decision = remove(ctx, comment, signed_in(make, site))
    with ctx.reading() as session:
        soon = statement_batch(session, site_id=site.id, period=period, now=ctx.clock(), after=None)
    assert list(soon.items) == []
    with ctx.transaction() as tx:
        tx.session.get_one(Decision, decision.id).reversed_at = decision.created_at
    assert batches(ctx, site, period) == [[]]


def test_a_cursor_of_another_list_is_refused(ctx: Context, site: Site, period: Period) -> None:
    with ctx.reading() as session, pytest.raises(Invalid) as refused:
        statement_batch(
            session, site_id=site.id, period=period, now=ctx.clock(), after=Position(uuid4())
        )
    assert "cursor" in refused.value.errors
