"""What an evaluation takes from the publication itself: its thresholds and its drift alarm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from service.adapters.guideline_file import load_policy
from service.domain.drift import ThreadDrift, ThreadState
from workers.evaluation.thresholds import Threshold, thresholds_in


def thresholds_of(guidelines_file: Path) -> list[Threshold]:
    """The score thresholds of a guideline file's rules, shadow ones too.

    Raises GuidelineFileError where the file cannot be used.
    """
    return thresholds_in((rule.id, rule.when) for rule in load_policy(guidelines_file).rules)


def drifting(relevance: Sequence[float | None]) -> list[bool]:
    """After each comment of a thread: does Parley say that the thread has left its article?"""
    drift, states = ThreadDrift(), []
    for value in relevance:
        drift = drift.after(value)
        states.append(drift.state is ThreadState.LEFT)
    return states
