"""Invented sentences that pair the same words with and without an attack.

They teach that naming a group is not an attack, that praise, denial, reporting and counter-speech
are not either, and that an attack stays one without a swear word. All sentences are our own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from workers.scorers.training.contrast_patterns import (
    ATTACKS,
    CIVIL,
    HARSH,
    KINDS,
    NAMES,
    PEOPLE,
    PERSONS,
    PLAIN,
    ROUGH,
    ROUGH_ATTACKS,
    THINGS,
    THREATS,
    WARM,
)
from workers.scorers.training.corpus import Example
from workers.scorers.training.variation import evaded

SOURCE = "contrast"
AN_VOWELS = "aeiouAEIOU"
NEUTRAL_TARGETS = {"obscene": 0.0, "severe_toxicity": 0.0, "sexual_explicit": 0.0}
THREAT_SHARE, ROUGH_SHARE, EVADED_SHARE = 0.12, 0.12, 0.1


def contrast_examples(count: int, seed: int) -> Iterator[Example]:
    """`count` invented examples, half of them attacks; the same seed gives the same ones."""
    chooser = random.Random(seed)  # noqa: S311 - sampling, no secret
    for number in range(count):
        is_rough = chooser.random() < ROUGH_SHARE
        if number % 2 == 0:
            yield _example(chooser, ROUGH if is_rough else CIVIL, toxic=0.0, rough=is_rough)
        elif chooser.random() < THREAT_SHARE:
            yield _example(chooser, THREATS, toxic=1.0, threat=1.0)
        else:
            yield _example(
                chooser, ROUGH_ATTACKS if is_rough else ATTACKS, toxic=1.0, rough=is_rough
            )


def _example(
    chooser: random.Random,
    patterns: Sequence[str],
    *,
    toxic: float,
    threat: float = 0.0,
    rough: bool = False,
) -> Example:
    pattern = chooser.choice(patterns)
    words = {
        "kind": chooser.choice(KINDS),
        "people": chooser.choice(PEOPLE),
        "person": chooser.choice(PERSONS),
        "name": chooser.choice(NAMES),
        "warm": chooser.choice(WARM),
        "plain": chooser.choice(PLAIN),
        "harsh": chooser.choice(HARSH),
        "thing": chooser.choice(THINGS),
    }
    text = _with_articles(pattern.format(**words))
    if toxic and chooser.random() < EVADED_SHARE:
        text = evaded(text, chooser)
    names_group = "{people}" in pattern or "{kind}" in pattern
    targets = {"shared": toxic, "wiki": toxic, "news": toxic, "threat": threat}
    targets["hostility"] = toxic
    targets["identity_attack"] = toxic if names_group else 0.0
    if toxic == 0.0:
        targets |= {**NEUTRAL_TARGETS, "insult": 0.0}
    if rough:
        targets["obscene"] = 1.0
    return Example(text, SOURCE, targets)


def _with_articles(text: str) -> str:
    """Turn `a` into `an` where a vowel follows, and begin with a capital."""
    words = text.split(" ")
    for position in range(len(words) - 1):
        if words[position] in ("a", "A") and words[position + 1][:1] in AN_VOWELS:
            words[position] += "n"
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]
