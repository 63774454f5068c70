"""Whether a thread has left its article: a running estimate from its comments' relevance.

A two-state Bayesian change filter (hidden Markov model, forward pass; L. Rabiner, "A tutorial on
hidden Markov models", Proc. IEEE 77, 1989, eq. 19-20). The hidden state is "the thread is about
the article" or "the thread has left it"; each known relevance moves the probability of the second
by Bayes' rule. In either state a share of stray comments is expected, so one intruder moves the
estimate only a little and a run of them moves it a lot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class ThreadState(StrEnum):
    """Where the conversation stands."""

    ON = "on"
    LEFT = "left"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """Shares and probabilities (all 0-1) of the filter.

    leaving, returning: chance per comment that the thread changes its state.
    strays_on: share of unrelated comments to expect while the thread is on its article.
    strays_left: share of related comments to expect while it is away.
    alarm, all_clear: the estimate at or above which a thread counts as left, and at or below
    which one that had left counts as returned.
    """

    leaving: float = 0.02
    returning: float = 0.05
    strays_on: float = 0.15
    strays_left: float = 0.15
    alarm: float = 0.8
    all_clear: float = 0.3


DEFAULTS = DriftSettings()
# Above this the estimate may be the start of a departure: the index is kept.
SUSPICION = 0.1


@dataclass(frozen=True, slots=True)
class ThreadDrift:
    """The estimate after some comments of a thread. Immutable; `after` gives the next one.

    value: probability 0-1 that the thread has left its article (the signal `thread.drift`).
    comments: how many comments were seen, known or not.
    left_at: index (from 0) of the comment where it left the last time, None if it never did.
    returned_at: index of the comment that showed its return, None if it is not back.
    """

    value: float = 0.0
    state: ThreadState = ThreadState.ON
    comments: int = 0
    left_at: int | None = None
    returned_at: int | None = None
    suspect_since: int | None = None

    def after(self, relevance: float | None, settings: DriftSettings = DEFAULTS) -> ThreadDrift:
        """The estimate once one more comment is in.

        Args:
            relevance: the comment's relevance 0-1, or None where it is unknown; an unknown
                comment counts as a comment and says nothing.
        Raises:
            ValueError: relevance is outside 0-1.
        """
        index = self.comments
        if relevance is None:
            return replace(self, comments=index + 1)
        if not 0.0 <= relevance <= 1.0:
            raise ValueError(f"relevance must lie between 0 and 1, not {relevance}")
        value = _updated(self.value, relevance, settings)
        suspect_since = self._suspect_since(index, value)
        moved = replace(self, value=value, comments=index + 1, suspect_since=suspect_since)
        if self.state is not ThreadState.LEFT and value >= settings.alarm:
            start = index if suspect_since is None else suspect_since
            return replace(moved, state=ThreadState.LEFT, left_at=start, returned_at=None)
        if self.state is ThreadState.LEFT and value <= settings.all_clear:
            return replace(moved, state=ThreadState.RETURNED, returned_at=index)
        return moved

    def _suspect_since(self, index: int, value: float) -> int | None:
        if value < SUSPICION:
            return None
        return index if self.suspect_since is None else self.suspect_since


def estimate_drift(
    relevances: Iterable[float | None], settings: DriftSettings = DEFAULTS
) -> ThreadDrift:
    """The estimate for a whole thread, its comments' relevance given in order of time."""
    drift = ThreadDrift()
    for relevance in relevances:
        drift = drift.after(relevance, settings)
    return drift


def _updated(value: float, relevance: float, settings: DriftSettings) -> float:
    """One forward step. Relevance is read as P(related | score) under an even prior, so that
    relevance : 1 - relevance is the likelihood ratio of related to unrelated."""
    away = value * (1.0 - settings.returning) + (1.0 - value) * settings.leaving
    unrelated = 1.0 - relevance
    seen_on = (1.0 - settings.strays_on) * relevance + settings.strays_on * unrelated
    seen_left = settings.strays_left * relevance + (1.0 - settings.strays_left) * unrelated
    return away * seen_left / (away * seen_left + (1.0 - away) * seen_on)
