"""What use cases tell `/metrics`: each fact once, where it happened."""

from __future__ import annotations

import pytest

from service.bootstrap import Parts
from service.domain.action import ModeratorAction
from service.domain.errors import Conflict
from service.domain.identity import Role
from service.models import Article, Comment, ReviewItem, Site
from service.queries.review import QueueFilter
from service.usecases.claim_items import claim_items, release_claim, renew_claim
from service.usecases.context import Context
from service.usecases.decide_item import decide_item
from service.usecases.identify_caller import SignedInModerator
from service.usecases.reverse_own_decision import reverse_own_decision
from service.usecases.score_comments import score_comments
from service.usecases.sweep_reviews import sweep_reviews
from service.usecases.take_decision import Verdict
from tests.adapters.test_metrics import samples
from tests.makers import FixedEngine, Makers
from tests.usecases.appealing import answer, appeal_as, item_of, reported
from tests.usecases.breaches import later, remove, signed_in


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def mod(make: Makers, site: Site) -> SignedInModerator:
    return signed_in(make, site)


@pytest.fixture
def bad(ctx: Context, make: Makers, site: Site, article: Article) -> Comment:
    """A comment that is held as abusive."""
    comment = make.comment(article, make.reader(site, "ann"))
    score_comments(ctx, FixedEngine(toxicity=0.97))
    return comment


class Counts:
    """What was counted, by the name of the metric; a series by its label values in order."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of(self, name: str) -> dict[tuple[str, ...], float]:
        found = samples(self._parts.metrics.render())
        return {
            tuple(value for _, value in sorted(labels)): count
            for (sample, labels), count in found.items()
            if sample == f"parley_{name}"
        }


@pytest.fixture
def counts(parts: Parts) -> Counts:
    return Counts(parts)


def decide(
    ctx: Context, site: Site, item: ReviewItem, mod: SignedInModerator, action: ModeratorAction
) -> object:
    verdict = Verdict(action=action, guideline="civil" if action.value == "remove" else None)
    return decide_item(ctx, site_id=site.id, item_id=item.id, actor=mod, verdict=verdict)


def test_rules_that_match_and_rules_that_lack_a_signal(
    ctx: Context, make: Makers, site: Site, article: Article, bad: Comment, counts: Counts
) -> None:
    matches = counts.of("rule_matches_total")
    assert matches
    assert {mode for mode, _ in matches} <= {"enforce", "shadow"}
    assert counts.of("rule_unknowns_total") == {}
    make.comment(article, make.reader(site, "bea"))
    score_comments(ctx, FixedEngine(toxicity=None))
    blind = {rule for (rule,) in counts.of("rule_unknowns_total")}
    assert blind == {"abuse-extreme", "abuse-likely", "abuse-new-reader", "abuse-possible"}
    assert counts.of("unscored_total") == {(): 1}


def test_a_report_and_what_became_of_it(
    ctx: Context, make: Makers, site: Site, article: Article, mod: SignedInModerator, counts: Counts
) -> None:
    comment, bea = make.published(article, make.reader(site, "ann")), make.reader(site, "bea")
    reported(ctx, site, comment, bea)
    reported(ctx, site, comment, bea)
    assert counts.of("reports_total") == {("civil",): 1}
    decide(ctx, site, item_of(ctx, comment), mod, ModeratorAction.REMOVE)
    assert counts.of("report_outcomes_total") == {("civil", "upheld"): 1}
    assert counts.of("review_seconds_count") == {(): 1}
    assert counts.of("comments_total")[("removed",)] == 1


def test_claims_by_what_became_of_them(
    ctx: Context, site: Site, mod: SignedInModerator, bad: Comment, counts: Counts
) -> None:
    def claim(at: Context) -> ReviewItem:
        wanted = QueueFilter(site_id=site.id)
        return claim_items(at, actor=mod, wanted=wanted, count=1, chance=lambda: 1.0)[0]

    def release(at: Context, item: ReviewItem, reason: str | None = None) -> None:
        assert item.claim_id is not None
        release_claim(at, actor=mod, site_id=site.id, claim_id=item.claim_id, skip_reason=reason)

    release(ctx, claim(ctx))
    held = claim(ctx)
    much_later = later(ctx, days=1)
    assert held.claim_id is not None
    with pytest.raises(Conflict):
        renew_claim(much_later, actor=mod, site_id=site.id, claim_id=held.claim_id)
    sweep_reviews(much_later)
    release(much_later, claim(much_later), "unsure")
    assert counts.of("claims_total") == {
        ("claimed",): 3,
        ("released",): 1,
        ("lost",): 1,
        ("expired",): 1,
        ("skipped",): 1,
    }
    assert counts.of("sla_breaches_total") == {("toxic",): 1}


def test_what_is_overturned_by_an_appeal_and_by_a_colleague(
    ctx: Context, make: Makers, site: Site, article: Article, mod: SignedInModerator, counts: Counts
) -> None:
    lead = signed_in(make, site, Role.LEAD)
    for name in ("ann", "bea"):
        reader = make.reader(site, name)
        comment = make.published(article, reader)
        decision = remove(ctx, comment, mod)
        if name == "ann":
            answer(ctx, appeal_as(ctx, reader, decision), lead)
            assert counts.of("overturns_total") == {("appeal",): 1}
        else:
            reverse_own_decision(
                later(ctx, days=1),
                site_id=site.id,
                decision_id=decision.id,
                actor=lead,
                note="It was an opinion.",
            )
    assert counts.of("overturns_total") == {("appeal",): 1, ("reversal",): 1}
    assert counts.of("comments_total")[("removed",)] == 2


def test_what_is_undone_at_once_is_not_overturned(
    ctx: Context, make: Makers, site: Site, article: Article, mod: SignedInModerator, counts: Counts
) -> None:
    decision = remove(ctx, make.published(article, make.reader(site, "ann")), mod)
    reverse_own_decision(ctx, site_id=site.id, decision_id=decision.id, actor=mod, note=None)
    assert counts.of("overturns_total") == {}
    assert counts.of("comments_total")[("published",)] == 2
