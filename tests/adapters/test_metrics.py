"""Metrics: every record shows on the page, also from several processes."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.adapters.metrics import Metrics


def samples(page: bytes) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def value(page: bytes, name: str, /, **labels: str) -> float:
    return samples(page)[name, frozenset(labels.items())]


def test_every_kind_of_record_shows_on_the_page() -> None:
    metrics = Metrics()
    metrics.record_request("GET", "/articles/{key}", 200, 0.004)
    metrics.record_comment("published")
    metrics.record_decision("hold", ["toxic", "links"])
    metrics.record_decision("publish", [])
    metrics.record_time_to_decision(0.6)
    metrics.record_scoring(0.2, 17)
    metrics.record_unscored(3)
    metrics.record_rate_limited("comment")
    metrics.record_limiter_degraded()
    metrics.record_queue_send_failure("sweep")
    metrics.record_article_fetch("ok")
    page = metrics.render()
    route = "/articles/{key}"
    assert value(page, "parley_http_requests_total", method="GET", route=route, status="200") == 1
    assert value(page, "parley_http_seconds_bucket", method="GET", route=route, le="0.005") == 1
    assert value(page, "parley_http_seconds_bucket", method="GET", route=route, le="0.002") == 0
    assert value(page, "parley_comments_total", status="published") == 1
    assert value(page, "parley_decisions_total", action="hold", rule="links") == 1
    assert value(page, "parley_decisions_total", action="hold", rule="toxic") == 1
    assert value(page, "parley_decisions_total", action="publish", rule="none") == 1
    assert value(page, "parley_decision_seconds_sum") == 0.6
    assert value(page, "parley_scoring_seconds_count") == 1
    assert value(page, "parley_scoring_batch_size_sum") == 17
    assert value(page, "parley_unscored_total") == 3
    assert value(page, "parley_rate_limited_total", limit="comment") == 1
    assert value(page, "parley_limiter_degraded_total") == 1
    assert value(page, "parley_queue_send_failures_total", task="sweep") == 1
    assert value(page, "parley_article_fetches_total", outcome="ok") == 1


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


def _record_in_a_process(folder: str, comments: int) -> None:
    metrics = Metrics(folder)
    for _ in range(comments):
        metrics.record_comment("published")
    Metrics(folder).record_comment("published")  # a second object of the process adds to the same


def _render_in_a_process(folder: str, page: Path) -> None:
    page.write_bytes(Metrics(folder).render({"parley_oldest_pending_seconds": [({}, 4)]}))


def test_processes_that_share_a_folder_are_summed(tmp_path: Path) -> None:
    # Spawned: the choice between memory and files holds for a whole process.
    spawn = multiprocessing.get_context("spawn")
    folder, page = tmp_path / "metrics", tmp_path / "page"
    folder.mkdir()
    for comments in (2, 5):
        process = spawn.Process(target=_record_in_a_process, args=(str(folder), comments))
        process.start()
        process.join()
        assert process.exitcode == 0
    process = spawn.Process(target=_render_in_a_process, args=(str(folder), page))
    process.start()
    process.join()
    assert value(page.read_bytes(), "parley_comments_total", status="published") == 9
    assert value(page.read_bytes(), "parley_oldest_pending_seconds") == 4
