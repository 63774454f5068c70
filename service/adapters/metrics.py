"""What Prometheus can ask: counters and times of every process, gauges from the database."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
    values,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Name of a gauge → (its help, its labels). Their values are read from the database when asked for.
GAUGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "parley_comments": ("Comments by their status.", ("status",)),
    "parley_queue_depth": ("Jobs or items that wait, by queue.", ("queue",)),
    "parley_oldest_pending_seconds": ("Age of the oldest comment not yet decided.", ()),
    "parley_model_info": ("Models in use; always 1.", ("task", "name", "version")),
}

GaugeValues = Sequence[tuple[Mapping[str, str], float]]

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_SCORING_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_DECISION_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
_BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """Counters and histograms of this process, and the page that Prometheus reads.

    With a folder, every process of the installation on this machine writes to a file of its own
    there and any of them renders the sum (prometheus_client's multiprocess mode). Without one the
    numbers are those of this object alone. A process uses one of the two ways, not both.
    """

    def __init__(self, metrics_dir: str = "") -> None:
        """Args: metrics_dir: a folder that exists and was emptied at start; '' for one process."""
        self._folder = metrics_dir
        self._instruments = _shared_instruments(metrics_dir) if metrics_dir else _Instruments.make()

    def record_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request; `route` is the rule with its placeholders, never the path."""
        method = method if method in _METHODS else "other"
        self._instruments.requests.labels(method, route, str(status)).inc()
        self._instruments.request_seconds.labels(method, route).observe(seconds)

    def record_comment(self, status: str) -> None:
        """A comment came into this status."""
        self._instruments.comments.labels(status).inc()

    def record_decision(self, action: str, rules: Iterable[str]) -> None:
        """An action was taken; one count for each rule that fired, or for rule `none`."""
        for rule in list(rules) or ["none"]:
            self._instruments.decisions.labels(action, rule).inc()

    def record_time_to_decision(self, seconds: float) -> None:
        """From the moment a comment was stored to its automated decision."""
        self._instruments.decision_seconds.observe(seconds)

    def record_scoring(self, seconds: float, batch_size: int) -> None:
        """One batch went through the scorers."""
        self._instruments.scoring_seconds.observe(seconds)
        self._instruments.scoring_batch_size.observe(batch_size)

    def record_unscored(self, count: int = 1) -> None:
        """Comments were held because no score could be had."""
        self._instruments.unscored.inc(count)

    def record_sla_breach(self, queue: str) -> None:
        """An item of this queue was not decided in time."""
        self._instruments.sla_breaches.labels(queue).inc()

    def record_rate_limited(self, limit: str) -> None:
        """A request was refused by the named limit."""
        self._instruments.rate_limited.labels(limit).inc()

    def record_limiter_degraded(self) -> None:
        """A limit was checked in this process's memory because Redis did not answer."""
        self._instruments.limiter_degraded.inc()

    def record_queue_send_failure(self, task: str) -> None:
        """A job could not be handed to the queue; the sweep will send it later."""
        self._instruments.queue_send_failures.labels(task).inc()

    def record_article_fetch(self, outcome: str) -> None:
        """An article was fetched (`ok`) or not (the code of the FetchError)."""
        self._instruments.article_fetches.labels(outcome).inc()

    def render(self, extra_gauges: Mapping[str, GaugeValues] | None = None) -> bytes:
        """The page in Prometheus' text format (CONTENT_TYPE).

        Args:
            extra_gauges: name of GAUGES → pairs of labels and value.

        Raises:
            ValueError: a name or a label that GAUGES does not list.
        """
        if self._folder:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=self._folder)  # type: ignore[no-untyped-call]
        else:
            registry = self._instruments.registry
        page = generate_latest(registry)
        return page + generate_latest(_Gauges(extra_gauges or {}).registry())


def serve_metrics(port: int, metrics_dir: str) -> None:
    """Answer Prometheus on a port of its own, in a thread: for workers, which serve no HTTP.

    The numbers are the sum of all processes that share `metrics_dir`.
    """
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=metrics_dir)  # type: ignore[no-untyped-call]
    start_http_server(port, registry=registry)


@dataclass(frozen=True, slots=True)
class _Instruments:
    """The counters and histograms, all in one registry."""

    registry: CollectorRegistry
    requests: Counter
    request_seconds: Histogram
    comments: Counter
    decisions: Counter
    decision_seconds: Histogram
    scoring_seconds: Histogram
    scoring_batch_size: Histogram
    unscored: Counter
    sla_breaches: Counter
    rate_limited: Counter
    limiter_degraded: Counter
    queue_send_failures: Counter
    article_fetches: Counter

    @classmethod
    def make(cls) -> _Instruments:
        registry = CollectorRegistry()

        def counter(name: str, text: str, labels: Sequence[str] = ()) -> Counter:
            return Counter(name, text, labels, registry=registry)

        def histogram(
            name: str, text: str, buckets: Sequence[float], labels: Sequence[str] = ()
        ) -> Histogram:
            return Histogram(name, text, labels, buckets=buckets, registry=registry)

        return cls(
            registry=registry,
            requests=counter(
                "parley_http_requests_total", "Requests.", ["method", "route", "status"]
            ),
            request_seconds=histogram(
                "parley_http_seconds", "Time to answer.", _REQUEST_SECONDS, ["method", "route"]
            ),
            comments=counter("parley_comments_total", "Changes of status.", ["status"]),
            decisions=counter("parley_decisions_total", "Decisions.", ["action", "rule"]),
            decision_seconds=histogram(
                "parley_decision_seconds", "From stored to decided.", _DECISION_SECONDS
            ),
            scoring_seconds=histogram(
                "parley_scoring_seconds", "Time of one scored batch.", _SCORING_SECONDS
            ),
            scoring_batch_size=histogram(
                "parley_scoring_batch_size", "Comments in one scored batch.", _BATCH_SIZES
            ),
            unscored=counter("parley_unscored_total", "Comments held without a score."),
            sla_breaches=counter(
                "parley_sla_breaches_total", "Review items not decided in time.", ("queue",)
            ),
            rate_limited=counter("parley_rate_limited_total", "Requests refused.", ["limit"]),
            limiter_degraded=counter(
                "parley_limiter_degraded_total", "Limits checked without Redis."
            ),
            queue_send_failures=counter(
                "parley_queue_send_failures_total", "Jobs not handed over.", ["task"]
            ),
            article_fetches=counter(
                "parley_article_fetches_total", "Articles fetched, by outcome.", ["outcome"]
            ),
        )


@lru_cache
def _shared_instruments(metrics_dir: str) -> _Instruments:
    """The instruments of one folder, made once: two writers to one file would overwrite each other.

    prometheus_client chooses between memory and files when it is imported, from an environment
    variable. Ours comes from the settings, so the choice is made again here. It holds for the
    whole process, because each new combination of labels asks for it again.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_dir
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    return _Instruments.make()


class _Gauges(Collector):
    """Readings that were taken for one rendering."""

    def __init__(self, readings: Mapping[str, GaugeValues]) -> None:
        self._families = [self._family(name, found) for name, found in readings.items()]

    def registry(self) -> CollectorRegistry:
        registry = CollectorRegistry()
        registry.register(self)
        return registry

    def collect(self) -> Iterator[Metric]:
        yield from self._families

    @staticmethod
    def _family(name: str, found: GaugeValues) -> Metric:
        if name not in GAUGES:
            raise ValueError(f"{name} is not a gauge of Parley")
        text, labels = GAUGES[name]
        family = GaugeMetricFamily(name, text, labels=labels)
        for given, value in found:
            if set(given) != set(labels):
                raise ValueError(f"{name} takes the labels {labels}, not {tuple(given)}")
            family.add_metric([given[label] for label in labels], value)
        return family


disable_created_metrics()  # type: ignore[no-untyped-call]  # one more series for each counter, of no use here
