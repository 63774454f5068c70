"""How often a reporter has been right: a decaying record per guideline family, with its doubt."""

from __future__ import annotations

import math
from dataclasses import dataclass

# After this long a decided report weighs half as much in its reporter's record.
HALF_LIFE_DAYS = 90.0
# A new reporter is believed as if this many reports had been decided at the site's own rate.
PRIOR_REPORTS = 4.0
# From this many decided reports on a reporter has a record,
KNOWN_FROM = 3
# unless it has faded to less than half a report of today.
FADED_BELOW = 0.5
# Right more often than wrong, and surely one time in four.
RELIABLE_MEAN = 0.5
RELIABLE_LOW = 0.25
LOW_QUANTILE = 0.05
# A site starts as if half of twenty reports had been upheld: no opinion, soon outweighed.
SITE_PRIOR_REPORTS = 20.0
SITE_PRIOR_RATE = 0.5

# Sums of the same floats in another order differ by this much at most.
_ROUNDING = 1e-6
_SMALLEST = 1e-300  # keeps the continued fraction from dividing by zero
_PRECISION = 1e-14
_MOST_TERMS = 10_000
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Reliability:
    """One reporter's record in one guideline family.

    `mean` is the expected share (0–1) of reports upheld, `low` its lower 5 % bound, for sanctions:
    they need evidence and not bad luck. `adjudicated` counts the reports decided, whatever their
    age; `known` says whether the record stands for itself.
    """

    mean: float
    low: float
    adjudicated: int
    known: bool


def decayed(age_days: float) -> float:
    """What a report decided `age_days` ago still weighs: 1 today, one half after 90 days."""
    return math.pow(0.5, max(0.0, age_days) / HALF_LIFE_DAYS)


def site_rate(upheld: float, adjudicated: float) -> float:
    """The share of a whole site's decided reports that were upheld, strictly between 0 and 1.

    Takes the sums over all reporters, decayed or not. While few reports are decided the rate stays
    near one half. Raises ValueError where more are upheld than decided.
    """
    upheld = _at_most(upheld, adjudicated)
    return (SITE_PRIOR_RATE * SITE_PRIOR_REPORTS + upheld) / (SITE_PRIOR_REPORTS + adjudicated)


def reliability(*, upheld: float, adjudicated: float, count: int, site_rate: float) -> Reliability:
    """A reporter's record: a Beta distribution that starts at the site's own rate.

    `upheld` and `adjudicated` are sums of `decayed` over the reporter's decided reports, `count`
    is their number without decay, `site_rate` lies strictly between 0 and 1. Reports nobody judged,
    invalidated ones and those on one's own comments belong in none of them.

    1. Mean: (4·site_rate + upheld) / (4 + adjudicated).
    2. Low: the 5 % quantile of Beta(4·site_rate + upheld, 4·(1 − site_rate) + dismissed).
    3. Known: three or more decided, and together still worth half a report of today (three become
       that in 233 days). A record that has faded further tells no more than the site's rate, so
       its owner is a fresh voice again: else forgotten accounts, even those that were always
       wrong, would each count as a voice of their own with nothing behind it.

    Raises ValueError where the sums contradict each other.
    """
    if not 0 < site_rate < 1:
        raise ValueError("site_rate lies strictly between 0 and 1")
    adjudicated = _at_most(adjudicated, count)
    upheld = _at_most(upheld, adjudicated)
    right = PRIOR_REPORTS * site_rate + upheld
    wrong = PRIOR_REPORTS * (1 - site_rate) + adjudicated - upheld
    return Reliability(
        mean=right / (right + wrong),
        low=beta_quantile(LOW_QUANTILE, right, wrong),
        adjudicated=count,
        known=count >= KNOWN_FROM and adjudicated >= FADED_BELOW,
    )


def is_reliable(record: Reliability, *, base_rate: float) -> bool:
    """Whether a reporter counts in the signal `reports.reliable`.

    1. The record is known.
    2. Its mean is at least 1/2. Base rates are a few per cent, so merely beating one proves
       little: careless reporters do. Whoever is right more often than wrong is far above it.
    3. Its low bound is at least 1/4, and not below the base rate (0–1): the record itself must say
       so, not the kindness of a site's high rate towards the unknown. Up to a rate of 2/3, nobody
       whose reports were all dismissed gets there, however faded they are.
    """
    return (
        record.known and record.mean >= RELIABLE_MEAN and record.low >= max(RELIABLE_LOW, base_rate)
    )


def beta_quantile(share: float, a: float, b: float) -> float:
    """The x with `incomplete_beta(x, a, b)` = `share`, to about ten digits (or 1e-28); a, b > 0.

    Newton's steps from the mean, halving the bracket instead wherever a step would leave it.
    """
    if not 0 < share < 1 or not (a > 0 and b > 0):
        raise ValueError("a quantile needs 0 < share < 1 and a, b > 0")
    low, high, x = 0.0, 1.0, a / (a + b)
    for _ in range(_MOST_STEPS):
        excess = incomplete_beta(x, a, b) - share
        low, high = (low, x) if excess > 0 else (x, high)
        step = excess / max(_beta_density(x, a, b), _SMALLEST)
        nearer = x - step if low < x - step < high else (low + high) / 2
        if abs(nearer - x) <= _PRECISION * max(x, _PRECISION):
            return nearer
        x = nearer
    return x


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): P(X ≤ x) for X ~ Beta(a, b).

    Continued fraction of DLMF 8.17.22, evaluated by Lentz's method; beyond the mode through the
    symmetry I_x(a, b) = 1 − I_{1−x}(b, a), where it converges fast.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    # x·density/a is x^a (1−x)^(b−1) / (a·B(a, b)); the fraction's factor has (1−x)^b.
    return x * (1 - x) * _beta_density(x, a, b) / a * _continued_fraction(x, a, b)


def _beta_density(x: float, a: float, b: float) -> float:
    if not 0 < x < 1:
        return 0.0
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return math.exp((a - 1) * math.log(x) + (b - 1) * math.log1p(-x) - log_beta)


def _continued_fraction(x: float, a: float, b: float) -> float:
    """1/(1+ d₁/(1+ d₂/(1+ …))) with the coefficients d of the source named above."""
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _off_zero(1 + term * d)
            c = _off_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _PRECISION:
            return value
    return value


def _off_zero(number: float) -> float:
    return number if abs(number) > _SMALLEST else _SMALLEST


def _at_most(part: float, whole: float) -> float:
    """`part`, cut to `whole`: it may be larger by rounding only."""
    if not 0 <= part <= whole + _ROUNDING:
        raise ValueError("a part of the reports is negative or larger than the whole")
    return min(part, whole)
