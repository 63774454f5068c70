"""Moderators sanction readers; two people where it is grave; everything ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.domain.action import ModeratorAction
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound
from service.domain.guideline import Policy
from service.domain.identity import Role
from service.domain.rule import Mode
from service.domain.sanction import SanctionKind
from service.models import Article, Comment, Decision, Proposal, Reader, Site
from service.usecases.acknowledge_warning import acknowledge_warning
from service.usecases.context import Context
from service.usecases.disclose_evidence import disclose_evidence
from service.usecases.end_sanctions import end_sanctions
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lift_sanction import lift_sanction
from service.usecases.refer_author import refer_author
from service.usecases.sanction_reader import Sanctioned, sanction_reader
from service.usecases.score_comments import score_comments
from service.usecases.settle_proposal import settle_proposal
from tests.makers import FixedEngine, Makers, always
from tests.usecases.breaches import events_of, later, remove, sanctions_of, signed_in

K = SanctionKind
NEW_READER = "new-reader-premoderated"


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
def lead(make: Makers, site: Site) -> SignedInModerator:
    return signed_in(make, site, Role.LEAD)


@pytest.fixture
def legal(make: Makers, site: Site) -> SignedInModerator:
    return signed_in(make, site, Role.LEGAL)


def sanction(
    ctx: Context, reader: Reader, moderator: SignedInModerator, kind: K, **fields: Any
) -> Sanctioned:
    given = {"guideline": "civil", "note": "Third time this week."} | fields
    return sanction_reader(
        ctx, site_id=reader.site_id, reader_id=reader.id, moderator=moderator, kind=kind, **given
    )


def settle(
    ctx: Context, proposal: Proposal, moderator: SignedInModerator, outcome: str = "confirm"
) -> Proposal:
    return settle_proposal(
        ctx,
        site_id=proposal.site_id,
        proposal_id=proposal.id,
        moderator=moderator,
        outcome=outcome,
        note="Seen.",
    )


def test_a_suspension_keeps_the_reader_out_until_its_end(
    ctx: Context, make: Makers, reader: Reader, article: Article, moderator: SignedInModerator
) -> None:
    sanction(ctx, reader, moderator, K.SUSPEND, days=7)
    with pytest.raises(Forbidden, match="suspended until") as error:
        make.comment(article, reader)
    assert error.value.code == "reader_suspended"
    assert end_sanctions(later(ctx, days=6)) == 0
    assert end_sanctions(later(ctx, days=8)) == 1
    found = make.reload(reader)
    assert (found.standing, found.standing_until) == ("active", None)
    assert [s.end_reason for s in sanctions_of(ctx, reader)] == ["expired"]
    assert events_of(ctx, reader.id)[-2:] == ["user.suspended", "sanction.ended"]
    make.comment(article, found)


def test_the_gravest_of_several_sanctions_counts_and_the_next_follows_it(
    ctx: Context, make: Makers, reader: Reader, moderator: SignedInModerator
) -> None:
    sanction(ctx, reader, moderator, K.PREMODERATE, days=30)
    sanction(ctx, reader, moderator, K.SUSPEND, days=3)
    assert make.reload(reader).standing == "suspended"
    end_sanctions(later(ctx, days=4))
    assert make.reload(reader).standing == "premoderated"


def test_premoderation_holds_the_readers_comments(
    ctx: Context, make: Makers, reader: Reader, article: Article, moderator: SignedInModerator
) -> None:
    sanction(ctx, reader, moderator, K.PREMODERATE)
    comment = make.comment(article, reader)
    score_comments(ctx, FixedEngine())
    assert make.reload(comment).status == "held"


def test_new_readers_are_premoderated_until_enough_were_approved_where_the_rules_say_so(
    ctx: Context,
    make: Makers,
    reader: Reader,
    article: Article,
    moderator: SignedInModerator,
    policy: Policy,
) -> None:
    strict = replace(
        policy,
        rules=tuple(
            replace(rule, mode=Mode.enforce) if rule.id == NEW_READER else rule
            for rule in policy.rules
        ),
    )
    ctx = replace(ctx, policy=always(strict))
    for _ in range(3):
        comment = make.comment(article, reader)
        score_comments(ctx, FixedEngine())
        assert make.reload(comment).status == "held"
        remove(ctx, comment, moderator, action=ModeratorAction.APPROVE)
    trusted = make.comment(article, reader)
    score_comments(ctx, FixedEngine())
    assert make.reload(trusted).status == "published"


def test_a_warning_holds_the_next_comment_back_until_it_is_acknowledged(
    ctx: Context, make: Makers, reader: Reader, article: Article, moderator: SignedInModerator
) -> None:
    warning = sanction(ctx, reader, moderator, K.WARN).sanction
    assert warning is not None
    with pytest.raises(Forbidden, match=str(warning.id)) as error:
        make.comment(article, reader)
    assert error.value.code == "warning_unacknowledged"
    for _ in range(2):
        acknowledge_warning(
            ctx, site_id=reader.site_id, reader_id=reader.id, sanction_id=warning.id
        )
    make.comment(article, reader)
    assert events_of(ctx, reader.id).count("warning.acknowledged") == 1


def test_somebody_elses_warning_cannot_be_acknowledged(
    ctx: Context, make: Makers, site: Site, reader: Reader, moderator: SignedInModerator
) -> None:
    warning = sanction(ctx, reader, moderator, K.WARN).sanction
    assert warning is not None
    with pytest.raises(NotFound):
        acknowledge_warning(
            ctx, site_id=site.id, reader_id=make.reader(site).id, sanction_id=warning.id
        )


def test_muting_a_reporter_sets_until_when(
    ctx: Context, make: Makers, reader: Reader, moderator: SignedInModerator
) -> None:
    sanction(ctx, reader, moderator, K.MUTE_REPORTS, days=30)
    found = make.reload(reader)
    assert found.standing == "active"
    assert found.reports_muted_until > ctx.clock() + timedelta(days=29)
    end_sanctions(later(ctx, days=31))
    assert make.reload(reader).reports_muted_until is None


def test_a_ban_by_one_is_a_proposal_that_another_lead_confirms(
    ctx: Context, make: Makers, site: Site, reader: Reader, lead: SignedInModerator
) -> None:
    proposal = sanction(ctx, reader, lead, K.BAN).proposal
    assert proposal is not None
    assert make.reload(reader).standing == "active"
    with pytest.raises(Conflict) as error:
        settle(ctx, proposal, lead)
    assert error.value.code == "own_proposal"
    with pytest.raises(Forbidden):
        settle(ctx, proposal, signed_in(make, site))
    other = signed_in(make, site, Role.ADMIN)
    settled = settle(ctx, proposal, other)
    assert make.reload(reader).standing == "banned"
    with ctx.reading() as session:
        decision = session.get_one(Decision, settled.decision_id)
    assert (decision.action, decision.actor_id, decision.automated_decision) == (
        "ban",
        other.id,
        "not",
    )
    with pytest.raises(Conflict) as error:
        settle(ctx, proposal, other)
    assert error.value.code == "already_settled"


def test_a_declined_proposal_changes_nothing(
    ctx: Context, make: Makers, site: Site, reader: Reader, lead: SignedInModerator
) -> None:
    proposal = sanction(ctx, reader, lead, K.BAN).proposal
    assert proposal is not None
    settle(ctx, proposal, signed_in(make, site, Role.LEAD), "decline")
    assert make.reload(reader).standing == "active"
    assert events_of(ctx, reader.id)[-1] == "proposal.declined"
    sanction(ctx, reader, lead, K.BAN)  # may be proposed anew


def test_without_four_eyes_a_lead_bans_alone(
    ctx: Context, make: Makers, reader: Reader, lead: SignedInModerator, policy: Policy
) -> None:
    alone = replace(policy, four_eyes=frozenset())
    ctx = replace(ctx, policy=always(alone))
    assert sanction(ctx, reader, lead, K.BAN).sanction is not None
    assert make.reload(reader).standing == "banned"


@pytest.mark.parametrize("kind", [K.SUSPEND, K.PREMODERATE, K.MUTE_REPORTS])
def test_a_sanction_in_force_is_not_given_twice(
    ctx: Context, reader: Reader, moderator: SignedInModerator, kind: K
) -> None:
    sanction(ctx, reader, moderator, kind, days=7)
    with pytest.raises(Conflict) as error:
        sanction(ctx, reader, moderator, kind, days=9)
    assert error.value.code == "already_sanctioned"
    sanction(later(ctx, days=8), reader, moderator, kind, days=7)


def test_a_banned_reader_can_be_sanctioned_no_further(
    ctx: Context, reader: Reader, lead: SignedInModerator, policy: Policy
) -> None:
    alone = replace(policy, four_eyes=frozenset())
    ctx = replace(ctx, policy=always(alone))
    sanction(ctx, reader, lead, K.BAN)
    for kind in (K.BAN, K.WARN):
        with pytest.raises(Conflict):
            sanction(ctx, reader, lead, kind)


def test_a_ban_is_not_proposed_twice(ctx: Context, reader: Reader, lead: SignedInModerator) -> None:
    sanction(ctx, reader, lead, K.BAN)
    with pytest.raises(Conflict) as error:
        sanction(ctx, reader, lead, K.BAN)
    assert error.value.code == "already_proposed"


def test_staff_and_grave_sanctions_need_a_lead(
    ctx: Context, make: Makers, site: Site, reader: Reader, moderator: SignedInModerator
) -> None:
    writer = make.reader(site, badges=["staff"])
    with pytest.raises(Forbidden):
        sanction(ctx, writer, moderator, K.WARN)
    with pytest.raises(Forbidden):
        sanction(ctx, reader, moderator, K.SUSPEND, days=31)
    with pytest.raises(Forbidden):
        sanction(ctx, reader, moderator, K.BAN)


def test_an_unknown_guideline_or_a_reader_of_another_site_is_refused(
    ctx: Context, make: Makers, reader: Reader, moderator: SignedInModerator
) -> None:
    with pytest.raises(Invalid) as error:
        sanction(ctx, reader, moderator, K.WARN, guideline="manners")
    assert list(error.value.errors) == ["guideline"]
    stranger = make.reader(make.site("other"))
    with pytest.raises(NotFound):
        sanction_reader(
            ctx,
            site_id=reader.site_id,
            reader_id=stranger.id,
            moderator=moderator,
            kind=K.WARN,
            guideline="civil",
        )


def test_a_lifted_sanction_ends_with_a_decision_and_only_once(
    ctx: Context, make: Makers, reader: Reader, moderator: SignedInModerator
) -> None:
    given = sanction(ctx, reader, moderator, K.SUSPEND, days=7).sanction
    assert given is not None
    fields: dict[str, Any] = {
        "site_id": reader.site_id,
        "reader_id": reader.id,
        "sanction_id": given.id,
        "moderator": moderator,
        "note": "The wrong person.",
    }
    lift_sanction(ctx, **fields)
    assert make.reload(reader).standing == "active"
    with ctx.reading() as session:
        lifted = session.scalar(select(Decision).where(Decision.reverses_id == given.decision_id))
        assert lifted is not None
        assert session.get_one(Decision, given.decision_id).reversed_at is not None
    assert (lifted.action, lifted.note) == ("lift", "The wrong person.")
    with pytest.raises(Conflict) as error:
        lift_sanction(ctx, **fields)
    assert error.value.code == "already_ended"


def test_a_long_suspension_is_lifted_by_a_lead_only(
    ctx: Context, reader: Reader, moderator: SignedInModerator, lead: SignedInModerator
) -> None:
    given = sanction(ctx, reader, lead, K.SUSPEND, days=60).sanction
    assert given is not None
    with pytest.raises(Forbidden):
        lift_sanction(
            ctx,
            site_id=reader.site_id,
            reader_id=reader.id,
            sanction_id=given.id,
            moderator=moderator,
            note="Enough.",
        )


def test_a_referral_is_confirmed_by_legal_with_evidence_and_the_author_learns_nothing(
    ctx: Context,
    make: Makers,
    reader: Reader,
    article: Article,
    moderator: SignedInModerator,
    legal: SignedInModerator,
) -> None:
    comment: Comment = make.published(article, reader, body="I will come to your house tonight.")
    proposal = refer_author(
        ctx,
        site_id=comment.site_id,
        comment_id=comment.id,
        moderator=moderator,
        guideline="threat",
        note="Names a time and a place.",
    )
    assert make.reload(comment).legal_hold
    pack = disclose_evidence(ctx, site_id=comment.site_id, proposal_id=proposal.id, moderator=legal)
    assert pack["comment"]["revisions"][0]["text"] == comment.body
    assert pack["author"]["publisher_id"] == reader.external_id
    assert pack["comment"]["posted_at"].endswith("+00:00")
    settled = settle(ctx, proposal, legal)
    assert settled.decision_id is not None
    kinds = events_of(ctx, reader.id)
    assert {"identity.disclosed", "law_enforcement.referred", "legal_hold.placed"} <= set(kinds)
    assert make.reload(reader).standing == "active"


def test_a_declined_referral_releases_what_it_kept(
    ctx: Context,
    make: Makers,
    reader: Reader,
    article: Article,
    moderator: SignedInModerator,
    legal: SignedInModerator,
) -> None:
    comment = make.published(article, reader)
    proposal = refer_author(
        ctx,
        site_id=comment.site_id,
        comment_id=comment.id,
        moderator=moderator,
        guideline="threat",
        note="It may be one.",
    )
    settle(ctx, proposal, legal, "decline")
    assert not make.reload(comment).legal_hold


def test_a_confirmed_ban_of_the_ladder_is_a_decision_in_part_by_the_machine(
    ctx: Context,
    make: Makers,
    reader: Reader,
    article: Article,
    moderator: SignedInModerator,
    lead: SignedInModerator,
) -> None:
    comments = [make.published(article, reader) for _ in range(2)]
    for comment in comments:
        remove(ctx, comment, moderator, guideline="threat")
    with ctx.reading() as session:
        proposal = session.scalars(select(Proposal).where(Proposal.reader_id == reader.id)).one()
    settled = settle(ctx, proposal, lead)
    with ctx.reading() as session:
        decision = session.get_one(Decision, settled.decision_id)
    assert decision.automated_decision == "partially"
    assert make.reload(reader).standing == "banned"
