"""What the live process counts, as Prometheus reads it: plain numbers of one process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class LiveCounts(Collector):
    """Kept here and not in prometheus_client's counters: those would write into the folder that
    the processes of a machine share, and turn up on the API's page as well.
    """

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.cut = 0
        self.refused: Counter[str] = Counter()
        self.resumed: Counter[str] = Counter()
        self.listeners: Callable[[], int] = lambda: 0

    def collect(self) -> Iterator[Metric]:
        """The families, with the values of this moment."""
        yield GaugeMetricFamily(
            "parley_live_listeners", "Open streams of this process.", value=self.listeners()
        )
        for name, text, label, counts in (
            ("parley_live_sent", "Messages to listeners, by event.", "event", self.sent),
            ("parley_live_dropped", "News nobody was told of, by reason.", "reason", self.dropped),
            ("parley_live_refused", "Listeners refused, by limit.", "limit", self.refused),
            ("parley_live_resumed", "Listeners back from a break.", "outcome", self.resumed),
        ):
            family = CounterMetricFamily(name, text, labels=[label])
            for value, count in sorted(counts.items()):
                family.add_metric([value], count)
            yield family
        yield CounterMetricFamily("parley_live_cut", "Listeners too slow to keep.", value=self.cut)

    def page(self) -> bytes:
        """The page in Prometheus' text format."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)
