"""Whether a thread has left its article: a running estimate from its comments' relevance.

A two-state Bayesian change filter (hidden Markov model, forward pass; L. Rabiner, "A tutorial on
hidden Markov models", Proc. IEEE 77, 1989, eq. 19-20). The hidden state is "the thread is about
the article" or "the thread has left it"; each known relevance moves the probability of the second
by Bayes' rule. In either state a share of stray comments is expected, so one intruder moves the
estimate only a little and a run of them moves it a lot. Threads differ in how near they keep to
their article (a chat under a photograph, a dispute over a law): each comment is judged against
what has been usual in its own thread.
"""

from __future__ import annotations

import math
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
    own_level: how far (0 not at all, 1 fully) a comment is judged against its own thread.
    usual_logit, usual_comments: log odds of relevance of an ordinary comment, and for how many
    comments of the thread itself that expectation counts.
    """

    leaving: float = 0.03
    returning: float = 0.05
    strays_on: float = 0.05
    strays_left: float = 0.03
    alarm: float = 0.85
    all_clear: float = 0.3
    own_level: float = 0.8
    usual_logit: float = 1.3
    usual_comments: float = 2.0


DEFAULTS = DriftSettings()
# Above this the estimate may be the start of a departure: the index is kept.
SUSPICION = 0.2
# Log odds beyond this say no more: a single score is never that certain.
LARGEST_LOGIT = 4.0


@dataclass(frozen=True, slots=True)
class ThreadDrift:
    """The estimate after some comments of a thread. Immutable; `after` gives the next one.

    value: probability 0-1 that the thread has left its article (the signal `thread.drift`).
    comments: how many comments were seen, known or not.
    left_at: index (from 0) of the comment where it left the last time, None if it never did.
    returned_at: index of the comment that showed its return, None if it is not back.
    suspect_since: index from which the estimate has been suspicious, None if it is not.
    on_weight, on_logits: the comments so far, each weighted by the chance that the thread had not
    left, and the weighted sum of their log odds of relevance.
    """

    value: float = 0.0
    state: ThreadState = ThreadState.ON
    comments: int = 0
    left_at: int | None = None
    returned_at: int | None = None
    suspect_since: int | None = None
    on_weight: float = 0.0
    on_logits: float = 0.0

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
        logit = _logit(relevance)
        value = _updated(self.value, logit - self._own_level(settings), settings)
        moved = replace(
            self,
            value=value,
            comments=index + 1,
            suspect_since=self._suspect_since(index, value),
            on_weight=self.on_weight + 1.0 - value,
            on_logits=self.on_logits + (1.0 - value) * logit,
        )
        if self.state is not ThreadState.LEFT and value >= settings.alarm:
            start = index if moved.suspect_since is None else moved.suspect_since
            return replace(moved, state=ThreadState.LEFT, left_at=start, returned_at=None)
        if self.state is ThreadState.LEFT and value <= settings.all_clear:
            return replace(moved, state=ThreadState.RETURNED, returned_at=index)
        return moved

    def _own_level(self, settings: DriftSettings) -> float:
        """By how much this thread's comments lie above (or below) ordinary ones, in log odds."""
        known = settings.usual_comments * settings.usual_logit + self.on_logits
        usual = known / (settings.usual_comments + self.on_weight)
        return settings.own_level * (usual - settings.usual_logit)

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


def _logit(relevance: float) -> float:
    """Log odds, bounded by LARGEST_LOGIT. Relevance is P(related | score) under an even prior, so
    these are the log likelihood ratio of related to unrelated."""
    if relevance in (0.0, 1.0):
        return LARGEST_LOGIT if relevance else -LARGEST_LOGIT
    return max(-LARGEST_LOGIT, min(LARGEST_LOGIT, math.log(relevance / (1.0 - relevance))))


def _updated(value: float, logit: float, settings: DriftSettings) -> float:
    """One forward step: what may have changed since the last comment, then Bayes' rule."""
    away = value * (1.0 - settings.returning) + (1.0 - value) * settings.leaving
    related = 1.0 / (1.0 + math.exp(-logit))
    seen_on = (1.0 - settings.strays_on) * related + settings.strays_on * (1.0 - related)
    seen_left = settings.strays_left * related + (1.0 - settings.strays_left) * (1.0 - related)
    return away * seen_left / (away * seen_left + (1.0 - away) * seen_on)
