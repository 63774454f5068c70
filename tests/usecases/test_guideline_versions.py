"""Guideline versions: activated, followed, rolled back, and never rewriting what was decided."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from service.adapters.guideline_file import parse_policy
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.guideline import Policy
from service.models import Decision, Event, GuidelineActivation, GuidelineVersion, Site
from service.usecases.activate_guidelines import activate_guidelines
from service.usecases.context import Context
from service.usecases.record_policy import record_policy, store_version
from service.usecases.roll_back_guidelines import roll_back_guidelines
from service.usecases.score_comments import score_comments
from service.usecases.site_policies import LOOK_SECONDS, SitePolicies
from tests.makers import FixedEngine, Makers
from tests.usecases.guideline_texts import STRICT, WITH_LIST, guidelines_for


def activate(ctx: Context, site: Site, *changes: tuple[str, str], **options: object) -> Policy:
    given: dict[str, object] = {"lists": None, "note": "a test", "moderator_id": None}
    text = guidelines_for(site.key, *changes)
    return activate_guidelines(ctx, site_id=site.id, source=text, **(given | options))  # type: ignore[arg-type]


def events(ctx: Context, site: Site) -> list[Event]:
    with ctx.reading() as session:
        found = select(Event).where(Event.site_id == site.id, Event.kind.startswith("policy."))
        return list(session.scalars(found.order_by(Event.id)))


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def parse(source: str, lists: Mapping[str, str]) -> Policy:
    return parse_policy(source.encode(), lists=lists)


@pytest.fixture
def elsewhere(ctx: Context, policy: Policy, clock: Clock) -> SitePolicies:
    """The policies as another process sees them."""
    return SitePolicies(installed=lambda: policy, parse=parse, readers=ctx.readers, monotonic=clock)


def test_a_site_without_a_file_of_its_own_goes_by_the_installations(
    ctx: Context, site: Site
) -> None:
    assert ctx.policy(site.id) is ctx.policy()


def test_an_activated_file_is_in_force_at_once_and_at_its_site_only(
    ctx: Context, make: Makers, site: Site
) -> None:
    other = make.site("other")
    policy = activate(ctx, site)
    assert ctx.policy(site.id).version == policy.version
    assert ctx.policy(other.id) is ctx.policy()


def test_another_process_follows_within_seconds(
    ctx: Context, site: Site, elsewhere: SitePolicies, clock: Clock
) -> None:
    before = elsewhere(site.id).version
    policy = activate(ctx, site)
    assert elsewhere(site.id).version == before
    clock.now += LOOK_SECONDS
    assert elsewhere(site.id).version == policy.version


def test_two_sites_with_different_files_decide_differently_in_one_batch(
    ctx: Context, make: Makers, site: Site
) -> None:
    other = make.site("other")
    activate(ctx, site, *STRICT)
    activate(ctx, other)
    comments = [make.comment(make.article(s), make.reader(s)) for s in (site, other)]
    score_comments(ctx, FixedEngine(toxicity=0.3))
    assert [make.reload(comment).status for comment in comments] == ["held", "published"]


def test_an_activation_rewrites_no_decision(ctx: Context, make: Makers, site: Site) -> None:
    comment = make.published(make.article(site), make.reader(site))
    old = ctx.policy(site.id).version
    activate(ctx, site, *STRICT)
    with ctx.reading() as session:
        decision = session.scalars(select(Decision).where(Decision.comment_id == comment.id)).one()
    assert make.reload(comment).status == "published"
    assert decision.policy_version == old
    assert ctx.policy.stored(old) is ctx.policy()


def test_the_policy_of_an_old_decision_can_be_made_again_with_its_lists(
    ctx: Context, site: Site, elsewhere: SitePolicies
) -> None:
    lists = {"lists/hosts.txt": "bad.example\r\n# Ü\n"}
    policy = activate(ctx, site, *WITH_LIST, lists=lists)
    activate(ctx, site)
    again = elsewhere.stored(policy.version)
    assert again is not None
    assert again.digest == policy.digest
    assert again.lists["hosts"].entries == {"bad.example"}


def test_lists_that_are_not_sent_stay_as_they_are(ctx: Context, site: Site) -> None:
    activate(ctx, site, *WITH_LIST, lists={"lists/hosts.txt": "bad.example"})
    changed = activate(ctx, site, *WITH_LIST, ("weight: 5", "weight: 6"))
    assert changed.list_files == {"lists/hosts.txt": "bad.example"}


@pytest.mark.parametrize(
    ("changes", "lists", "field", "says"),
    [
        ((("weight: 5", "weight: x"),), None, "source", "guidelines:6: severities.light.weight"),
        ((("site: demo", "site: paper"),), None, "source", "metadata.site: must be 'demo'"),
        (WITH_LIST, {}, "source", "'lists/hosts.txt' was not sent along"),
        (WITH_LIST, {"lists/hosts.txt": "\0"}, "source", "NUL"),
        ((), {"more.txt": "x"}, "lists", "'more.txt' is not named in the file"),
    ],
)
def test_a_file_with_a_fault_is_refused_and_changes_nothing(
    ctx: Context,
    site: Site,
    changes: tuple[tuple[str, str], ...],
    lists: dict[str, str] | None,
    field: str,
    says: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        activate(ctx, site, *changes, lists=lists)
    assert says in refused.value.errors[field][0]
    assert ctx.policy(site.id) is ctx.policy()
    assert events(ctx, site) == []


def test_a_change_made_from_a_stale_version_is_refused(ctx: Context, site: Site) -> None:
    activate(ctx, site, expect_version=ctx.policy().version)
    with pytest.raises(Conflict) as refused:
        activate(ctx, site, *STRICT, expect_version=ctx.policy().version)
    assert refused.value.code == "version_stale"


def test_two_files_with_the_same_short_form_are_not_confused(ctx: Context, site: Site) -> None:
    policy = parse(guidelines_for(site.key), {})
    with ctx.transaction() as tx:
        tx.session.add(
            GuidelineVersion(
                version=policy.version, digest=policy.version + "0" * 52, source="another file"
            )
        )
    with pytest.raises(Conflict) as refused:
        activate(ctx, site)
    assert refused.value.code == "version_ambiguous"
    assert ctx.policy(site.id) is ctx.policy()


def test_activating_what_is_in_force_leaves_no_second_trace(ctx: Context, site: Site) -> None:
    activate(ctx, site)
    activate(ctx, site)
    assert len(events(ctx, site)) == 1


def test_a_roll_back_returns_to_the_version_before(ctx: Context, site: Site) -> None:
    first = activate(ctx, site)
    second = activate(ctx, site, *STRICT)
    rolled = roll_back_guidelines(ctx, site_id=site.id, note="too strict", moderator_id=None)
    assert rolled.version == ctx.policy(site.id).version == first.version
    again = roll_back_guidelines(ctx, site_id=site.id, note="after all", moderator_id=None)
    assert again.version == second.version
    assert [event.kind for event in events(ctx, site)] == [
        "policy.activated",
        "policy.activated",
        "policy.rolled_back",
        "policy.rolled_back",
    ]
    assert events(ctx, site)[2].data == {"version": first.version, "before": second.version}


def test_a_roll_back_past_the_first_version_is_the_installations_file(
    ctx: Context, site: Site
) -> None:
    activate(ctx, site)
    roll_back_guidelines(ctx, site_id=site.id, note="", moderator_id=None)
    assert ctx.policy(site.id) is ctx.policy()


def test_a_named_version_comes_back(ctx: Context, site: Site) -> None:
    record_policy(ctx)
    first = activate(ctx, site)
    activate(ctx, site, *STRICT)
    activate(ctx, site, ("weight: 5", "weight: 6"))
    for name, version in (
        (first.version, first.version),
        ("installation", ctx.policy().version),
        (ctx.policy().version, ctx.policy().version),
    ):
        roll_back_guidelines(ctx, site_id=site.id, note="", moderator_id=None, to_version=name)
        assert ctx.policy(site.id).version == version


def test_a_roll_back_to_nowhere_is_refused(ctx: Context, make: Makers, site: Site) -> None:
    others = activate(ctx, make.site("other"))
    with pytest.raises(NotFound):
        roll_back_guidelines(ctx, site_id=site.id, note="", moderator_id=None)
    with pytest.raises(NotFound):
        roll_back_guidelines(
            ctx, site_id=site.id, note="", moderator_id=None, to_version=others.version
        )
    mine = activate(ctx, site)
    with pytest.raises(Conflict):
        roll_back_guidelines(
            ctx, site_id=site.id, note="", moderator_id=None, to_version=mine.version
        )


def spoil(sessions: sessionmaker[Session], version: str) -> None:
    with sessions.begin() as session:
        session.execute(
            update(GuidelineVersion)
            .where(GuidelineVersion.version == version)
            .values(source="apiVersion: parley/v0")
        )


def test_a_stored_version_that_cannot_be_loaded_leaves_the_last_good_one(
    ctx: Context, site: Site, elsewhere: SitePolicies, clock: Clock
) -> None:
    good = activate(ctx, site)
    assert elsewhere(site.id).version == good.version
    broken = activate(ctx, site, *STRICT)
    spoil(ctx.sessions, broken.version)
    clock.now += LOOK_SECONDS
    assert elsewhere(site.id).version == good.version
    assert elsewhere.problem(site.id) == f"version {broken.version} cannot be loaded"


def test_a_process_that_starts_with_a_broken_version_says_so_and_takes_the_installations(
    ctx: Context, site: Site, elsewhere: SitePolicies, caplog: pytest.LogCaptureFixture
) -> None:
    broken = activate(ctx, site)
    spoil(ctx.sessions, broken.version)
    assert elsewhere(site.id) is ctx.policy()
    assert f"version {broken.version} cannot be loaded" in caplog.text


def test_a_stored_text_that_was_changed_is_not_taken_for_its_version(
    ctx: Context, site: Site, elsewhere: SitePolicies
) -> None:
    policy = activate(ctx, site)
    with ctx.transaction() as tx:
        tx.session.get_one(GuidelineVersion, policy.version).source = guidelines_for(
            site.key, *STRICT
        )
    assert elsewhere.stored(policy.version) is None


def test_the_installations_file_is_recorded_once_with_its_lists(ctx: Context) -> None:
    record_policy(ctx)
    record_policy(ctx)
    policy = ctx.policy()
    with ctx.reading() as session:
        row = session.get_one(GuidelineVersion, policy.version)
    assert parse(row.source, row.lists).digest == row.digest == policy.digest
    assert row.installed


def test_a_row_from_before_lists_were_kept_is_completed(ctx: Context) -> None:
    policy = ctx.policy()
    with ctx.transaction() as tx:
        old = GuidelineVersion(version=policy.version, digest=policy.version, source="x")
        tx.session.add(old)
        tx.session.flush()
        store_version(tx.session, policy, installed=True, now=ctx.clock())
    with ctx.reading() as session:
        assert session.get_one(GuidelineVersion, policy.version).digest == policy.digest


def test_activations_are_never_changed(ctx: Context, site: Site) -> None:
    activate(ctx, site)
    with pytest.raises(DBAPIError), ctx.transaction() as tx:
        tx.session.execute(update(GuidelineActivation).values(note="other"))
