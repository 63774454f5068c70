"""What is hard to look at, and when somebody has looked at enough of it."""

from __future__ import annotations

from collections.abc import Mapping

SEVERE_LABELS = ("toxicity", "severe_toxicity", "threat", "sexual_explicit")
SEVERE_FROM = 0.9
SEVERE_PER_HOUR = 60
MINUTES_PER_HOUR = 60


def is_severe(scores: Mapping[str, float | None]) -> bool:
    """Whether a text should be blurred until it is asked for, and counts as severe.

    Args:
        scores: calibrated values (0–1) by label; an unknown one says nothing either way.

    1. Severe where toxicity, severe toxicity, threat or sexual explicitness is 0.9 or more.
    """
    known = (scores.get(label) for label in SEVERE_LABELS)
    return any(value is not None and value >= SEVERE_FROM for value in known)


def pause_suggested(*, this_hour: int, last_hour: int, minute: int) -> bool:
    """Whether a moderator has seen as many severe texts as one should in 60 minutes.

    Args:
        this_hour, last_hour: severe texts seen since the full hour, and in the hour before.
        minute: minutes since the full hour, 0–59.

    1. The last 60 minutes are this hour and the part of the last one that still counts, as if
       its texts had come evenly.
    2. From 60 on a pause is suggested. It is a hint: nothing is taken away.
    """
    still_counts = (MINUTES_PER_HOUR - minute) / MINUTES_PER_HOUR
    return this_hour + last_hour * still_counts >= SEVERE_PER_HOUR
