"""The decision: which action wins, what missing signals do, and who has the last word."""

from typing import Any

import pytest

from service.domain.moderation import decide
from service.domain.rule import Action
from tests.domain.policies import ABUSE, ALL, policy, rule

pytestmark = pytest.mark.fast

CALM: dict[str, dict[str, Any]] = {
    "scores": {"toxicity": 0.02, "threat": 0.01, "relevance": 0.9},
    "author": {"is_staff": False},
    "content": {"word_count": 30, "link_count": 0},
    "article": {"mode": "open"},
    "reports": {"legal_notices": 0, "p_violation": 0.01},
    "comment": {"human_decision": "none"},
}


def signals(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The signals of a harmless comment with some of them changed."""
    names = {*CALM, *changes}
    return {name: {**CALM.get(name, {}), **changes.get(name, {})} for name in names}


APPROVED = {"comment": {"human_decision": "approved"}}
REJECTED = {"comment": {"human_decision": "rejected"}}
BY_STAFF = {"author": {"is_staff": True}}

TABLE = [
    # A harmless comment is published, and no rule is named.
    ({}, "publish", None, None),
    # Abuse waits for a person, with the clause it may have broken.
    ({"scores": {"toxicity": 0.85}}, "hold", "civil", "toxic"),
    # The most restrictive of two matching rules wins.
    ({"scores": {"toxicity": 0.99}}, "reject", "civil", None),
    # A graver guideline wins a tie, and its queue must see it.
    ({"scores": {"toxicity": 0.85, "threat": 0.7}}, "hold", "threat", "urgent"),
    # Even a rejected comment reaches the queue that must see it.
    ({"scores": {"toxicity": 0.99, "threat": 0.7}}, "reject", "civil", "urgent"),
    # Off topic stays public, in the open.
    ({"scores": {"relevance": 0.1}}, "demote", "topic", "off_topic"),
    # A rejected comment bothers no queue that need not see it.
    ({"scores": {"relevance": 0.1}, "content": {"link_count": 4}}, "reject", "topic", None),
    # Relevance that is not known means nothing.
    ({"scores": {"relevance": None}}, "publish", None, None),
    # No toxicity score: held, whatever else is fine.
    ({"scores": {"toxicity": None}}, "hold", None, "unscored"),
    # A score that is not a number is no score.
    ({"scores": {"toxicity": float("nan")}}, "hold", None, "unscored"),
    # Spam is rejected without a score: nothing is published by it.
    ({"scores": {"toxicity": None}, "content": {"link_count": 5}}, "reject", "topic", None),
    # Another reason to hold names itself before the missing score does.
    (
        {"scores": {"toxicity": None}, "article": {"mode": "premoderated"}},
        "hold",
        None,
        "premoderation",
    ),
    # A missing signal of an enforced rule holds, where the file says so.
    ({"content": {"link_count": None}}, "hold", None, "premoderation"),
    # An article that reads comments first.
    ({"article": {"mode": "premoderated"}}, "hold", None, "premoderation"),
    # A legal notice puts a public comment before a lawyer and leaves it public.
    ({"reports": {"legal_notices": 1}}, "queue", None, "legal"),
    # The legal queue is not lost behind a stricter rule with a queue of its own.
    ({"reports": {"legal_notices": 1}, "scores": {"toxicity": 0.85}}, "hold", "civil", "legal"),
    # Staff are not checked for tone …
    ({**BY_STAFF, "scores": {"toxicity": 0.99}}, "publish", None, None),
    # … but never published unscored,
    ({**BY_STAFF, "scores": {"toxicity": None}}, "hold", None, "unscored"),
    # … and held on a threat,
    ({**BY_STAFF, "scores": {"threat": 0.7}}, "hold", "threat", "urgent"),
    # … and open to legal notices and reports.
    ({**BY_STAFF, "reports": {"legal_notices": 1}}, "queue", None, "legal"),
    # A person approved this revision: no rule takes that back,
    ({**APPROVED, "scores": {"toxicity": 0.99}}, "publish", None, None),
    # … nor does a missing score,
    ({**APPROVED, "scores": {"toxicity": None}}, "publish", None, None),
    # … and later reports bring it before a person at most.
    ({**APPROVED, "reports": {"p_violation": 0.99}}, "queue", None, "toxic"),
    # A person rejected it: staff or not.
    ({**REJECTED, **BY_STAFF}, "reject", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "action", "guideline", "queue"), TABLE)
def test_the_table_of_decisions(
    changes: dict[str, dict[str, Any]], action: str, guideline: str | None, queue: str | None
) -> None:
    decision = decide(signals(**changes), ALL)
    assert (decision.action, decision.guideline, decision.queue) == (action, guideline, queue)


def test_every_rule_that_matched_is_recorded_with_the_values_it_saw() -> None:
    decision = decide(signals(scores={"toxicity": 0.99}), ALL)
    assert [outcome.rule for outcome in decision.matched()] == ["abuse", "extreme"]
    assert decision.matched()[0].values == {"scores.toxicity": 0.99}
    assert len(decision.outcomes) == len(ALL.rules)


def test_an_unknown_rule_shows_what_was_missing() -> None:
    decision = decide(signals(content={"link_count": None}), ALL)
    unknown = [outcome for outcome in decision.outcomes if outcome.result == "unknown"]
    assert [outcome.values for outcome in unknown] == [{"content.link_count": None}]
    assert decision.unknown_signals == ("content.link_count",)


def test_a_rule_told_to_ignore_what_it_lacks_raises_no_alarm() -> None:
    decision = decide(signals(scores={"relevance": None}), ALL)
    assert decision.unknown_signals == ()


def test_no_signals_at_all_hold_the_comment_as_unscored() -> None:
    decision = decide({}, ALL)
    assert (decision.action, decision.queue) == (Action.hold, "unscored")
    assert "unscored" in decision.flags
    assert decision.unknown_signals[0] == "scores.toxicity"


def test_an_empty_policy_still_publishes_nothing_unscored() -> None:
    assert decide({}, policy()).action is Action.hold


@pytest.mark.parametrize(
    ("default", "own", "action"),
    [
        ("hold", None, "hold"),
        ("queue", None, "queue"),
        ("publish", None, "publish"),
        ("publish", "hold", "hold"),
        ("hold", "queue", "queue"),
        ("hold", "ignore", "publish"),
    ],
)
def test_a_missing_signal_counts_as_the_rule_or_else_the_file_says(
    default: str, own: str | None, action: str
) -> None:
    options = {"on_missing": own} if own else {}
    links = rule("content.link_count >= 3", "reject", guideline="topic", **options)
    decision = decide({"scores": {"toxicity": 0.1}}, policy(links, on_missing=default))
    assert decision.action == action


def test_what_is_settled_without_the_missing_signal_is_known() -> None:
    either = rule("author.is_staff && content.link_count >= 3", "hold", queue="spam")
    decision = decide({"scores": {"toxicity": 0.1}, "author": {"is_staff": False}}, policy(either))
    assert decision.outcomes[0].result == "no_match"


def test_an_earlier_rule_wins_a_tie_of_equal_gravity() -> None:
    first = rule("scores.toxicity > 0.1", "hold", guideline="civil", queue="spam", line=3)
    second = rule("scores.toxicity > 0.2", "hold", guideline="civil", queue="toxic", line=9)
    decision = decide({"scores": {"toxicity": 0.5}}, policy(first, second))
    assert decision.queue == "spam"


def test_priority_and_flags_come_from_the_rules_that_matched() -> None:
    decision = decide(signals(scores={"threat": 0.9}), ALL)
    assert decision.priority == 40
    assert decision.flags == ("life_at_risk",)


def test_a_comment_that_is_not_public_is_not_demoted() -> None:
    assert decide(signals(scores={"relevance": 0.1}), ALL).demote
    assert not decide(signals(scores={"relevance": 0.1, "toxicity": 0.9}), ALL).demote


def test_a_queued_comment_can_be_ranked_lower_too() -> None:
    asks = rule("scores.toxicity > 0.1", "queue", queue="toxic", guideline="civil", demote=True)
    decision = decide({"scores": {"toxicity": 0.5}}, policy(asks))
    assert (decision.action, decision.demote) == (Action.queue, True)


def test_a_shadow_rule_is_recorded_and_does_nothing() -> None:
    shadow = rule("scores.toxicity >= 0.98", "reject", guideline="civil", mode="shadow")
    decision = decide(signals(scores={"toxicity": 0.99}), policy(ABUSE, shadow))
    assert decision.action is Action.hold
    assert decision.shadow_action is Action.reject
    assert [outcome.rule for outcome in decision.matched()] == ["abuse"]


def test_a_shadow_rule_that_would_change_nothing_says_so() -> None:
    milder = rule("scores.toxicity >= 0.8", "queue", queue="toxic", mode="shadow")
    decision = decide(signals(scores={"toxicity": 0.9}), policy(ABUSE, milder))
    assert decision.shadow_action is None


def test_an_unknown_shadow_rule_holds_nothing() -> None:
    unknown = rule("thread.drift > 0.5", "hold", queue="off_topic", mode="shadow")
    assert decide(signals(), policy(unknown)).action is Action.publish


def test_staff_are_named_as_the_reason_for_what_was_set_aside() -> None:
    decision = decide(signals(author={"is_staff": True}, scores={"toxicity": 0.99}), ALL)
    assert decision.flags == ("set_aside_by:staff",)
    assert [o.rule for o in decision.matched()] == ["staff", "abuse", "extreme"]


def test_the_decision_names_its_policy() -> None:
    assert decide(signals(), ALL).policy_version == ALL.version


NUDGE = rule("scores.toxicity >= 0.5", "nudge", id="nudge", guideline="civil", priority=30)
LOOK = rule("scores.toxicity >= 0.5", "queue", id="look", guideline="civil", queue="toxic")


@pytest.mark.parametrize(
    ("toxicity", "nudged", "action", "queue"),
    [
        (0.6, False, "nudge", "toxic"),  # before anything is shown; who is asked may change it
        (0.6, True, "queue", "toxic"),  # asked before: what is left of the rules decides
        (0.9, False, "hold", "toxic"),  # what waits for a person is not a question of tone
        (0.3, False, "publish", None),
    ],
)
def test_an_author_is_asked_once_and_never_instead_of_a_stricter_action(
    toxicity: float, nudged: bool, action: str, queue: str | None
) -> None:
    given = signals(scores={"toxicity": toxicity}, submission={"nudged": nudged})
    found = decide(given, policy(NUDGE, LOOK, ABUSE))
    assert (found.action.value, found.queue) == (action, queue)


def test_a_rule_that_asks_nothing_any_more_adds_no_priority() -> None:
    given = signals(scores={"toxicity": 0.6}, submission={"nudged": True})
    assert decide(given, policy(NUDGE, LOOK)).priority == 0
