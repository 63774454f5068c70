"""Counting what a candidate would change, and judging as deciding does."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.action import ModeratorAction
from service.domain.backtest import Backtest, Replayed, Verdict, verdict_of
from service.domain.moderation import decide, judge
from service.domain.rule import Action, Mode, Rule
from tests.domain.policies import ALL, STAFF, UNTIMED, policy, rule
from tests.domain.test_moderation_properties import comments

pytestmark = pytest.mark.fast

KEPT, REFUSED = Verdict.KEPT, Verdict.REFUSED
PUBLISH, HOLD = Action.publish, Action.hold
SHADOW = rule("scores.toxicity >= 0.2", "reject", id="shadow", guideline="civil", mode=Mode.shadow)
human = st.sampled_from(["none", "approved", "rejected", None])
some_rules = st.lists(st.sampled_from([*ALL.rules, SHADOW, STAFF]), unique=True)


def item(
    before: Action,
    after: Action,
    person: Verdict | None = None,
    rules_before: set[str] | None = None,
    rules_after: set[str] | None = None,
) -> Replayed:
    return Replayed(
        comment_id=uuid4(),
        before=before,
        after=after,
        rules_before=frozenset(rules_before or ()),
        rules_after=frozenset(rules_after or ()),
        person=person,
    )


def backtest(*items: Replayed, examples: int = 10) -> Backtest:
    found = Backtest(examples=examples)
    for each in items:
        found.add(each)
    return found


@UNTIMED
@given(comments, human, some_rules, st.sampled_from(["hold", "queue", "publish"]))
def test_judging_comes_to_what_deciding_does(
    comment: dict[str, Any], said: str | None, rules: list[Rule], default: str
) -> None:
    signals = {**comment, "comment": {"human_decision": said}}
    file = policy(*rules, on_missing=default)
    decision, judgement = decide(signals, file), judge(signals, file)
    assert (judgement.action, judgement.guideline, judgement.queue, judgement.demote) == (
        decision.action,
        decision.guideline,
        decision.queue,
        decision.demote,
    )
    assert judgement.rules == tuple(outcome.rule for outcome in decision.matched())


def test_comments_are_counted_by_what_they_were_and_would_be() -> None:
    found = backtest(item(PUBLISH, PUBLISH), item(PUBLISH, HOLD), item(PUBLISH, HOLD))
    assert (found.comments, found.changed) == (3, 2)
    assert found.confusion == {(PUBLISH, PUBLISH): 1, (PUBLISH, HOLD): 2}
    assert found.changes() == {(PUBLISH, HOLD): 2}


def test_a_change_is_put_down_to_the_rules_that_came_and_went() -> None:
    found = backtest(
        item(PUBLISH, HOLD, None, {"a"}, {"a", "b"}),
        item(HOLD, HOLD, None, {"c"}, {"b"}),
        item(PUBLISH, PUBLISH, None, {"a"}, {"a"}),
    )
    rules = {r.rule: (r.before, r.after, r.gained, r.lost, r.changed) for r in found.rules()}
    assert rules == {"a": (2, 2, 0, 0, 0), "b": (0, 2, 2, 0, 1), "c": (1, 0, 0, 1, 0)}
    assert found.rules()[0].rule == "b"


@pytest.mark.parametrize(
    ("action", "person", "counts"),
    [
        (Action.hold, REFUSED, (1, 0, 0, 0)),
        (Action.hide, KEPT, (0, 1, 0, 0)),
        (Action.reject, REFUSED, (1, 0, 0, 0)),
        (Action.queue, REFUSED, (0, 0, 1, 0)),
        (Action.demote, KEPT, (0, 0, 0, 1)),
        (Action.nudge, REFUSED, (0, 0, 1, 0)),
    ],
)
def test_keeping_back_is_measured_by_people(
    action: Action, person: Verdict, counts: tuple[int, ...]
) -> None:
    against = backtest(item(PUBLISH, action, person)).people_after
    assert counts == (
        against.kept_back_refused,
        against.kept_back_kept,
        against.shown_refused,
        against.shown_kept,
    )


def test_precision_and_recall_are_shares_of_what_people_decided() -> None:
    against = backtest(
        item(PUBLISH, HOLD, REFUSED),
        item(PUBLISH, HOLD, REFUSED),
        item(PUBLISH, HOLD, KEPT),
        item(PUBLISH, PUBLISH, REFUSED),
        item(PUBLISH, HOLD, None),
    ).people_after
    assert (against.precision, against.recall) == (2 / 3, 2 / 3)


def test_without_people_nothing_is_measured() -> None:
    against = backtest(item(PUBLISH, HOLD)).people_after
    assert (against.precision, against.recall) == (None, None)


def test_examples_that_go_against_people_come_first() -> None:
    plain, against, more = (
        item(PUBLISH, HOLD),
        item(PUBLISH, HOLD, KEPT),
        item(HOLD, PUBLISH, REFUSED),
    )
    assert backtest(plain, against, more, examples=2).shown_examples() == [against, more]
    assert backtest(plain, against).shown_examples() == [against, plain]
    assert backtest(item(HOLD, HOLD, KEPT)).shown_examples() == []


@pytest.mark.parametrize(
    ("action", "verdict"),
    [
        (ModeratorAction.APPROVE, KEPT),
        (ModeratorAction.RESTORE, KEPT),
        (ModeratorAction.REJECT, REFUSED),
        (ModeratorAction.REMOVE, REFUSED),
        (ModeratorAction.HIDE, REFUSED),
        (ModeratorAction.FEATURE, None),
        (ModeratorAction.LOCK, None),
        (None, None),
    ],
)
def test_some_actions_of_people_say_what_they_think_of_a_comment(
    action: ModeratorAction | None, verdict: Verdict | None
) -> None:
    assert verdict_of(action) is verdict
