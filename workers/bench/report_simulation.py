"""An invented site with readers who report: honest, sloppy, trolls, and fresh accounts that attack.

How many report is set so that a rule that only counts fares as research on such rules found (three
reports: 0.41 of the violations, five: 0.08). A few readers read most and most read little (Zipf's
law, flattened so that the keenest reads a quarter of all).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

HOURS_PER_DAY = 24.0
# One comment is read by so many of those who ever report.
READERS_PER_COMMENT = 21.0
COMMENTS_PER_ARTICLE = 50
# Reading falls as 1 / (rank + this).
READING_OFFSET = 10
# Among so many neighbours in rank the kinds have their exact shares.
BLOCK = 20
REPORT_DELAY_HOURS = 6.0
# People look at every reported comment, and are right, so long after it was posted.
REVIEW_AFTER_HOURS = 48.0
ATTACK_GAP_HOURS = 2 / 60
FEWEST_ATTACKERS, MOST_ATTACKERS = 8, 29
ATTACKS_FROM_ONE_NETWORK = 0.5
# Share of the reporters, and how likely one who reads a comment reports it: a violation, another.
KINDS = {
    "honest": (0.80, 0.12, 0.0006),
    "sloppy": (0.15, 0.10, 0.005),
    "troll": (0.05, 0.03, 0.02),
}
# Discourse's trust level by how much somebody reads: the top hundredth, the next tenth, the rest.
TRUST_LEVELS = ((0.01, 3), (0.11, 2), (1.0, 1))
FRESH_TRUST_LEVEL = 0

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class World:
    """The size of a site. The first `history` comments only give reporters a record.

    With `shared_errors` above 0, readers report an innocent comment the likelier the higher its
    score: by that power of the odds. At 0 they err on other comments than the model does.
    """

    comments: int = 40_000
    history: int = 320_000
    days_per_comment: float = 90 / 40_000
    violating: float = 0.03
    auc: float = 0.92
    reporters: int = 3_000
    attacks: int = 150  # on the measured comments, and as often before
    shared_errors: float = 0.0

    @property
    def all_comments(self) -> int:
        """Those measured and those before."""
        return self.comments + self.history


@dataclass(frozen=True, slots=True)
class Report:
    """One report, `at` in hours. `network` is 0 for a network of one's own."""

    at: float
    comment: int
    reporter: int
    trust_level: int
    network: int = 0


@dataclass(frozen=True)
class Site:
    """All that happens on one site: truth, scores and reports in order of time."""

    world: World
    posted: Floats
    violating: Flags
    p_model: Floats
    attacked: frozenset[int]
    reports: list[Report] = field(repr=False)
    usual_per_hour: float

    def measured(self, comment: int) -> bool:
        """Whether the comment comes after the history."""
        return comment >= self.world.history


def make_site(world: World, seed: int, *, attacks: bool = True) -> Site:
    """Draw one site. Without attacks, everything else is the same for the same seed."""
    comments_rng, reports_rng, attacks_rng = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(3)
    )
    count = world.all_comments
    violating = comments_rng.random(count) < world.violating
    posted = np.sort(comments_rng.random(count)) * count * world.days_per_comment * HOURS_PER_DAY
    p_model = _scores(world, violating, comments_rng)
    odds = np.where(violating, 1.0, (p_model / (1 - p_model)) ** world.shared_errors)
    odds[~violating] /= odds[~violating].mean()
    reports = list(_regular_reports(world, violating, odds, posted, reports_rng))
    per_comment = len(reports) / count
    attacked = _targets(world, violating, attacks_rng)
    if attacks:
        reports.extend(_attacks(world, attacked, posted, attacks_rng))
    return Site(
        world=world,
        posted=posted,
        violating=violating,
        p_model=p_model,
        attacked=frozenset(attacked.tolist()),
        reports=sorted(reports, key=lambda report: report.at),
        usual_per_hour=per_comment * COMMENTS_PER_ARTICLE / REVIEW_AFTER_HOURS,
    )


def _scores(world: World, violating: Flags, rng: np.random.Generator) -> Floats:
    """Calibrated probabilities of a model with this AUC: two normal curves, by Bayes' rule."""
    apart = math.sqrt(2) * NormalDist().inv_cdf(world.auc)
    raw = rng.standard_normal(len(violating)) + apart * violating
    log_odds = math.log(world.violating / (1 - world.violating)) + apart * raw - apart**2 / 2
    scores: Floats = 1 / (1 + np.exp(-log_odds))
    return scores


def _regular_reports(
    world: World, violating: Flags, odds: Floats, posted: Floats, rng: np.random.Generator
) -> Iterator[Report]:
    """Reports of the site's own readers, who read unequally and at different times.

    `odds` says how much likelier than the others of its sort each comment is reported.
    """
    ranks = np.arange(world.reporters)
    reading = 1 / (ranks + 1 + READING_OFFSET)
    reading /= reading.sum()
    kinds = _kinds(world.reporters, rng)
    chances = np.array([chance for _, *chance in KINDS.values()])[kinds]
    shares = (ranks + 0.5) / world.reporters
    levels = [next(level for top, level in TRUST_LEVELS if share < top) for share in shares]
    for column, is_violating in enumerate((True, False)):
        comments = np.flatnonzero(violating == is_violating)
        rates = READERS_PER_COMMENT * reading * chances[:, column]
        counts = rng.poisson(rates.sum() * odds[comments])
        drawn = rng.choice(world.reporters, counts.sum(), p=rates / rates.sum())
        pairs = np.unique(np.stack([np.repeat(comments, counts), drawn], axis=1), axis=0)
        delays = rng.exponential(REPORT_DELAY_HOURS, len(pairs))
        for (comment, reporter), delay in zip(pairs.tolist(), delays.tolist(), strict=True):
            if delay < REVIEW_AFTER_HOURS:
                at = float(posted[comment]) + delay
                yield Report(at, comment, reporter, levels[reporter])


def _kinds(reporters: int, rng: np.random.Generator) -> Numbers:
    """The kind of each reporter: in every twenty that read alike, the same mix in another order."""
    counts = [round(share * BLOCK) for share, *_ in KINDS.values()]
    block = np.repeat(np.arange(len(counts)), counts)
    blocks = [rng.permutation(block) for _ in range(math.ceil(reporters / BLOCK))]
    return np.concatenate(blocks)[:reporters].astype(np.int64)


def _targets(world: World, violating: Flags, rng: np.random.Generator) -> Numbers:
    """Innocent comments to attack: as many in proportion before as among those measured."""
    innocent = np.flatnonzero(~violating)
    before, now = innocent[innocent < world.history], innocent[innocent >= world.history]
    earlier = round(world.attacks * world.history / world.comments)
    return np.concatenate(
        [
            rng.choice(before, earlier, replace=False),
            rng.choice(now, world.attacks, replace=False),
        ]
    )


def _attacks(
    world: World, attacked: Numbers, posted: Floats, rng: np.random.Generator
) -> Iterator[Report]:
    """Bursts against innocent comments, each by accounts made for it."""
    account = world.reporters
    for number, comment in enumerate(attacked.tolist(), start=1):
        size = int(rng.integers(FEWEST_ATTACKERS, MOST_ATTACKERS + 1))
        network = number if rng.random() < ATTACKS_FROM_ONE_NETWORK else 0
        begins = float(posted[comment]) + rng.random() * HOURS_PER_DAY
        for at in begins + np.cumsum(rng.exponential(ATTACK_GAP_HOURS, size)):
            yield Report(float(at), comment, account, FRESH_TRUST_LEVEL, network)
            account += 1
