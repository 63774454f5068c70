"""What counts as severe, and when a pause is suggested."""

from __future__ import annotations

import pytest

from service.domain.wellbeing import is_severe, pause_suggested

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("scores", "severe"),
    [
        ({"toxicity": 0.9}, True),
        ({"toxicity": 0.899}, False),
        ({"toxicity": 0.5, "severe_toxicity": 0.95}, True),
        ({"threat": 0.91}, True),
        ({"sexual_explicit": 1.0}, True),
        ({"insult": 1.0, "obscene": 1.0, "relevance": 1.0}, False),
        ({"toxicity": None, "threat": 0.95}, True),
        ({"toxicity": None}, False),
        ({}, False),
    ],
)
def test_a_text_is_severe_from_nine_tenths_on(
    scores: dict[str, float | None], severe: bool
) -> None:
    assert is_severe(scores) is severe


@pytest.mark.parametrize(
    ("this_hour", "last_hour", "minute", "suggested"),
    [
        (60, 0, 5, True),
        (59, 0, 59, False),
        (30, 60, 30, True),
        (29, 60, 30, False),
        (0, 60, 0, True),
        (0, 60, 1, False),
        (0, 0, 0, False),
    ],
)
def test_sixty_severe_texts_in_sixty_minutes_suggest_a_pause(
    this_hour: int, last_hour: int, minute: int, suggested: bool
) -> None:
    assert pause_suggested(this_hour=this_hour, last_hour=last_hour, minute=minute) is suggested
