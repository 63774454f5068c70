"""Metrics: every record shows on the page, also from several processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.adapters.instruments import COUNTERS, HISTOGRAMS, PROCESS_GAUGES
from service.adapters.metrics import NAMES_TOLD_APART, Metrics

KINDS = ("counter", "histogram", "gauge_max", "gauge_livesum")


def samples(page: bytes) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def value(page: bytes, name: str, /, **labels: str) -> float:
    return samples(page)[name, frozenset(labels.items())]


# What use cases and adapters record → the sample it becomes.
RECORDS: dict[str, tuple[tuple[object, ...], str, dict[str, str]]] = {
    "record_comment": (("published",), "parley_comments_total", {"status": "published"}),
    "record_rule_match": (
        ("links", "shadow"),
        "parley_rule_matches_total",
        {"rule": "links", "mode": "shadow"},
    ),
    "record_rule_unknown": (("links",), "parley_rule_unknowns_total", {"rule": "links"}),
    "record_time_to_decision": ((0.6,), "parley_decision_seconds_count", {}),
    "record_time_to_review": ((600,), "parley_review_seconds_count", {}),
    "record_unscored": ((1,), "parley_unscored_total", {}),
    "record_report": (("civil",), "parley_reports_total", {"guideline": "civil"}),
    "record_report_outcome": (
        ("civil", "upheld"),
        "parley_report_outcomes_total",
        {"guideline": "civil", "outcome": "upheld"},
    ),
    "record_claim": (("expired",), "parley_claims_total", {"outcome": "expired"}),
    "record_overturn": (("appeal",), "parley_overturns_total", {"source": "appeal"}),
    "record_sla_breach": (("toxic",), "parley_sla_breaches_total", {"queue": "toxic"}),
    "record_nudge": (("kept",), "parley_nudges_total", {"outcome": "kept"}),
    "record_drift": (("left",), "parley_drift_changes_total", {"change": "left"}),
    "record_webhook": (("failed",), "parley_webhooks_total", {"outcome": "failed"}),
    "record_digest": (("sent",), "parley_digests_total", {"outcome": "sent"}),
    "record_live": (("failed",), "parley_live_publishes_total", {"outcome": "failed"}),
    "record_rate_limited": (("comment",), "parley_rate_limited_total", {"limit": "comment"}),
    "record_limiter_degraded": ((), "parley_limiter_degraded_total", {}),
    "record_queue_send_failure": (
        ("sweep",),
        "parley_queue_send_failures_total",
        {"task": "sweep"},
    ),
    "record_article_fetch": (("ok",), "parley_article_fetches_total", {"outcome": "ok"}),
    "record_task_timeout": (
        ("sweep",),
        "parley_tasks_total",
        {"task": "sweep", "state": "timeout"},
    ),
    "record_beat": (("sweep", 5.0), "parley_beat_sent_total", {"task": "sweep"}),
    "record_connections": ((1,), "parley_database_connections", {}),
}


@pytest.mark.parametrize("method", RECORDS)
def test_every_kind_of_record_shows_on_the_page(method: str) -> None:
    given, name, labels = RECORDS[method]
    metrics = Metrics()
    getattr(metrics, method)(*given)
    assert value(metrics.render(), name, **labels) == 1


def test_no_metric_is_without_a_record() -> None:
    named = {name.removesuffix("_count") for _, name, _ in RECORDS.values()}
    assert {*COUNTERS, *HISTOGRAMS, *PROCESS_GAUGES} - named == {
        "parley_http_requests_total",
        "parley_http_seconds",
        "parley_decisions_total",
        "parley_scoring_seconds",
        "parley_scoring_batch_size",
        "parley_task_seconds",
        "parley_beat_last_tick_timestamp_seconds",
        "parley_database_connections_limit",
    }, "the others of this list have tests of their own"


def test_what_is_measured_shows_by_size() -> None:
    metrics, route = Metrics(), "/articles/{key}"
    metrics.record_request("GET", route, 200, 0.004)
    metrics.record_scoring(0.2, 17)
    metrics.record_task("sweep", "success", 1.5)
    metrics.record_beat("sweep", 1_700_000_000.0)
    metrics.record_connection_limit(10)
    page = metrics.render()
    assert value(page, "parley_http_requests_total", method="GET", route=route, status="200") == 1
    assert value(page, "parley_http_seconds_bucket", method="GET", route=route, le="0.005") == 1
    assert value(page, "parley_http_seconds_bucket", method="GET", route=route, le="0.002") == 0
    assert value(page, "parley_scoring_seconds_count") == 1
    assert value(page, "parley_scoring_batch_size_sum") == 17
    assert value(page, "parley_task_seconds_sum", task="sweep") == 1.5
    assert value(page, "parley_tasks_total", task="sweep", state="success") == 1
    assert value(page, "parley_beat_last_tick_timestamp_seconds") == 1_700_000_000
    assert value(page, "parley_database_connections_limit") == 10


def test_a_decision_counts_for_each_rule_that_matched() -> None:
    metrics = Metrics()
    metrics.record_decision("hold", ["toxic", "links"])
    metrics.record_decision("publish", [])
    page = metrics.render()
    assert value(page, "parley_decisions_total", action="hold", rule="links") == 1
    assert value(page, "parley_decisions_total", action="hold", rule="toxic") == 1
    assert value(page, "parley_decisions_total", action="publish", rule="none") == 1


def test_of_names_that_sites_make_up_only_so_many_are_told_apart() -> None:
    metrics, most = Metrics(), NAMES_TOLD_APART["rule"]
    for number in range(most + 5):
        metrics.record_rule_unknown(f"rule-{number}")
    metrics.record_decision("hold", ["rule-1", "one-more"])
    page = metrics.render()
    assert value(page, "parley_rule_unknowns_total", rule="other") == 5
    assert value(page, "parley_decisions_total", action="hold", rule="rule-1") == 1
    assert value(page, "parley_decisions_total", action="hold", rule="other") == 1


def test_an_invented_method_does_not_make_a_series_of_its_own() -> None:
    metrics = Metrics()
    metrics.record_request("BREW", "/x", 405, 0.001)
    page = metrics.render()
    assert value(page, "parley_http_requests_total", method="other", route="/x", status="405") == 1


def test_two_objects_of_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.record_unscored()
    assert value(other.render(), "parley_unscored_total") == 0


def test_gauges_are_rendered_as_given() -> None:
    model = {"task": "toxicity", "name": "compact", "version": "1"}
    page = Metrics().render(
        {
            "parley_queue_depth": [({"queue": "scoring"}, 2)],
            "parley_queue_oldest_seconds": [({"queue": "scoring"}, 1.5)],
            "parley_oldest_pending_seconds": [({}, 1.5)],
            "parley_model_info": [(model, 1)],
        }
    )
    assert value(page, "parley_queue_depth", queue="scoring") == 2
    assert value(page, "parley_oldest_pending_seconds") == 1.5
    assert value(page, "parley_model_info", **model) == 1


def test_an_unknown_gauge_or_label_is_an_error() -> None:
    with pytest.raises(ValueError, match="parley_moods"):
        Metrics().render({"parley_moods": [({}, 1)]})
    with pytest.raises(ValueError, match="labels"):
        Metrics().render({"parley_queue_depth": [({"state": "x"}, 1)]})


def _record_in_a_process(folder: str, comments: int, die: bool) -> None:
    metrics = Metrics(folder)
    for _ in range(comments):
        metrics.record_comment("published")
        metrics.record_scoring(0.2, 17)
    Metrics(folder).record_comment("published")  # a second object of the process adds to the same
    metrics.record_connections(3)
    metrics.record_beat("sweep", float(comments))
    if die:
        os.kill(os.getpid(), signal.SIGKILL)


def _render_in_a_process(folder: str, page: Path) -> None:
    metrics = Metrics(folder)
    metrics.record_connections(1)
    for _ in range(2):  # once as it finds the folder, once as it leaves it
        page.write_bytes(metrics.render({"parley_oldest_pending_seconds": [({}, 4)]}))


def test_processes_that_share_a_folder_are_summed_and_the_dead_ones_kept_in_one_file(
    tmp_path: Path,
) -> None:
    # Spawned: the choice between memory and files holds for a whole process.
    spawn = multiprocessing.get_context("spawn")
    folder, page = tmp_path / "metrics", tmp_path / "page"
    folder.mkdir()
    for comments, die in ((5, True), (2, False)):
        process = spawn.Process(target=_record_in_a_process, args=(str(folder), comments, die))
        process.start()
        process.join()
        assert process.exitcode == (-signal.SIGKILL if die else 0)
    (folder / "counter_999999999.db").touch()  # it died before it wrote
    process = spawn.Process(target=_render_in_a_process, args=(str(folder), page))
    process.start()
    process.join()
    found = page.read_bytes()
    assert value(found, "parley_comments_total", status="published") == 9
    assert value(found, "parley_scoring_batch_size_bucket", le="32.0") == 7
    assert value(found, "parley_scoring_batch_size_count") == 7
    assert value(found, "parley_oldest_pending_seconds") == 4
    assert value(found, "parley_beat_last_tick_timestamp_seconds") == 5
    assert value(found, "parley_database_connections") == 1, "the dead hold none"
    kept = {path.name for path in folder.glob("*.db")}
    mine = {f"{kind}_{process.pid}.db" for kind in KINDS}
    assert kept - mine == {"counter_0.db", "histogram_0.db", "gauge_max_0.db"}
