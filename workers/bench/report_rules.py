"""The rules for hiding a reported comment that `./parley bench reports` compares."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.domain.report_weight import (
    HIDE_FROM,
    NO_HUMAN_DECISION,
    RELIABLE_VOICES,
    Reporter,
    ReportWeight,
    may_hide,
)

# Discourse's defaults: twelve and a half, at medium sensitivity.
DISCOURSE_HIDES_FROM = 12.5 * 6 / 9
DISCOURSE_ACCURACY_FROM = 5
DISCOURSE_ACCURATE = 0.7
DISCOURSE_ACCURACY_POINTS = 5.0
MODEL_AGREES_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Voice:
    """One reporter as the rules see them at that moment."""

    reporter: Reporter
    trust_level: int
    upheld: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A comment after one more report, no person having decided yet."""

    voices: Sequence[Voice]
    weight: ReportWeight
    base_rate: float


Rule = Callable[[Moment], bool]


def at_least(count: int) -> Rule:
    """So many reports."""
    return lambda moment: len(moment.voices) >= count


def discourse(moment: Moment) -> bool:
    """The sum of Discourse's flag scores: trust level and accuracy, no model."""
    return sum(map(_flag_score, moment.voices)) >= DISCOURSE_HIDES_FROM


def _flag_score(voice: Voice) -> float:
    decided = voice.upheld + voice.dismissed
    if decided <= DISCOURSE_ACCURACY_FROM:
        return 1.0 + voice.trust_level
    accuracy = voice.upheld / decided
    span = 1 - DISCOURSE_ACCURATE if accuracy >= DISCOURSE_ACCURATE else DISCOURSE_ACCURATE
    points = (accuracy - DISCOURSE_ACCURATE) / span * math.log(decided, 4)
    return max(0.0, 1.0 + voice.trust_level + points * DISCOURSE_ACCURACY_POINTS)


def naive_bayes(moment: Moment) -> bool:
    """Every reporter independent evidence, with or without a record, undiscounted."""
    log_odds = moment.weight.components[0][1] + sum(
        _logit(voice.reporter.reliability.mean) - _logit(moment.base_rate)
        for voice in moment.voices
    )
    return log_odds >= _logit(HIDE_FROM)


def one_voice(moment: Moment) -> bool:
    """The probability with all fresh reporters as one voice, and no other condition."""
    return moment.weight.p_violation >= HIDE_FROM


def first_written(moment: Moment) -> bool:
    """The same, with two reliable reporters or a model that agrees, and no brigade."""
    weight = moment.weight
    agreed = weight.reliable >= RELIABLE_VOICES or (weight.p_model or 0) >= MODEL_AGREES_FROM
    return one_voice(moment) and agreed and not weight.brigade_suspected


def first_written_on_record(moment: Moment) -> bool:
    """The same again, where no report of a fresh account can tip the balance."""
    weight = moment.weight
    agrees = (weight.p_model or 0) >= MODEL_AGREES_FROM
    enough = weight.reliable >= (1 if agrees else RELIABLE_VOICES)
    return weight.p_on_record >= HIDE_FROM and enough and not weight.brigade_suspected


def ours(moment: Moment) -> bool:
    """What the product does."""
    return may_hide(moment.weight, human_decision=NO_HUMAN_DECISION)


def brigade(moment: Moment) -> bool:
    """Hides nothing: whether the reports look organised."""
    return moment.weight.brigade_suspected


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


OURS = "Parley"
RULES: dict[str, Rule] = {
    "3 reports": at_least(3),
    "5 reports": at_least(5),
    "Discourse's score from 8.33": discourse,
    "naive Bayes": naive_bayes,
    "fresh accounts one voice, P from 0.95": one_voice,
    "… and 2 reliable or model from 0.5, no brigade": first_written,
    "… and fresh accounts left out of P": first_written_on_record,
    OURS: ours,
}
