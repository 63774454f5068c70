"""Breaches a person found add strikes; strikes climb the ladder, expire, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.domain.automation import AutomatedDecision
from service.domain.guideline import Policy
from service.domain.identity import Role
from service.models import (
    Article,
    Comment,
    Decision,
    Notification,
    Proposal,
    Reader,
    Sanction,
    Site,
    StatementOfReasons,
    Strike,
)
from service.queries.signals import surroundings
from service.usecases.acknowledge_warning import acknowledge_warning
from service.usecases.context import Context
from service.usecases.end_sanctions import end_sanctions
from service.usecases.identify_caller import SignedInModerator
from service.usecases.strikes import add_strike, void_strikes
from tests.makers import Makers, always
from tests.usecases.breaches import events_of, later, remove, sanctions_of, signed_in

HATE, THREAT = "hate", "threat"


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def reader(make: Makers, site: Site) -> Reader:
    return make.reader(site)


@pytest.fixture
def moderator(make: Makers, site: Site) -> SignedInModerator:
    return signed_in(make, site)


@pytest.fixture
def comments(make: Makers, article: Article, reader: Reader) -> list[Comment]:
    return [make.published(article, reader) for _ in range(6)]


def strikes_of(ctx: Context, reader: Reader) -> list[Strike]:
    with ctx.reading() as session:
        query = select(Strike).where(Strike.reader_id == reader.id).order_by(Strike.id)
        return list(session.scalars(query))


def kinds(ctx: Context, reader: Reader) -> list[str]:
    return [sanction.kind for sanction in sanctions_of(ctx, reader)]


def test_a_breach_counts_by_the_severity_of_its_guideline(
    ctx: Context,
    make: Makers,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
    policy: Policy,
) -> None:
    decision = remove(ctx, comments[0], moderator)
    strike = strikes_of(ctx, reader)[0]
    severity = policy.severities["moderate"]
    assert (strike.points, strike.decision_id) == (severity.strikes, decision.id)
    assert strike.expires_at == strike.created_at + timedelta(days=severity.expires_days or 0)
    assert make.reload(reader).strikes == severity.strikes


def test_the_first_breach_warns_with_reasons_and_a_message_sent_later(
    ctx: Context,
    make: Makers,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
) -> None:
    cause = remove(ctx, comments[0], moderator)
    (warning,) = sanctions_of(ctx, reader)
    with ctx.reading() as session:
        decision = session.get_one(Decision, warning.decision_id)
        reasons = session.scalar(
            select(StatementOfReasons).where(StatementOfReasons.decision_id == decision.id)
        )
        message = session.scalar(
            select(Notification).where(Notification.decision_id == decision.id)
        )
    assert (warning.kind, warning.cause_id, decision.source) == ("warn", cause.id, "ladder")
    assert decision.automated is False
    assert decision.automated_decision == AutomatedDecision.PARTIALLY.value
    assert reasons is not None
    assert message is not None
    assert message.send_at == cause.final_at
    assert make.reload(reader).warning_id == warning.id
    assert "user.warned" in events_of(ctx, reader.id)


def test_the_ladder_is_climbed_step_by_step_and_a_ban_is_only_proposed(
    ctx: Context,
    make: Makers,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
) -> None:
    remove(ctx, comments[0], moderator)
    acknowledge_warning(
        ctx,
        site_id=reader.site_id,
        reader_id=reader.id,
        sanction_id=sanctions_of(ctx, reader)[0].id,
    )
    remove(ctx, comments[1], moderator)
    assert kinds(ctx, reader) == ["warn"]
    remove(ctx, comments[2], moderator)
    assert make.reload(reader).standing == "premoderated"
    remove(ctx, comments[3], moderator)
    remove(ctx, comments[4], moderator)
    assert make.reload(reader).standing == "suspended"
    remove(ctx, comments[5], moderator, guideline=HATE)
    assert kinds(ctx, reader) == ["warn", "premoderate", "suspend"]
    with ctx.reading() as session:
        proposal = session.scalar(select(Proposal).where(Proposal.reader_id == reader.id))
    assert proposal is not None
    assert (proposal.action, proposal.proposed_by, proposal.state) == ("ban", None, "open")


def test_a_grave_first_breach_is_premoderated_and_warned_but_not_suspended(
    ctx: Context, reader: Reader, comments: list[Comment], moderator: SignedInModerator
) -> None:
    remove(ctx, comments[0], moderator, guideline=THREAT)
    assert sorted(kinds(ctx, reader)) == ["premoderate", "warn"]


def test_an_unserved_warning_does_not_open_the_way_to_a_suspension(
    ctx: Context, reader: Reader, comments: list[Comment], moderator: SignedInModerator
) -> None:
    remove(ctx, comments[0], moderator)
    remove(ctx, comments[1], moderator, guideline=THREAT)
    assert "suspend" not in kinds(ctx, reader)


def test_a_warning_the_reader_could_read_opens_the_way_to_a_suspension(
    ctx: Context, reader: Reader, comments: list[Comment], moderator: SignedInModerator
) -> None:
    remove(ctx, comments[0], moderator)
    remove(later(ctx, minutes=5), comments[1], moderator, guideline=THREAT)
    assert "suspend" in kinds(ctx, reader)


def test_what_the_machine_decides_alone_gives_no_strike(
    ctx: Context,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
    policy: Policy,
) -> None:
    decision = remove(ctx, comments[0], moderator)
    now = ctx.clock()
    with ctx.transaction() as tx:
        void_strikes(tx.session, decision_id=decision.id, now=now)
        row = tx.session.get_one(Decision, decision.id)
        row.automated = True
        added = add_strike(tx.session, decision=row, policy=policy, now=now, send_at=now)
    assert added is None


def test_a_breach_without_points_gives_no_strike(
    ctx: Context,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
    policy: Policy,
) -> None:
    free = {name: replace(s, strikes=0) for name, s in policy.severities.items()}
    lenient = replace(ctx, policy=always(replace(policy, severities=free)))
    remove(lenient, comments[0], moderator)
    assert strikes_of(ctx, reader) == []


def test_one_comment_counts_once_at_its_gravest(
    ctx: Context,
    make: Makers,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
    policy: Policy,
) -> None:
    first = remove(ctx, comments[0], moderator)
    now = ctx.clock()
    with ctx.transaction() as tx:
        row = tx.session.get_one(Decision, first.id)
        same = add_strike(tx.session, decision=row, policy=policy, now=now, send_at=now)
        row.guideline = HATE
        graver = add_strike(tx.session, decision=row, policy=policy, now=now, send_at=now)
    assert same is None
    assert graver is not None
    assert make.reload(reader).strikes == graver.points


def test_strikes_expire_in_the_sweep_and_the_rules_see_it(
    ctx: Context,
    make: Makers,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
) -> None:
    remove(ctx, comments[0], moderator)
    with ctx.reading() as session:
        seen = surroundings(session, [comments[1]], ctx.clock())[comments[1].id]
    assert seen.author["strikes"] == 1
    after = later(ctx, days=181)
    assert end_sanctions(after) == 1
    assert end_sanctions(after) == 0
    assert make.reload(reader).strikes == 0
    assert "strike.expired" in events_of(ctx, reader.id)


def test_a_reversed_decision_takes_its_strike_and_the_sanction_with_it(
    ctx: Context,
    make: Makers,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
) -> None:
    decision = remove(ctx, comments[0], moderator)
    with ctx.transaction() as tx:
        assert void_strikes(tx.session, decision_id=decision.id, now=ctx.clock()) == 1
        assert void_strikes(tx.session, decision_id=decision.id, now=ctx.clock()) == 0
    (warning,) = sanctions_of(ctx, reader)
    found = make.reload(reader)
    assert (warning.end_reason, found.strikes, found.warning_id) == ("overturned", 0, None)
    with ctx.reading() as session:
        told = session.scalars(
            select(Notification).where(Notification.decision_id == warning.decision_id)
        ).all()
    assert told == [], "inside the undo window nobody is told anything"


def test_a_sanction_ends_when_an_earlier_strike_it_was_built_on_is_taken_back(
    ctx: Context,
    make: Makers,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
) -> None:
    decisions = [remove(ctx, comment, moderator) for comment in comments[:3]]
    assert make.reload(reader).standing == "premoderated"
    with ctx.transaction() as tx:
        void_strikes(tx.session, decision_id=decisions[1].id, now=ctx.clock())
    found = make.reload(reader)
    assert (found.standing, found.strikes) == ("active", 2)
    assert [s.kind for s in sanctions_of(ctx, reader) if s.end_reason is None] == ["warn"]


def test_a_reader_told_of_a_sanction_is_told_that_it_was_overturned(
    ctx: Context, reader: Reader, comments: list[Comment], moderator: SignedInModerator
) -> None:
    decision = remove(ctx, comments[0], moderator)
    after = later(ctx, minutes=5)
    with after.transaction() as tx:
        void_strikes(tx.session, decision_id=decision.id, now=after.clock())
    with ctx.reading() as session:
        told = session.scalars(
            select(Notification.kind).where(
                Notification.reader_id == reader.id, Notification.kind == "sanction.ended"
            )
        ).all()
    assert told == ["sanction.ended"]


def test_a_ladders_proposal_falls_with_its_strikes(
    ctx: Context,
    reader: Reader,
    comments: list[Comment],
    moderator: SignedInModerator,
) -> None:
    remove(ctx, comments[0], moderator, guideline=THREAT)
    decision = remove(ctx, comments[1], moderator, guideline=THREAT)
    with ctx.transaction() as tx:
        void_strikes(tx.session, decision_id=decision.id, now=ctx.clock())
    with ctx.reading() as session:
        states = session.scalars(
            select(Proposal.state).where(Proposal.reader_id == reader.id)
        ).all()
    assert states == ["declined"]


def test_the_ladder_only_proposes_against_the_publishers_own_people(
    ctx: Context, make: Makers, site: Site, article: Article
) -> None:
    writer = make.reader(site, badges=["staff"])
    comment = make.published(article, writer)
    remove(ctx, comment, signed_in(make, site, Role.LEAD), guideline=HATE)
    with ctx.reading() as session:
        actions = session.scalars(
            select(Proposal.action).where(Proposal.reader_id == writer.id)
        ).all()
        sanctions = session.scalars(
            select(Sanction.kind).where(Sanction.reader_id == writer.id)
        ).all()
    assert (list(actions), list(sanctions)) == (["premoderate"], ["warn"])
