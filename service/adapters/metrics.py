"""What Prometheus can ask: counters and times of every process, gauges from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, disable_created_metrics, generate_latest

from service.adapters.instruments import COUNTERS, HISTOGRAMS, Instruments
from service.adapters.metrics_folder import folder_registry, shared_instruments
from service.adapters.metrics_page import GaugeValues, readings

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OTHER = "other"
# Names a site makes up in its own guideline file, and how many of them a process tells apart;
# what comes after those is counted as `other`.
NAMES_TOLD_APART: Mapping[str, int] = {"rule": 200, "guideline": 100, "queue": 50}

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Counters and histograms of this process, and the page that Prometheus reads.

    With a folder, every process of the installation on this machine writes to a file of its own
    there and any of them renders the sum (prometheus_client's multiprocess mode). Without one the
    numbers are those of this object alone. A process uses one of the two ways, not both.
    """

    def __init__(self, metrics_dir: str = "") -> None:
        """Args: metrics_dir: a folder that exists and was emptied at start; '' for one process."""
        self._folder = metrics_dir
        self._instruments = shared_instruments(metrics_dir) if metrics_dir else Instruments()

    def record_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request; `route` is the rule with its placeholders, never the path."""
        method = method if method in _METHODS else OTHER
        self._count("parley_http_requests_total", method, route, str(status))
        self._observe("parley_http_seconds", seconds, method, route)

    def record_comment(self, status: str) -> None:
        """A comment came into this status."""
        self._count("parley_comments_total", status)

    def record_decision(self, action: str, rules: Iterable[str]) -> None:
        """An action was taken; one count for each rule that fired, or for rule `none`."""
        for rule in list(rules) or ["none"]:
            self._count("parley_decisions_total", action, rule)

    def record_rule_match(self, rule: str, mode: str) -> None:
        """A rule's condition held; `mode` is `enforce` or `shadow`."""
        self._count("parley_rule_matches_total", rule, mode)

    def record_rule_unknown(self, rule: str) -> None:
        """A rule could not be evaluated, because a signal it asks for was missing."""
        self._count("parley_rule_unknowns_total", rule)

    def record_time_to_decision(self, seconds: float) -> None:
        """From the moment a comment was stored to its automated decision."""
        self._observe("parley_decision_seconds", seconds)

    def record_time_to_review(self, seconds: float) -> None:
        """From the moment an item was queued to a person's decision on it."""
        self._observe("parley_review_seconds", seconds)

    def record_scoring(self, seconds: float, batch_size: int) -> None:
        """One batch went through the scorers."""
        self._observe("parley_scoring_seconds", seconds)
        self._observe("parley_scoring_batch_size", batch_size)

    def record_unscored(self, count: int = 1) -> None:
        """Comments were held because no score could be had."""
        self._count("parley_unscored_total", by=count)

    def record_report(self, guideline: str) -> None:
        """A reader reported a comment for the first time, naming this guideline."""
        self._count("parley_reports_total", guideline)

    def record_report_outcome(self, guideline: str, outcome: str) -> None:
        """A report was closed: upheld, dismissed or invalidated."""
        self._count("parley_report_outcomes_total", guideline, outcome)

    def record_claim(self, outcome: str) -> None:
        """A review item was claimed, released, expired, skipped or lost."""
        self._count("parley_claims_total", outcome)

    def record_overturn(self, source: str) -> None:
        """A decision was overturned: by appeal, reversal or qa."""
        self._count("parley_overturns_total", source)

    def record_sla_breach(self, queue: str) -> None:
        """An item of this queue was not decided in time."""
        self._count("parley_sla_breaches_total", queue)

    def record_nudge(self, outcome: str) -> None:
        """An author was asked to think again, or answered: kept, edited, withdrawn, expired."""
        self._count("parley_nudges_total", outcome)

    def record_drift(self, change: str) -> None:
        """A thread left its article or returned to it."""
        self._count("parley_drift_changes_total", change)

    def record_webhook(self, outcome: str) -> None:
        """A delivery was attempted: delivered, failed, refused, disabled, skipped."""
        self._count("parley_webhooks_total", outcome)

    def record_digest(self, outcome: str) -> None:
        """An e-mail digest was sent, failed or refused."""
        self._count("parley_digests_total", outcome)

    def record_live(self, outcome: str) -> None:
        """A live update was sent or failed."""
        self._count("parley_live_publishes_total", outcome)

    def record_rate_limited(self, limit: str) -> None:
        """A request was refused by the named limit."""
        self._count("parley_rate_limited_total", limit)

    def record_limiter_degraded(self) -> None:
        """A limit was checked in this process's memory because Redis did not answer."""
        self._count("parley_limiter_degraded_total")

    def record_queue_send_failure(self, task: str) -> None:
        """A job could not be handed to the queue; the sweep will send it later."""
        self._count("parley_queue_send_failures_total", task)

    def record_article_fetch(self, outcome: str) -> None:
        """An article was fetched (`ok`) or not (the code of the FetchError)."""
        self._count("parley_article_fetches_total", outcome)

    def record_task(self, task: str, state: str, seconds: float) -> None:
        """A worker finished a task: success, failure, retry, or what else Celery calls it."""
        self._count("parley_tasks_total", task, state)
        self._observe("parley_task_seconds", seconds, task)

    def record_task_timeout(self, task: str) -> None:
        """A task was killed over its time limit, with the process that carried it out."""
        self._count("parley_tasks_total", task, "timeout")

    def record_connections(self, change: int) -> None:
        """This process took (1) a connection from its pool, or gave it back (-1)."""
        self._instruments.gauges["parley_database_connections"].inc(change)

    def record_connection_limit(self, most: int) -> None:
        """How many connections this process may hold."""
        self._instruments.gauges["parley_database_connections_limit"].set(most)

    def record_beat(self, task: str, at: float) -> None:
        """Beat sent a task at this moment, in seconds since 1970."""
        self._count("parley_beat_sent_total", task)
        self._instruments.gauges["parley_beat_last_tick_timestamp_seconds"].set(at)

    def render(self, extra_gauges: Mapping[str, GaugeValues] | None = None) -> bytes:
        """The page in Prometheus' text format (CONTENT_TYPE).

        Args:
            extra_gauges: name of GAUGES → pairs of labels and value.

        Raises:
            ValueError: a name or a label that GAUGES does not list.
        """
        counted = generate_latest(self._registry())
        return counted + generate_latest(readings(extra_gauges or {}))

    def _registry(self) -> CollectorRegistry:
        return folder_registry(self._folder) if self._folder else self._instruments.registry

    def _count(self, name: str, *given: str, by: float = 1) -> None:
        counter = self._instruments.counters[name]
        if given:
            counter = counter.labels(*self._bounded(COUNTERS[name].labels, given))
        counter.inc(by)

    def _observe(self, name: str, value: float, *given: str) -> None:
        histogram = self._instruments.histograms[name]
        if given:
            histogram = histogram.labels(*self._bounded(HISTOGRAMS[name].labels, given))
        histogram.observe(value)

    def _bounded(self, labels: Iterable[str], given: Iterable[str]) -> list[str]:
        return [self._told_apart(*pair) for pair in zip(labels, given, strict=True)]

    def _told_apart(self, label: str, name: str) -> str:
        most = NAMES_TOLD_APART.get(label)
        if most is None:
            return name
        seen = self._instruments.names_seen.setdefault(label, set())
        if name in seen:
            return name
        if len(seen) >= most:
            return OTHER
        seen.add(name)
        return name


disable_created_metrics()  # type: ignore[no-untyped-call]  # one more series for each counter, of no use here
