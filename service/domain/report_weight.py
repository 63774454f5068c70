"""What the reports on a comment weigh: one probability that it breaks the guidelines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.reliability import Reliability, is_reliable

# Reporters read the same text and each other's signals: each counts for less than on its own.
DEPENDENCE_DISCOUNT = 0.6
HIDE_FROM = 0.95
# Either so many reliable reporters agree, or one does whom all other evidence bears out.
RELIABLE_VOICES = 2
BORNE_OUT_FROM = 0.5
NO_HUMAN_DECISION = "none"

# No score is believed to be nearer to certainty than this.
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Reporter:
    """One reader who reported. `suspected`: belongs to a cohort that looks organised."""

    reliability: Reliability
    suspected: bool = False


@dataclass(frozen=True, slots=True)
class ReportWeight:
    """What the model and the reports say together.

    `p_violation` (0–1) is for the queue and the rules, `p_on_record` the same without the voice
    of reporters who have no record, and `p_without_strongest` that again without the one reporter
    who adds most: automatic hiding looks at these two. `p_model` is None where there was no score.
    `reliable` of the `distinct` reporters have a good record. `components` are the parts of
    logit(`p_violation`), in the order they were added.
    """

    p_violation: float
    p_on_record: float
    p_without_strongest: float
    p_model: float | None
    reliable: int
    distinct: int
    brigade_suspected: bool
    components: tuple[tuple[str, float], ...]


def weigh(
    reporters: Sequence[Reporter],
    *,
    p_model: float | None,
    base_rate: float,
    site_rate: float,
    brigade_suspected: bool,
) -> ReportWeight:
    """The probability that a comment reported by these readers breaks the guidelines.

    `reporters` are distinct and not the author; `p_model` is the calibrated score (0–1),
    `base_rate` the share of comments that break the guidelines, `site_rate` the share of reports
    upheld; both lie strictly between 0 and 1. Naive Bayes on the logit scale, discounted for
    dependence (γ = 0.6):

    1. Start from logit(p_model), without a score from logit(base_rate).
    2. Each reporter with a record adds γ·(logit(mean) − logit(base_rate)), and never less than
       nothing: else trolls could protect a comment by reporting it.
    3. All without a record are together ONE voice, γ·(logit(site_rate) − logit(base_rate)),
       however many they are.
    4. A suspected cohort speaks with that same one voice, whatever records its members have.

    Raises ValueError where a rate or the score is out of range.
    """
    if not (0 < base_rate < 1 and 0 < site_rate < 1):
        raise ValueError("base_rate and site_rate lie strictly between 0 and 1")
    if p_model is not None and not 0 <= p_model <= 1:
        raise ValueError("p_model lies between 0 and 1")
    voices = [r.reliability for r in reporters if r.reliability.known and not r.suspected]
    start = ("base_rate", _logit(base_rate)) if p_model is None else ("model", _logit(p_model))
    parts = sorted((_contribution(voice.mean, base_rate) for voice in voices), reverse=True)
    on_record = [("reporter", part) for part in parts]
    fresh = [("fresh_reporters", _contribution(site_rate, base_rate))]
    components = (start, *on_record, *(fresh if len(voices) < len(reporters) else []))
    return ReportWeight(
        p_violation=_probability(components),
        p_on_record=_probability((start, *on_record)),
        p_without_strongest=_probability((start, *on_record[1:])),
        p_model=p_model,
        reliable=sum(is_reliable(voice, base_rate=base_rate) for voice in voices),
        distinct=len(reporters),
        brigade_suspected=brigade_suspected,
        components=components,
    )


def may_hide(weight: ReportWeight, *, human_decision: str) -> bool:
    """Whether reports may hide a comment until a person has looked. All of these must hold:

    1. No person has decided on this revision (`human_decision`, as `comment.human_decision`).
    2. The reports do not look organised.
    3. P ≥ 0.95 from the model and the reporters with a record: `p_on_record`.
    4. Two reliable reporters agree, or one does and all other evidence on record, the model and
       the other reporters, still finds a violation likelier than not: `p_without_strongest`.

    **Fresh accounts can never hide a comment by themselves.** Reporters without a record are in
    none of the four except that they can raise suspicion. So whatever the model says and however
    many they are, adding them never hides a comment that was not hidden without them. And where
    nobody reliable reported nothing is hidden at all: else the first report by a fresh account
    would be what hides a comment with a high score. What the model alone is sure of is a matter
    for the guideline rules.

    Where one reliable reporter is alone, 4 asks for p_model ≥ 0.5, as the rule was first written.
    Letting the other reporters count beside the model makes up for the fresh voice left out of 3:
    in `./parley bench reports` it brings the recall above one half at the same precision. Nobody
    hides a comment alone that would otherwise have passed for probably fine.
    """
    if human_decision != NO_HUMAN_DECISION or weight.brigade_suspected:
        return False
    if weight.p_on_record < HIDE_FROM:
        return False
    borne_out = weight.p_without_strongest >= BORNE_OUT_FROM
    return weight.reliable >= (1 if borne_out else RELIABLE_VOICES)


def _contribution(rate: float, base_rate: float) -> float:
    return DEPENDENCE_DISCOUNT * max(0.0, _logit(rate) - _logit(base_rate))


def _logit(probability: float) -> float:
    inside = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(inside / (1 - inside))


def _probability(components: Sequence[tuple[str, float]]) -> float:
    return 1 / (1 + math.exp(-math.fsum(value for _, value in components)))
