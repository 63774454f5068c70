"""Every restriction leaves a statement in its reader's language, and messages wait their time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from service.domain.action import RESTRICTIVE, ModeratorAction
from service.domain.appeal import appeal_deadline
from service.domain.automation import DecisionSource
from service.domain.dsa_validation import validate_statement
from service.domain.errors import Invalid
from service.domain.sanction import SanctionKind
from service.domain.scoring import Assessment, ScoreInput
from service.models import Article, Decision, Notification, Reader, Site, StatementOfReasons
from service.usecases.change_settings import change_settings
from service.usecases.context import Context
from service.usecases.lock_comment import lock_comment
from service.usecases.notify import notify
from service.usecases.read_notifications import read_notifications
from service.usecases.sanction_reader import sanction_reader
from service.usecases.score_comments import score_comments
from service.usecases.state_reasons import state_reasons
from service.usecases.take_decision import take_decision
from tests.makers import FixedEngine, Makers
from tests.usecases.breaches import later, remove, signed_in


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def reader(make: Makers, site: Site) -> Reader:
    return make.reader(site)


def statements(ctx: Context) -> list[StatementOfReasons]:
    """What was stated about comments."""
    with ctx.reading() as session:
        about = select(StatementOfReasons).where(StatementOfReasons.comment_id.is_not(None))
        return list(session.scalars(about.order_by(StatementOfReasons.id)))


def about_reader(ctx: Context) -> StatementOfReasons:
    with ctx.reading() as session:
        about = select(StatementOfReasons).where(StatementOfReasons.comment_id.is_(None))
        return session.scalars(about).one()


@pytest.mark.parametrize("action", sorted(RESTRICTIVE))
def test_every_restriction_by_a_person_leaves_one_valid_statement(
    ctx: Context,
    make: Makers,
    site: Site,
    article: Article,
    reader: Reader,
    action: ModeratorAction,
) -> None:
    comment = make.published(article, reader)
    with ctx.transaction() as tx:
        decision = take_decision(
            tx,
            ctx,
            comment=lock_comment(tx.session, comment.id, site_id=site.id),
            action=action,
            guideline="civil",
            note="between us",
            label="Disputed" if action is ModeratorAction.LABEL else None,
            actor=signed_in(make, site),
            source=DecisionSource.REPORT,
            item=None,
            undo_window=ctx.limits.undo_window,
        )
    (found,) = statements(ctx)
    assert found.decision_id == decision.id
    assert found.reader_id == reader.id
    assert "Be civil" in found.ground
    assert "Reports by readers" in found.facts
    assert "A person took the decision." in found.automation
    assert appeal_deadline(decision.final_at).date().isoformat() in found.redress
    assert "between us" not in " ".join((found.effect, found.ground, found.facts))
    assert validate_statement(found.dsa) == []
    assert found.dsa["puid"] == str(decision.id)
    assert found.dsa["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"


def test_a_rejection_by_the_machine_says_so_and_names_the_rule(
    ctx: Context, make: Makers, article: Article, reader: Reader
) -> None:
    comment = make.comment(article, reader)
    score_comments(ctx, _Vile())
    (found,) = statements(ctx)
    assert make.reload(comment).status == "rejected"
    assert "abuse-extreme" in found.facts
    assert "by automated means, without a person" in found.automation
    assert found.dsa["automated_detection"] == "Yes"
    assert found.dsa["automated_decision"] == "AUTOMATED_DECISION_FULLY"
    assert found.dsa["content_language"] == "EN"
    assert validate_statement(found.dsa) == []


class _Vile(FixedEngine):
    """An engine that is as sure as it gets."""

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        sure = {"toxicity": 0.995, "severe_toxicity": 0.8}
        return [
            replace(found, toxicity=replace(found.toxicity, values=sure))
            for found in super().score(batch)
        ]


def test_a_comment_that_is_merely_published_or_held_owes_no_statement(
    ctx: Context, make: Makers, article: Article, reader: Reader
) -> None:
    make.published(article, reader)
    make.comment(article, reader)
    score_comments(ctx, FixedEngine(toxicity=0.9))
    assert statements(ctx) == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [("ga", "Baineadh do nóta"), ("de-AT", "wurde entfernt"), ("pt", "was removed")],
)
def test_the_statement_is_in_the_readers_own_language(
    ctx: Context,
    make: Makers,
    site: Site,
    article: Article,
    reader: Reader,
    locale: str,
    words: str,
) -> None:
    change_settings(ctx, reader_id=reader.id, locale=locale)
    remove(ctx, make.published(article, reader), signed_in(make, site))
    assert words in statements(ctx)[0].effect


def test_without_a_choice_of_the_reader_the_sites_language_counts(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    with ctx.transaction() as tx:
        tx.session.get_one(Site, site.id).locale = "fr"
    remove(ctx, make.published(article, reader), signed_in(make, site))
    found = statements(ctx)[0]
    assert (found.locale, "a été retiré" in found.effect) == ("fr", True)
    assert "Restez courtois" in found.ground
    assert found.dsa["incompatible_content_ground"].endswith("Be civil")


@pytest.mark.parametrize("kind", [SanctionKind.PREMODERATE, SanctionKind.SUSPEND])
def test_a_sanction_states_its_end_in_words_and_in_the_databases_field(
    ctx: Context, make: Makers, site: Site, reader: Reader, kind: SanctionKind
) -> None:
    done = sanction_reader(
        ctx,
        site_id=site.id,
        reader_id=reader.id,
        moderator=signed_in(make, site),
        kind=kind,
        guideline="civil",
        days=7,
    ).sanction
    found = about_reader(ctx)
    assert done is not None and done.ends_at is not None
    day = done.ends_at.date().isoformat()
    assert day in found.effect
    assert day in (
        found.dsa.get("end_date_account_restriction"),
        found.dsa.get("end_date_service_restriction"),
    )
    assert found.dsa["account_type"] == "ACCOUNT_TYPE_PRIVATE"
    assert validate_statement(found.dsa) == []


def test_a_warning_is_explained_and_is_nothing_for_the_database(
    ctx: Context, make: Makers, site: Site, reader: Reader
) -> None:
    sanction_reader(
        ctx,
        site_id=site.id,
        reader_id=reader.id,
        moderator=signed_in(make, site),
        kind=SanctionKind.WARN,
        guideline="civil",
    )
    found = about_reader(ctx)
    assert "You are warned." in found.effect
    assert found.dsa == {}


def test_a_persons_restriction_without_a_guideline_in_force_is_refused(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    decision = remove(ctx, make.published(article, reader), signed_in(make, site))
    for guideline in (None, "retired"):
        with ctx.transaction() as tx:
            row = tx.session.get_one(Decision, decision.id)
            row.guideline = guideline
            with pytest.raises(Invalid) as refused:
                state_reasons(
                    tx.session, decision=row, reader=reader, policy=ctx.policy(), now=ctx.clock()
                )
            assert "guideline" in refused.value.errors


def test_a_message_needs_somebody_it_is_for(ctx: Context, site: Site) -> None:
    with ctx.transaction() as tx, pytest.raises(ValueError, match="for a reader"):
        notify(tx.session, site_id=site.id, kind="decision.made", now=ctx.clock())


def test_only_ones_own_messages_that_were_sent_can_be_read(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    remove(ctx, make.published(article, reader), signed_in(make, site))
    assert read_notifications(ctx, reader_id=reader.id, ids=None) == 0
    after = later(ctx, minutes=1)
    with ctx.reading() as session:
        ids = list(session.scalars(select(Notification.id)))
    stranger = make.reader(site)
    assert read_notifications(after, reader_id=stranger.id, ids=ids) == 0
    assert read_notifications(after, reader_id=reader.id, ids=ids) == len(ids) > 0
    assert read_notifications(after, reader_id=reader.id, ids=None) == 0
