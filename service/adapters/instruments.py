"""The table of what is counted and measured: names, help, labels. docs/metrics.md explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
TASK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
DECISION_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
REVIEW_SECONDS = (30, 60, 300, 900, 1800, 3600, 4 * 3600, 12 * 3600, 86_400, 3 * 86_400)
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One metric. `buckets` make it a histogram; `merge` says how processes add up to one gauge."""

    text: str
    labels: tuple[str, ...] = ()
    buckets: Sequence[float] = ()
    merge: str = ""


COUNTERS: Mapping[str, Instrument] = {
    "parley_http_requests_total": Instrument("Requests.", ("method", "route", "status")),
    "parley_comments_total": Instrument("Comments that came into a status.", ("status",)),
    "parley_decisions_total": Instrument("Decisions, by matched rule.", ("action", "rule")),
    "parley_rule_matches_total": Instrument("Rules that matched.", ("rule", "mode")),
    "parley_rule_unknowns_total": Instrument("Rules that lacked a signal.", ("rule",)),
    "parley_unscored_total": Instrument("Comments held without a score."),
    "parley_reports_total": Instrument("Reports received.", ("guideline",)),
    "parley_report_outcomes_total": Instrument("Reports closed.", ("guideline", "outcome")),
    "parley_claims_total": Instrument("What became of claims on review items.", ("outcome",)),
    "parley_overturns_total": Instrument("Decisions overturned.", ("source",)),
    "parley_sla_breaches_total": Instrument("Review items not decided in time.", ("queue",)),
    "parley_nudges_total": Instrument("Authors asked to think again.", ("outcome",)),
    "parley_drift_changes_total": Instrument("Threads that left or returned.", ("change",)),
    "parley_webhooks_total": Instrument("Attempts to deliver a webhook.", ("outcome",)),
    "parley_digests_total": Instrument("E-mail digests.", ("outcome",)),
    "parley_live_publishes_total": Instrument("Live updates handed to Redis.", ("outcome",)),
    "parley_rate_limited_total": Instrument("Requests refused by a limit.", ("limit",)),
    "parley_limiter_degraded_total": Instrument("Limits checked without Redis."),
    "parley_queue_send_failures_total": Instrument("Jobs not handed over.", ("task",)),
    "parley_article_fetches_total": Instrument("Articles fetched, by outcome.", ("outcome",)),
    "parley_tasks_total": Instrument("Tasks that workers finished.", ("task", "state")),
    "parley_beat_sent_total": Instrument("Tasks that beat sent.", ("task",)),
}

HISTOGRAMS: Mapping[str, Instrument] = {
    "parley_http_seconds": Instrument("Time to answer.", ("method", "route"), REQUEST_SECONDS),
    "parley_decision_seconds": Instrument(
        "From stored to decided by a machine.", (), DECISION_SECONDS
    ),
    "parley_review_seconds": Instrument("From queued to decided by a person.", (), REVIEW_SECONDS),
    "parley_scoring_seconds": Instrument("Time of one scored batch.", (), TASK_SECONDS),
    "parley_scoring_batch_size": Instrument("Comments in one scored batch.", (), BATCH_SIZES),
    "parley_task_seconds": Instrument("Time of one task.", ("task",), TASK_SECONDS),
}

# Kept by each process for itself. A process that is gone takes its `live…` share with it.
PROCESS_GAUGES: Mapping[str, Instrument] = {
    "parley_database_connections": Instrument("Connections in use now.", merge="livesum"),
    "parley_database_connections_limit": Instrument("Connections allowed.", merge="livesum"),
    "parley_beat_last_tick_timestamp_seconds": Instrument("When beat last sent.", merge="max"),
}

# Read from the database when the page is asked for.
GAUGES: Mapping[str, Instrument] = {
    "parley_build_info": Instrument("The program; always 1.", ("version", "python")),
    "parley_database_up": Instrument("Whether the database answered."),
    "parley_oldest_pending_seconds": Instrument("Age of the oldest comment not yet decided."),
    "parley_queue_depth": Instrument("What waits for a machine.", ("queue",)),
    "parley_queue_oldest_seconds": Instrument("Age of the oldest of it.", ("queue",)),
    "parley_review_queue_depth": Instrument("What waits for a moderator.", ("queue",)),
    "parley_review_queue_oldest_seconds": Instrument("Age of the oldest of it.", ("queue",)),
    "parley_review_queue_overdue": Instrument("Items past their time.", ("queue",)),
    "parley_cases_depth": Instrument("Open notices and appeals.", ("kind",)),
    "parley_cases_oldest_seconds": Instrument("Age of the oldest of them.", ("kind",)),
    "parley_cases_overdue": Instrument("Notices and appeals past their time.", ("kind",)),
    "parley_webhooks": Instrument("Webhooks by how they do.", ("state",)),
    "parley_threads_adrift": Instrument("Threads that are away from their article now."),
    "parley_scorers": Instrument("Scoring workers heard of in the last minute.", ("state",)),
    "parley_model_info": Instrument("Models in use; always 1.", ("task", "name", "version")),
    "parley_policy_info": Instrument("The installation's guidelines; always 1.", ("version",)),
    "parley_policy_own_sites": Instrument("Sites with guidelines of their own."),
    "parley_policy_problem_sites": Instrument("Sites whose own guidelines cannot be used."),
}


class Instruments:
    """Everything that one process counts and measures itself, in one registry."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.registry = registry
        self.counters = {
            name: Counter(name, one.text, one.labels, registry=registry)
            for name, one in COUNTERS.items()
        }
        self.histograms = {
            name: Histogram(name, one.text, one.labels, buckets=one.buckets, registry=registry)
            for name, one in HISTOGRAMS.items()
        }
        self.gauges = {
            name: Gauge(name, one.text, one.labels, registry=registry, multiprocess_mode=one.merge)  # type: ignore[arg-type]
            for name, one in PROCESS_GAUGES.items()
        }
        self.names_seen: dict[str, set[str]] = {}
