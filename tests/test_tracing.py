"""Traces: one for a comment's whole way, over a real collector's protocol, without a text in it."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, cast

import pytest
from celery import Celery
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from config.settings import Settings, SettingsError
from service.adapters import tracing as switch
from service.adapters.queue import QueueNames, TaskNames, celery_config, celery_url
from service.adapters.redis_client import connect
from service.adapters.tracing import start_tracing, stop_tracing
from service.app import create_app
from service.bootstrap import make_api, make_parts
from service.domain.guideline import Policy
from service.usecases.context import Context
from service.usecases.score_comments import score_comments
from tests.makers import FixedEngine, Makers, bearer, reader_token
from workers.task_origin import follow_requests
from workers.traced_engine import TracedEngine

SAID = "The ferry could sail until eleven on Fridays, when the hotels are full."
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Collector(HTTPServer):
    """Takes spans as a collector does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.spans: list[Any] = []
        self.raw = b""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Receiver(BaseHTTPRequestHandler):
    """One export."""

    def do_POST(self) -> None:
        collector = cast(Collector, self.server)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert self.path == "/v1/traces"
        collector.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                collector.spans.extend(scope.spans)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        stop_tracing()
        running.shutdown()
        thread.join()


@pytest.fixture
def traced(
    collector: Collector, settings: Settings, policy: Policy, shared: Context
) -> Iterator[Any]:
    """A client of an API that sends traces, with what it committed taken away afterwards."""
    known = replace(settings, otel_endpoint=collector.address)
    parts = make_parts(known, policy=policy)
    connect(settings.redis_url).flushdb()
    Makers(shared).site()
    yield create_app(known, make_api(known, parts)).test_client()
    parts.engine.dispose()


def job_of(redis_url: str) -> Any:
    """The message in the queue that has workers score."""
    app = Celery(set_as_current=False)
    app.conf.update(celery_config(), broker_url=celery_url(redis_url))
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue(QueueNames.SCORING)
        while True:
            message = queue.get(timeout=5)
            message.ack()
            if message.headers["task"] == TaskNames.SCORE_PENDING:
                queue.close()
                return message


def work_off(message: Any, ctx: Context) -> None:
    """Do the job as a worker does it: the task, its signals, and the message's own headers."""
    tracing = switch.tracing()
    assert tracing is not None
    app = Celery(set_as_current=False)
    follow_requests()

    @app.task(name=TaskNames.SCORE_PENDING)
    def score() -> None:
        score_comments(ctx, TracedEngine(FixedEngine(), tracing))

    assert score.apply(headers=dict(message.headers)).successful()


def test_a_comments_way_is_one_trace_across_api_and_worker(
    traced: Any, shared: Context, settings: Settings, collector: Collector
) -> None:
    make = Makers(shared)
    article = make.article(make.site()).key
    answer = traced.post(
        f"/api/v1/articles/{article}/comments",
        json={"body": SAID},
        headers={**bearer(reader_token()), "traceparent": CALLER, "X-Request-ID": "walk"},
    )
    assert answer.status_code == 202
    message = job_of(settings.redis_url)
    assert message.headers["traceparent"].split("-")[1] == CALLER.split("-")[1]
    work_off(message, shared)
    stop_tracing()

    ours = [span for span in collector.spans if span.trace_id.hex() == CALLER.split("-")[1]]
    names = Counter(span.name for span in ours)
    route = "POST /api/v1/articles/<article_key:key>/comments"
    assert (names[route], names["task score_pending"], names["score batch"]) == (1, 1, 1)
    assert names["INSERT"] >= 3  # the comment; its scores; its decision
    assert names["UPDATE"] >= 1

    by_name = {span.name: span for span in ours}
    assert by_name[route].parent_span_id.hex() == CALLER.split("-")[2]
    assert by_name["task score_pending"].parent_span_id == by_name[route].span_id
    assert by_name["score batch"].parent_span_id == by_name["task score_pending"].span_id
    facts = {fact.key: fact.value for fact in by_name[route].attributes}
    assert facts["http.response.status_code"].int_value == 202
    assert facts["parley.request_id"].string_value == "walk"
    assert b"ferry" not in collector.raw.lower()
    assert b"Ann" not in collector.raw


def test_what_fails_is_marked_by_its_kind_alone(traced: Any, collector: Collector) -> None:
    tracing = switch.tracing()
    assert tracing is not None
    with pytest.raises(ValueError, match="ferry"), tracing.span("settle"):
        raise ValueError(SAID)
    stop_tracing()
    (span,) = [span for span in collector.spans if span.name == "settle"]
    assert span.status.message == "ValueError"
    assert b"ferry" not in collector.raw.lower()


def test_statements_outside_of_a_trace_are_not_sent(
    traced: Any, shared: Context, collector: Collector
) -> None:
    score_comments(shared, FixedEngine())
    stop_tracing()
    assert collector.spans == []


def test_a_collector_that_is_away_stops_nothing(settings: Settings) -> None:
    tracing = start_tracing(replace(settings, otel_endpoint="http://127.0.0.1:9"), "test")
    assert tracing is not None
    with tracing.span("lost"):
        pass
    stop_tracing()
    assert switch.tracing() is None


def test_the_variable_of_all_programs_is_taken_too(
    settings: Settings, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"{collector.address}/")
    tracing = start_tracing(settings, "test")
    assert tracing is not None
    with tracing.span("found"):
        pass
    stop_tracing()
    assert [span.name for span in collector.spans] == ["found"]


def test_without_its_packages_ours_is_refused_and_the_common_one_only_logged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("service.adapters.tracing.import_module", missing)
    with pytest.raises(SettingsError, match=r"PARLEY_OTEL_ENDPOINT needs .*tracing\.txt"):
        start_tracing(replace(settings, otel_endpoint="http://127.0.0.1:9"), "test")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    assert start_tracing(settings, "test") is None
    assert "requirements/tracing.txt" in caplog.text


def test_while_it_is_off_nothing_of_it_is_loaded_or_needed() -> None:
    program = (
        "import sys; sys.modules['opentelemetry'] = None;"
        "import service.app, workers.task_origin;"
        "print('service.adapters.tracing_otel' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
