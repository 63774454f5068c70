"""Evaluating few conditions gives the answers of evaluating all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.adapters.guideline_file import load_policy
from service.domain.signals import SIGNALS, SignalType, Value, coerce
from tests.domain.policies import UNTIMED, policy, rule

pytestmark = pytest.mark.fast

SHIPPED = load_policy(Path(__file__).parents[2] / "config" / "guidelines.yaml")
OF_TYPE: dict[SignalType, st.SearchStrategy[Any]] = {
    SignalType.number: st.sampled_from([0.0, 0.1, 0.36, 0.5, 0.61, 0.85, 0.99]),
    SignalType.whole: st.sampled_from([0, 1, 3, 8, 30]),
    SignalType.flag: st.booleans(),
    SignalType.text: st.sampled_from(["premoderated", "open", "none", "approved", "trusted"]),
    SignalType.texts: st.lists(st.sampled_from(["spam_hosts", "threat_phrases", "court"])),
}


@st.composite
def values(draw: st.DrawFn) -> dict[str, Value]:
    """Values of some signals, whole namespaces missing at times."""
    namespaces = {name.partition(".")[0] for name in SIGNALS}
    missing = draw(st.sets(st.sampled_from(sorted(namespaces))))
    found: dict[str, Value] = {}
    for signal in SIGNALS.values():
        if signal.name.partition(".")[0] not in missing and draw(st.integers(0, 9)) > 0:
            value = coerce(signal.name, draw(OF_TYPE[signal.type]))
            if value is not None:
                found[signal.name] = value
    return found


@UNTIMED
@given(values())
def test_the_shipped_rules_answer_as_each_does_alone(found: dict[str, Value]) -> None:
    bound = SHIPPED.language.bind(found)
    alone = [rule.program.run(bound) for rule in SHIPPED.active]
    assert SHIPPED.evaluate(found) == alone
    assert SHIPPED.evaluate(found) == alone  # and again, by the plan that was kept


def test_a_condition_that_needs_no_signal_to_be_settled_is_not_unknown() -> None:
    always = rule("true || author.is_staff", "queue", queue="toxic")
    unknown = rule("author.is_staff", "queue", queue="toxic")
    assert policy(always, unknown).evaluate({}) == [True, None]
