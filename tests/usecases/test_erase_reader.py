"""Erasing a reader leaves no personal data anywhere, and the log still verifies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from service import readers_cli
from service.domain.errors import Forbidden
from service.domain.identity import Role
from service.domain.sanction import SanctionKind
from service.models import (
    Appeal,
    Article,
    Base,
    Comment,
    Decision,
    Notice,
    Reader,
    Report,
    ReviewItem,
    Site,
)
from service.queries.reader_export import reader_export
from service.usecases.add_reader_note import add_reader_note
from service.usecases.context import Context
from service.usecases.end_sanctions import end_sanctions
from service.usecases.erase_reader import erase_reader
from service.usecases.post_comment import post_comment
from service.usecases.recognise_reader import recognise_reader
from service.usecases.refer_author import refer_author
from service.usecases.sanction_reader import sanction_reader
from service.usecases.seal_events import seal_events
from service.usecases.verify_audit import verify_audit
from tests.makers import Makers
from tests.usecases.breaches import events_of, later, remove, signed_in

# Each stands in another place; none may be left anywhere.
MARKS = (
    "zebulon",
    "quokka",
    "numbat",
    "bilby",
    "wombat",
    "dunnart",
    "bettong",
    "potoroo",
)


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def reader(ctx: Context, site: Site) -> Reader:
    return recognise_reader(
        ctx,
        site_id=site.id,
        external_id="zebulon-77",
        username="Zebulon",
        avatar="https://example.org/zebulon.png",
        badges=["zebulon's own"],
    )


@pytest.fixture
def busy(ctx: Context, make: Makers, site: Site, article: Article, reader: Reader) -> list[Comment]:
    """Everything a reader leaves behind: comments, reports, a notice, an appeal, notes."""
    moderator = signed_in(make, site)
    comments = [
        make.published(article, reader, body=f"The quokka number {number} is at large again.")
        for number in range(3)
    ]
    decision = remove(ctx, comments[0], moderator)
    other = make.published(article, make.reader(site))
    post_comment(
        ctx,
        site_id=site.id,
        article_key=article.key,
        reader=make.reader(site),
        body="A reply by somebody else.",
        parent_id=comments[1].id,
        idempotency_key="key",
    )
    add_reader_note(
        ctx, site_id=site.id, reader_id=reader.id, moderator_id=moderator.id, body="A numbat."
    )
    with ctx.transaction() as tx:
        tx.session.get_one(Decision, decision.id).note = "Says bilby a lot."
        tx.session.add_all(
            [
                _report(site, other, by=reader, detail="It is about a wombat."),
                _report(site, comments[1], by=make.reader(site), detail="He means a dunnart."),
                _notice(site, other, reader, ctx.clock()),
                Appeal(
                    site_id=site.id,
                    decision_id=decision.id,
                    comment_id=comments[0].id,
                    party="author",
                    reader_id=reader.id,
                    body="The potoroo is innocent.",
                    due_at=ctx.clock(),
                ),
            ]
        )
    return comments


def _report(site: Site, comment: Comment, *, by: Reader, detail: str) -> Report:
    return Report(
        site_id=site.id,
        article_id=comment.article_id,
        comment_id=comment.id,
        author_id=comment.reader_id,
        reader_id=by.id,
        guideline="civil",
        family="toxic",
        detail=detail,
        revision=1,
        body_hash="0" * 64,
    )


def _notice(site: Site, comment: Comment, reader: Reader, now: Any) -> Notice:
    return Notice(
        site_id=site.id,
        article_id=comment.article_id,
        comment_id=comment.id,
        reference="N-1",
        secret_hash="0" * 64,
        category="defamation",
        explanation="It is untrue.",
        name="B. Bettong",
        email="bettong@example.org",
        reader_id=reader.id,
        good_faith=True,
        revision=1,
        body_hash="0" * 64,
        due_at=now + timedelta(days=1),
    )


def places_with(ctx: Context, mark: str) -> list[str]:
    """Every table in which a word stands anywhere."""
    with ctx.reading() as session:
        return [
            table
            for table in Base.metadata.tables
            if session.scalar(
                text(f"SELECT EXISTS (SELECT 1 FROM {table} t WHERE t::text ILIKE :mark)"),  # noqa: S608
                {"mark": f"%{mark}%"},
            )
        ]


def erase(ctx: Context, reader: Reader) -> Any:
    return erase_reader(ctx, site_id=reader.site_id, reader_id=reader.id)


def test_nothing_personal_is_left_in_any_table(
    ctx: Context, reader: Reader, busy: list[Comment]
) -> None:
    before = {mark: places_with(ctx, mark) for mark in MARKS}
    assert all(before.values()), "each mark stands somewhere, or the test shows nothing"
    assert erase(ctx, reader).erased == 3
    assert {mark: places_with(ctx, mark) for mark in MARKS} == {mark: [] for mark in MARKS}


def test_what_the_rules_saw_stays_but_for_the_hosts(
    ctx: Context, make: Makers, article: Article, reader: Reader
) -> None:
    comment = make.published(article, reader, body="Look at https://quoll.example/nest of mine.")

    def seen() -> Decision:
        with ctx.reading() as session:
            query = select(Decision).where(Decision.comment_id == comment.id)
            return session.scalars(query).one()

    before = seen()
    assert before.signals["content"].pop("link_hosts") == ["quoll.example"]
    erase(ctx, reader)
    assert seen().signals == before.signals
    assert [rule["rule"] for rule in seen().rules] == [rule["rule"] for rule in before.rules]
    assert places_with(ctx, "quoll") == []


def test_the_publisher_erases_a_reader_from_the_command_line(
    ctx: Context,
    make: Makers,
    reader: Reader,
    busy: list[Comment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers_cli, "running_context", lambda data: ctx)
    run = CliRunner().invoke
    done = run(readers_cli.readers, ["erase", "zebulon-77", "--yes"])
    assert (done.exit_code, done.output) == (0, "3 comments erased\n")
    assert make.reload(reader).username == "erased"
    again = run(readers_cli.readers, ["erase", "zebulon-77", "--yes"])
    assert again.exit_code == 1


def test_counters_follow_and_replies_of_others_stay(
    ctx: Context, make: Makers, article: Article, reader: Reader, busy: list[Comment]
) -> None:
    erase(ctx, reader)
    with ctx.reading() as session:
        statuses = session.scalars(
            select(Comment.status).where(Comment.reader_id == reader.id)
        ).all()
        public = session.scalars(
            select(Comment.id).where(
                Comment.article_id == article.id, Comment.status == "published"
            )
        ).all()
    assert set(statuses) == {"erased"}
    assert make.reload(article).published_count == len(public)
    found = make.reload(reader)
    assert (found.approved_count, found.rejected_count) == (0, 0)


def test_the_log_keeps_its_rows_and_verifies(
    ctx: Context, site: Site, reader: Reader, busy: list[Comment]
) -> None:
    seal_events(ctx, limit=10_000)
    erase(ctx, reader)
    seal_events(ctx, limit=10_000)
    found = verify_audit(ctx, site_id=site.id)
    assert (found.is_sound, found.waiting) == (True, 0)
    assert "reader.erased" in events_of(ctx, reader.id)
    with ctx.reading() as session:
        kept = session.scalars(select(Decision).where(Decision.reader_id == reader.id)).all()
    assert {"remove", "publish", "warn"} <= {decision.action for decision in kept}


def test_a_comment_under_legal_hold_is_kept_and_named(
    ctx: Context, make: Makers, site: Site, reader: Reader, busy: list[Comment]
) -> None:
    refer_author(
        ctx,
        site_id=site.id,
        comment_id=busy[2].id,
        moderator=signed_in(make, site),
        guideline="threat",
        note="Evidence.",
    )
    done = erase(ctx, reader)
    assert (done.erased, done.kept) == (2, (busy[2].id,))
    kept = make.reload(busy[2])
    assert "quokka" in kept.body
    assert kept.status == "published"


def test_erasing_twice_changes_nothing_more(
    ctx: Context, reader: Reader, busy: list[Comment]
) -> None:
    erase(ctx, reader)
    assert erase(ctx, reader).erased == 0
    assert events_of(ctx, reader.id).count("reader.erased") == 1


def test_an_open_review_item_of_an_erased_comment_is_closed(
    ctx: Context, reader: Reader, busy: list[Comment]
) -> None:
    with ctx.transaction() as tx:
        tx.session.add(
            ReviewItem(
                site_id=reader.site_id,
                comment_id=busy[1].id,
                article_id=busy[1].article_id,
                reader_id=reader.id,
                reasons=["reported"],
            )
        )
    erase(ctx, reader)
    with ctx.reading() as session:
        item = session.scalars(select(ReviewItem).where(ReviewItem.comment_id == busy[1].id)).one()
    assert item.state == "decided"


def test_erasure_is_no_way_around_a_suspension_and_forgets_the_id_afterwards(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    sanction_reader(
        ctx,
        site_id=site.id,
        reader_id=reader.id,
        moderator=signed_in(make, site, Role.LEAD),
        kind=SanctionKind.SUSPEND,
        guideline="civil",
        days=7,
    )
    erase(ctx, reader)
    again = recognise_reader(
        ctx,
        site_id=site.id,
        external_id="zebulon-77",
        username="Zebulon",
        issued_at=ctx.clock() + timedelta(hours=1),
    )
    assert (again.id, again.username) == (reader.id, "erased")
    with pytest.raises(Forbidden):
        make.comment(article, again)
    end_sanctions(later(ctx, days=8))
    assert places_with(ctx, "zebulon") == []


def test_the_export_holds_everything_but_what_concerns_others(
    ctx: Context, make: Makers, site: Site, reader: Reader, busy: list[Comment]
) -> None:
    refer_author(
        ctx,
        site_id=site.id,
        comment_id=busy[2].id,
        moderator=signed_in(make, site),
        guideline="threat",
        note="Secret for now.",
    )
    with ctx.reading() as session:
        export = reader_export(session, session.get_one(Reader, reader.id))
    told = str(export)
    for mark in ("Zebulon", "quokka", "numbat", "wombat", "Bettong", "potoroo"):
        assert mark in told
    for secret in ("dunnart", "Secret for now", "proposal.made", "legal_hold"):
        assert secret not in told
    assert len(export["revisions"]) == len(export["comments"]) == 3
    assert [row["action"] for row in export["decisions"]].count("remove") == 1
