"""The values of prometheus_client's files as metrics.

prometheus_client's own reader takes each file apart by itself, which for ten processes is ten times
the work: here the files are added up first.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from prometheus_client.core import Metric

# More than the series there can be: each is taken apart once in the life of a process.
KEYS_KEPT = 20_000
BUCKET = "le"


class _Key(NamedTuple):
    """A key taken apart: the metric, the sample, its labels, the help text."""

    metric: str
    sample: str
    labels: Mapping[str, str]
    text: str


def families(kind: str, values: Mapping[str, float]) -> Iterable[Metric]:
    """Metrics of one kind (`counter`, `gauge`, `histogram`) from values by key."""
    found: dict[str, Metric] = {}
    buckets: dict[str, list[tuple[Mapping[str, str], float]]] = defaultdict(list)
    for raw, value in values.items():
        key = _parsed(raw)
        family = found.setdefault(key.metric, Metric(key.metric, key.text, kind))
        if BUCKET in key.labels:
            buckets[key.metric].append((key.labels, value))
        else:
            family.add_sample(key.sample, dict(key.labels), value)
    for metric, counted in buckets.items():
        _add_buckets(found[metric], counted)
    return found.values()


@lru_cache(KEYS_KEPT)
def _parsed(key: str) -> _Key:
    return _Key(*json.loads(key))


def _add_buckets(family: Metric, counted: Iterable[tuple[Mapping[str, str], float]]) -> None:
    """Each process counts an observation in one bucket; on the page a bucket has all below it."""
    by_labels: dict[tuple[tuple[str, str], ...], dict[str, float]] = defaultdict(dict)
    for labels, count in counted:
        others = tuple((name, value) for name, value in labels.items() if name != BUCKET)
        by_labels[others][labels[BUCKET]] = count
    for others, counts in by_labels.items():
        bounds = sorted(counts, key=float)
        total = 0.0
        for bound, total in zip(bounds, accumulate(counts[b] for b in bounds), strict=True):
            family.add_sample(f"{family.name}_bucket", {**dict(others), BUCKET: bound}, total)
        family.add_sample(f"{family.name}_count", dict(others), total)
