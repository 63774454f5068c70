"""Every metric that Parley exposes, as its processes themselves say."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from service.adapters.instruments import COUNTERS, GAUGES, HISTOGRAMS, PROCESS_GAUGES
from service.live.counts import LiveCounts


def exposed() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name → its kind and labels."""
    kinds = (
        ("counter", COUNTERS),
        ("histogram", HISTOGRAMS),
        ("gauge", PROCESS_GAUGES),
        ("gauge", GAUGES),
    )
    ours = {name: (kind, one.labels) for kind, table in kinds for name, one in table.items()}
    return ours | _live()


def _live() -> dict[str, tuple[str, tuple[str, ...]]]:
    counts = LiveCounts()
    for counted in (counts.sent, counts.dropped, counts.refused, counts.resumed):
        counted["example"] += 1
    found = {}
    for family in text_string_to_metric_families(counts.page().decode()):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        found[name] = (family.type, tuple(family.samples[0].labels))
    return found
