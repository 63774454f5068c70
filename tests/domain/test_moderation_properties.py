"""What holds for every comment and every set of rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.moderation import Decision, decide
from service.domain.rule import Action, Rule
from tests.domain.policies import ALL, STAFF, UNTIMED, policy, rule

pytestmark = pytest.mark.fast

probabilities = st.one_of(st.none(), st.floats(0, 1))
comments = st.fixed_dictionaries(
    {
        "scores": st.fixed_dictionaries(
            {"toxicity": probabilities, "threat": probabilities, "relevance": probabilities}
        ),
        "author": st.fixed_dictionaries({"is_staff": st.one_of(st.none(), st.booleans())}),
        "content": st.fixed_dictionaries(
            {
                "word_count": st.one_of(st.none(), st.integers(0, 200)),
                "link_count": st.one_of(st.none(), st.integers(0, 9)),
            }
        ),
        "article": st.fixed_dictionaries(
            {"mode": st.sampled_from(["open", "premoderated", "no such mode", None])}
        ),
        "reports": st.fixed_dictionaries(
            {"legal_notices": st.integers(0, 2), "p_violation": probabilities}
        ),
    }
)
enforced = st.lists(st.sampled_from([r for r in ALL.rules if not r.terminal]), unique=True)
ALWAYS = "content.word_count >= 0 || content.word_count < 0"


@UNTIMED
@given(comments, enforced, st.sampled_from(["hold", "queue", "publish"]))
def test_nothing_is_published_without_a_toxicity_score(
    comment: dict[str, Any], rules: list[Rule], default: str
) -> None:
    comment["scores"]["toxicity"] = None
    decision = decide(comment, policy(STAFF, *rules, on_missing=default))
    assert decision.action.rank >= Action.hold.rank


@UNTIMED
@given(comments, enforced, st.sampled_from(list(Action)))
def test_one_more_matching_rule_never_restricts_less(
    comment: dict[str, Any], rules: list[Rule], action: Action
) -> None:
    comment["content"]["word_count"] = 12
    more = rule(ALWAYS, action, id="more", guideline="civil", queue="toxic")
    before = decide(comment, policy(*rules))
    after = decide(comment, policy(*rules, more))
    assert after.action.rank >= max(before.action.rank, action.rank)


@UNTIMED
@given(comments, enforced, st.sampled_from(list(Action)))
def test_a_shadow_rule_never_changes_the_outcome(
    comment: dict[str, Any], rules: list[Rule], action: Action
) -> None:
    comment["content"]["word_count"] = 12
    shadow = rule(
        ALWAYS, action, id="s", guideline="civil", queue="toxic", mode="shadow", priority=90
    )
    assert _effect(decide(comment, policy(*rules, shadow))) == _effect(
        decide(comment, policy(*rules))
    )


@UNTIMED
@given(comments, enforced)
def test_what_keeps_a_comment_back_for_long_names_a_guideline(
    comment: dict[str, Any], rules: list[Rule]
) -> None:
    decision = decide(comment, policy(*rules))
    if decision.action in (Action.demote, Action.hide, Action.reject):
        assert decision.guideline is not None


@UNTIMED
@given(comments, enforced)
def test_a_held_comment_always_waits_in_a_queue(comment: dict[str, Any], rules: list[Rule]) -> None:
    decision = decide(comment, policy(*rules))
    if decision.action is Action.hold:
        assert decision.queue is not None


def _effect(decision: Decision) -> tuple[object, ...]:
    return (
        decision.action,
        decision.guideline,
        decision.queue,
        decision.priority,
        decision.demote,
        decision.flags,
        decision.unknown_signals,
        decision.matched(),
    )
