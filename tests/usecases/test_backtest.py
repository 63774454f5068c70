"""Replaying a candidate over stored decisions: what would change, against what people decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.domain.backtest import Verdict
from service.models import Article, Comment, Decision, Reader, Site, new_id
from service.usecases.activate_guidelines import activate_guidelines, candidate
from service.usecases.backtest_guidelines import BacktestRun, backtest_guidelines
from service.usecases.context import Context
from service.usecases.count_shadow_rules import count_shadow_rules
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers
from tests.usecases.guideline_texts import STRICT, WITH_LIST, guidelines_for


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def reader(make: Makers, site: Site) -> Reader:
    return make.reader(site)


@pytest.fixture(autouse=True)
def _small_file(ctx: Context, site: Site) -> None:
    """The site goes by the small file: one rule, which holds from 0.8."""
    in_force(ctx, site)


def in_force(ctx: Context, site: Site, *changes: tuple[str, str], **lists: str) -> None:
    activate_guidelines(
        ctx,
        site_id=site.id,
        source=guidelines_for(site.key, *changes),
        lists=lists,
        note="a test",
        moderator_id=None,
    )


def scored(
    ctx: Context, make: Makers, article: Article, reader: Reader, toxicity: float, body: str = ""
) -> Comment:
    comment = make.comment(article, reader, body=body or None)
    score_comments(ctx, FixedEngine(toxicity=toxicity))
    return comment


def replayed(
    ctx: Context,
    site: Site,
    *changes: tuple[str, str],
    lists: dict[str, str] | None = None,
    **how: Any,
) -> BacktestRun:
    source = guidelines_for(site.key, *changes)
    policy = candidate(ctx, site_id=site.id, source=source, lists=lists)
    return backtest_guidelines(
        ctx, site_id=site.id, candidate=policy, **({"limit": 100, "examples": 10} | how)
    )


def person_says(
    ctx: Context, make: Makers, site: Site, comment: Comment, action: str, **more: Any
) -> None:
    fields = {
        "id": new_id(),
        "site_id": site.id,
        "comment_id": comment.id,
        "revision": 1,
        "reader_id": comment.reader_id,
        "action": action,
        "policy_version": ctx.policy(site.id).version,
        "source": "moderator",
        "automated": False,
        "automated_detection": False,
        "automated_decision": "not",
        "final_at": ctx.clock(),
    }
    with ctx.transaction() as tx:
        tx.session.add(Decision(**(fields | more)))


def test_the_file_in_force_changes_nothing(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    for toxicity in (0.1, 0.5, 0.9):
        scored(ctx, make, article, reader, toxicity)
    run = replayed(ctx, site)
    assert (run.found.comments, run.found.changed, run.complete) == (3, 0, True)


def test_a_stricter_file_shows_which_comments_it_would_hold_and_why(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    mild = scored(ctx, make, article, reader, 0.3)
    scored(ctx, make, article, reader, 0.9)
    found = replayed(ctx, site, *STRICT).found
    assert found.changes() == {("publish", "hold"): 1}
    (rule,) = found.rules()
    assert (rule.rule, rule.before, rule.after, rule.changed) == ("abuse", 1, 2, 1)
    (example,) = found.shown_examples()
    assert (example.comment_id, example.rules_after) == (mild.id, frozenset({"abuse"}))
    assert make.reload(mild).status == "published"


def test_what_people_decided_is_the_measure(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    harmless, harmful, rightly_held = (
        scored(ctx, make, article, reader, toxicity) for toxicity in (0.3, 0.4, 0.9)
    )
    for comment, action in (
        (harmless, "approve"),
        (harmful, "remove"),
        (rightly_held, "reject"),
    ):
        person_says(ctx, make, site, comment, action)
    found = replayed(ctx, site, *STRICT).found
    assert (found.people_before.precision, found.people_before.recall) == (1.0, 0.5)
    assert (found.people_after.precision, found.people_after.recall) == (2 / 3, 1.0)
    assert found.shown_examples()[0].comment_id == harmless.id
    assert found.shown_examples()[0].person is Verdict.KEPT


@pytest.mark.parametrize(
    "otherwise",
    [{"revision": 2}, {"action": "feature"}, {"reversed": True}],
)
def test_only_a_standing_decision_on_the_same_revision_counts(
    ctx: Context,
    make: Makers,
    site: Site,
    article: Article,
    reader: Reader,
    otherwise: dict[str, Any],
) -> None:
    comment = scored(ctx, make, article, reader, 0.3)
    more = dict(otherwise)
    if more.pop("reversed", False):
        more["reversed_at"] = ctx.clock()
    person_says(ctx, make, site, comment, more.pop("action", "remove"), **more)
    assert replayed(ctx, site, *STRICT).found.people_after.recall is None


def test_the_last_word_of_people_counts(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    comment = scored(ctx, make, article, reader, 0.3)
    now = ctx.clock()
    person_says(ctx, make, site, comment, "remove", created_at=now - timedelta(hours=1))
    person_says(ctx, make, site, comment, "restore", created_at=now)
    (example,) = replayed(ctx, site, *STRICT).found.shown_examples()
    assert example.person is Verdict.KEPT


def test_a_candidates_new_list_is_matched_against_the_texts(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    linking = scored(ctx, make, article, reader, 0.1, body="See https://bad.example/x for more.")
    scored(ctx, make, article, reader, 0.1, body="See https://good.example/x for more.")
    run = replayed(ctx, site, *WITH_LIST, lists={"lists/hosts.txt": "bad.example"})
    assert run.rematched == 2
    assert [item.comment_id for item in run.found.shown_examples()] == [linking.id]


def test_lists_that_stay_are_not_matched_again(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    in_force(ctx, site, *WITH_LIST, **{"lists/hosts.txt": "bad.example"})
    scored(ctx, make, article, reader, 0.1, body="See https://bad.example/x for more.")
    run = replayed(ctx, site, *WITH_LIST, ("weight: 5", "weight: 6"))
    assert (run.rematched, run.found.changed) == (0, 0)


def test_the_newest_are_replayed_and_other_sites_never(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    other = make.site("other")
    scored(ctx, make, make.article(other), make.reader(other), 0.3)
    old = scored(ctx, make, article, reader, 0.3)
    new = scored(ctx, make, article, reader, 0.3)
    assert replayed(ctx, site, *STRICT).found.comments == 2
    newest = replayed(ctx, site, *STRICT, limit=1).found.shown_examples()
    assert [item.comment_id for item in newest] == [new.id] != [old.id]


def test_a_replay_that_runs_out_of_time_says_so(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    scored(ctx, make, article, reader, 0.3)
    assert replayed(ctx, site, limit=50, seconds=0.0).complete is False
    assert replayed(ctx, site, limit=1, seconds=0.0).complete is True


def test_rules_in_shadow_are_counted_with_what_people_decided(
    ctx: Context, make: Makers, site: Site, article: Article, reader: Reader
) -> None:
    in_force(ctx, site, *STRICT, ("mode: enforce", "mode: shadow"))
    agreed, disagreed, _ = (scored(ctx, make, article, reader, 0.3) for _ in range(3))
    person_says(ctx, make, site, agreed, "remove")
    person_says(ctx, make, site, disagreed, "approve")
    (counts,) = count_shadow_rules(ctx, site_id=site.id, days=7)
    assert (counts.rule, counts.matched) == ("abuse", 3)
    assert counts.changes == {("publish", "hold"): 3}
    assert counts.against_people.precision == 0.5


def test_a_rule_in_shadow_that_never_matched_is_shown_with_nothing(
    ctx: Context, site: Site
) -> None:
    in_force(ctx, site, ("mode: enforce", "mode: shadow"))
    (counts,) = count_shadow_rules(ctx, site_id=site.id, days=7)
    assert (counts.rule, counts.matched) == ("abuse", 0)
