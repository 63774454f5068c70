"""Readings of the moment, such as counts from the database, as metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.adapters.instruments import GAUGES

GaugeValues = Sequence[tuple[Mapping[str, str], float]]


def readings(given: Mapping[str, GaugeValues]) -> CollectorRegistry:
    """A registry of gauges with these values, by name.

    Raises:
        ValueError: a name or a label that GAUGES does not list.
    """
    registry = CollectorRegistry()
    registry.register(_Readings(given))
    return registry


class _Readings(Collector):
    def __init__(self, given: Mapping[str, GaugeValues]) -> None:
        self._families = [_family(name, found) for name, found in given.items()]

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def _family(name: str, found: GaugeValues) -> Metric:
    if name not in GAUGES:
        raise ValueError(f"{name} is not a gauge of Parley")
    labels = GAUGES[name].labels
    family = GaugeMetricFamily(name, GAUGES[name].text, labels=labels)
    for given, value in found:
        if set(given) != set(labels):
            raise ValueError(f"{name} takes the labels {labels}, not {tuple(given)}")
        family.add_metric([given[label] for label in labels], value)
    return family
