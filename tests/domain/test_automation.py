"""The machine's part in a decision is derived from what happened."""

from __future__ import annotations

import pytest

from service.domain.automation import automation

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("automated", "by_rule", "held", "by_report", "detection", "decision"),
    [
        (True, True, False, False, True, "fully"),
        (True, False, False, False, True, "fully"),
        (True, False, False, True, False, "fully"),  # reports led to it, the machine hid
        (False, True, True, False, True, "partially"),
        (False, False, True, True, False, "partially"),  # a person confirms that
        (False, True, False, False, True, "not"),
        (False, False, False, False, False, "not"),
        (False, False, False, True, False, "not"),
    ],
)
def test_detection_and_decision_are_told_apart(
    automated: bool, by_rule: bool, held: bool, by_report: bool, detection: bool, decision: str
) -> None:
    part = automation(
        automated=automated, found_by_rule=by_rule, held_by_rule=held, found_by_report=by_report
    )
    assert (part.detection, part.decision.value) == (detection, decision)
