"""The guidelines that ship with Parley, on comments as readers write them."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from service.adapters.guideline_file import load_policy
from service.domain.content import content_signals
from service.domain.decision import Decision
from service.domain.guideline import Policy
from service.domain.moderation import decide
from service.domain.rule import Action, Mode

pytestmark = pytest.mark.fast

FILE = Path(__file__).parents[2] / "config" / "guidelines.yaml"
POLICY = load_policy(FILE)
LANGUAGES = {"en", "ga", "de", "fr", "es"}
CIVIL = "The new bus lane saves me ten minutes every morning, and the shops have not lost trade."
ABUSE = "You are a worthless idiot and everyone hates you."
ELSEWHERE = "My sourdough starter doubles in four hours if I keep it next to the kitchen stove."
ADVERT = "Best prices! http://a.example/x http://b.example/y www.c.example/z buy now"


def decided(
    body: str,
    changes: dict[str, dict[str, Any]] | None = None,
    policy: Policy = POLICY,
    *,
    toxicity: float | None = 0.02,
    relevance: float | None = 0.8,
    reply: bool = False,
) -> Decision:
    """What becomes of a new reader's comment with these two scores."""
    signals: dict[str, dict[str, Any]] = {
        "scores": {"toxicity": toxicity, "relevance": relevance},
        "author": {
            "approved_count": 0,
            "rejected_rate_30d": 0.0,
            "account_age_days": 0,
            "strikes": 0,
            "is_staff": False,
            "trust": "new",
        },
        "content": content_signals(
            body,
            lists=POLICY.lists,
            is_reply=reply,
            language="en",
            was_obfuscated=False,
            near_duplicates_24h=0,
        ),
        "article": {"mode": "open", "section": "news", "tags": [], "age_hours": 1},
        "velocity": {"author_1m": 1, "author_1h": 1, "article_1m": 2},
        "comment": {"human_decision": "none"},
        "submission": {"nudged": False},
    }
    for name, fields in (changes or {}).items():
        signals[name] = {**signals.get(name, {}), **fields}
    return decide(signals, policy)


def outcome(decision: Decision) -> tuple[str, str | None, str | None]:
    return decision.action, decision.guideline, decision.queue


def test_a_civil_comment_is_published_though_reports_and_labels_are_unknown() -> None:
    decision = decided(CIVIL)
    assert outcome(decision) == ("publish", None, None)
    assert decision.unknown_signals == ()


def test_an_abusive_comment_waits_under_the_civility_clause() -> None:
    assert outcome(decided(ABUSE, toxicity=0.96)) == ("hold", "civil", "toxic")


def test_extreme_abuse_is_rejected_under_the_civility_clause() -> None:
    decision = decided(ABUSE, {"scores": {"toxicity": 0.99, "severe_toxicity": 0.8}})
    assert outcome(decision) == ("reject", "civil", None)


def test_a_comment_about_something_else_is_public_and_openly_ranked_lower() -> None:
    decision = decided(ELSEWHERE, relevance=0.04)
    assert outcome(decision) == ("demote", "on_topic", "off_topic")
    assert decision.demote


@pytest.mark.parametrize(("body", "reply"), [("Hear, hear!", False), (ELSEWHERE, True)])
def test_short_comments_and_replies_may_be_about_anything(body: str, reply: bool) -> None:
    assert decided(body, relevance=0.01, reply=reply).action is Action.publish


def test_a_comment_of_unknown_relevance_is_published() -> None:
    assert decided(ELSEWHERE, relevance=None).action is Action.publish


def test_several_links_from_a_new_reader_are_rejected_as_spam() -> None:
    assert outcome(decided(ADVERT)) == ("reject", "spam", None)


def test_the_same_links_from_a_known_reader_wait_for_a_person() -> None:
    decision = decided(ADVERT, {"author": {"approved_count": 20, "trust": "known"}})
    assert outcome(decision) == ("hold", "spam", "spam")


def test_a_first_comment_with_a_source_waits_for_a_person() -> None:
    decision = decided(CIVIL + " See https://stats.example.org/buses for the figures.")
    assert outcome(decision) == ("hold", "spam", "spam")


def test_a_threat_is_urgent_in_any_language() -> None:
    decision = decided("Maróidh mé thú!", toxicity=0.05)
    assert outcome(decision) == ("hold", "threat", "urgent")
    assert "life_at_risk" in decision.flags


def test_a_telephone_number_is_held_as_private() -> None:
    assert outcome(decided("Ring him at 087 123 4567 and ask.")) == (
        "hold",
        "privacy",
        "premoderation",
    )


def test_an_unscored_comment_is_held() -> None:
    assert outcome(decided(CIVIL, toxicity=None)) == ("hold", None, "unscored")


@pytest.mark.parametrize(
    "changes",
    [
        {"article": {"mode": "premoderated"}},
        {"article": {"tags": ["court"]}},
        {"author": {"trust": "premoderated"}},
    ],
)
def test_comments_that_are_read_first_wait(changes: dict[str, dict[str, Any]]) -> None:
    assert outcome(decided(CIVIL, changes)) == ("hold", None, "premoderation")


def test_reports_by_fresh_accounts_never_hide() -> None:
    reports = {
        "count": 40,
        "distinct": 40,
        "reliable": 0,
        "p_violation": 0.99,
        "brigade_suspected": False,
        "legal_notices": 0,
    }
    assert outcome(decided(CIVIL, {"reports": reports})) == ("queue", None, "reported")


def test_lost_counters_keep_nobody_waiting() -> None:
    velocity = {"author_1m": None, "author_1h": None, "article_1m": None}
    decision = decided(CIVIL, {"velocity": velocity, "content": {"near_duplicates_24h": None}})
    assert decision.action is Action.publish


def test_every_clause_is_written_in_every_language() -> None:
    for clause in POLICY.guidelines.values():
        assert set(clause.title) == set(clause.text) == set(clause.report_label) == LANGUAGES


def test_no_rule_rejects_on_scores_of_topic_identity_or_threat() -> None:
    soft = {"scores.relevance", "thread.drift", "scores.identity_attack", "scores.threat"}
    rejecting = [rule for rule in POLICY.rules if rule.action in (Action.reject, Action.hide)]
    assert rejecting
    assert not [rule.id for rule in rejecting if soft & set(rule.program.signals)]


def test_only_what_the_newsroom_has_yet_to_trust_runs_in_shadow() -> None:
    shadow = {rule.id for rule in POLICY.rules if rule.mode is Mode.shadow}
    assert shadow == {"nudge-tone", "thread-drift"}


def test_reading_new_readers_first_is_written_down_and_switched_off() -> None:
    (found,) = [rule for rule in POLICY.rules if rule.id == "new-reader-premoderated"]
    assert found.mode is Mode.off
    enforced = dataclasses.replace(found, mode=Mode.enforce)
    rules = tuple(enforced if rule is found else rule for rule in POLICY.rules)
    policy = dataclasses.replace(POLICY, rules=rules, screens=())
    for approved, expected in ((0, "hold"), (2, "hold"), (3, "publish")):
        assert decided(CIVIL, {"author": {"approved_count": approved}}, policy).action == expected


@pytest.mark.parametrize(
    ("queue", "minutes"),
    [
        ("urgent", 15),
        ("legal", 4 * 60),
        ("reported", 4 * 60),
        ("premoderation", 30),
        ("off_topic", 24 * 60),
        ("appeals", 72 * 60),
        ("qa", 24 * 60),
    ],
)
def test_every_queue_has_its_clock(queue: str, minutes: int) -> None:
    assert POLICY.queues[queue].sla_minutes == minutes


def test_people_and_machine_are_looked_at_twice_and_grave_steps_need_two() -> None:
    shares = POLICY.qa_shares
    assert (shares.human, shares.automated_reject, shares.automated_publish) == (0.05, 0.1, 0.01)
    assert POLICY.four_eyes == {"ban", "refer"}


def test_a_thread_that_left_its_article_comes_before_moderators_and_readers_are_not_told() -> None:
    assert (POLICY.drift.review, POLICY.drift.line) == (True, False)
    assert not POLICY.queues["drift"].must_see
