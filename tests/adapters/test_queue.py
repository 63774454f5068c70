"""The job queue: what is sent arrives by name, and a broken Redis never harms the sender."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from service.adapters.metrics import Metrics
from service.adapters.queue import (
    NUDGE_KEY,
    ROUTES,
    JobQueue,
    QueueNames,
    TaskNames,
    celery_config,
    celery_url,
)
from service.adapters.redis_client import CircuitBreaker, connect
from tests.adapters.servers import RedisServer


def make_queue(server: RedisServer, metrics: Metrics | None = None) -> JobQueue:
    breaker = CircuitBreaker(pause_seconds=0)
    return JobQueue(server.url, connect(server.url), metrics=metrics, breaker=breaker)


def jobs(server: RedisServer, queue: str) -> list[dict[str, object]]:
    """The messages that wait in a queue, as Redis holds them."""
    raw = redis.Redis.from_url(server.url).lrange(queue, 0, -1)
    return [json.loads(message) for message in raw]


def names(server: RedisServer, queue: str) -> list[object]:
    found = []
    for job in jobs(server, queue):
        headers = job["headers"]
        assert isinstance(headers, dict)
        found.append(headers["task"])
    return found


@pytest.mark.parametrize("task", TaskNames.ALL)
def test_a_job_lands_in_the_queue_of_its_task(redis_server: RedisServer, task: str) -> None:
    assert make_queue(redis_server).send(task)
    assert names(redis_server, ROUTES[task]) == [task]


def test_a_job_carries_its_arguments_as_json(redis_server: RedisServer) -> None:
    make_queue(redis_server).send(TaskNames.INDEX_ARTICLE, "article-1")
    (job,) = jobs(redis_server, QueueNames.SCORING)
    assert job["content-type"] == "application/json"
    headers = job["headers"]
    assert isinstance(headers, dict)
    assert headers["argsrepr"] == "('article-1',)"


def test_a_task_that_does_not_exist_is_a_mistake_and_not_a_fault(
    redis_server: RedisServer,
) -> None:
    with pytest.raises(ValueError, match="no task"):
        make_queue(redis_server).send("score_everything")


def test_many_nudges_send_one_message(redis_server: RedisServer) -> None:
    queue = make_queue(redis_server)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: queue.nudge_scoring(), range(100)))
    assert names(redis_server, QueueNames.SCORING) == [TaskNames.SCORE_PENDING]


def test_a_nudge_after_a_drain_began_sends_a_new_message(redis_server: RedisServer) -> None:
    queue = make_queue(redis_server)
    queue.nudge_scoring()
    assert queue.clear_nudge()
    queue.nudge_scoring()
    assert queue.depth(QueueNames.SCORING) == 2


def test_a_nudge_that_is_lost_is_forgotten_after_five_seconds(redis_server: RedisServer) -> None:
    make_queue(redis_server).nudge_scoring()
    remaining = redis.Redis.from_url(redis_server.url).pttl(NUDGE_KEY)
    assert 0 < remaining <= 5000


def test_threads_can_send_at_once(redis_server: RedisServer) -> None:
    queue = make_queue(redis_server)
    with ThreadPoolExecutor(16) as pool:
        sent = list(pool.map(lambda n: queue.send(TaskNames.FETCH_ARTICLE, n), range(200)))
    assert all(sent)
    assert queue.depth(QueueNames.OUTBOUND) == 200


def test_a_silent_server_delays_nobody_for_ever_and_is_counted(redis_server: RedisServer) -> None:
    metrics = Metrics()
    queue = make_queue(redis_server, metrics)
    assert queue.send(TaskNames.SWEEP)
    with redis_server.frozen():
        assert not queue.send(TaskNames.SWEEP)
        assert not queue.nudge_scoring()
        assert not queue.clear_nudge()
        assert queue.depth(QueueNames.GENERAL) is None
    assert b'send_failures_total{task="sweep"} 1.0' in metrics.render()
    assert b'send_failures_total{task="score_pending"} 1.0' in metrics.render()
    assert queue.send(TaskNames.SWEEP)
    assert queue.nudge_scoring()


def test_a_server_that_falls_silent_within_a_send_is_given_up(redis_server: RedisServer) -> None:
    queue = make_queue(redis_server)
    queue.send(TaskNames.SWEEP)
    with redis_server.frozen(), pytest.raises(Exception, match="Timeout"):
        queue._publish(TaskNames.SWEEP, ())
    assert queue.send(TaskNames.SWEEP)


def test_while_the_breaker_is_open_nothing_is_asked(redis_server: RedisServer) -> None:
    breaker = CircuitBreaker(pause_seconds=600)
    queue = JobQueue(redis_server.url, connect(redis_server.url), breaker=breaker)
    breaker.trip()
    assert not queue.send(TaskNames.SWEEP)
    assert not queue.nudge_scoring()
    assert jobs(redis_server, QueueNames.GENERAL) == []


def test_a_stopped_server_is_no_error_and_a_restarted_one_is_used_again(
    redis_server: RedisServer,
) -> None:
    queue = make_queue(redis_server)
    assert queue.send(TaskNames.SWEEP)
    redis_server.stop()
    assert not queue.send(TaskNames.SWEEP)
    assert not queue.nudge_scoring()
    redis_server.start()
    assert queue.send(TaskNames.SWEEP)
    assert names(redis_server, QueueNames.GENERAL) == [TaskNames.SWEEP]


def test_every_task_has_a_queue_that_exists() -> None:
    assert set(ROUTES) == set(TaskNames.ALL)
    assert set(ROUTES.values()) == set(QueueNames.ALL)


def test_a_job_is_not_handed_out_twice_while_it_may_still_run() -> None:
    config = celery_config()
    visible_after = config["broker_transport_options"]["visibility_timeout"]
    assert visible_after > config["task_time_limit"] > config["task_soft_time_limit"]


def test_every_setting_is_one_that_celery_knows() -> None:
    from celery.app.defaults import DEFAULTS

    assert set(celery_config()) <= set(DEFAULTS)


def test_only_json_is_sent_and_accepted() -> None:
    config = celery_config()
    assert config["task_serializer"] == "json"
    assert config["accept_content"] == ["json"]


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("unix:///tmp/r.sock?db=3", "redis+socket:///tmp/r.sock?virtual_host=3"),
        ("unix:///tmp/r.sock", "redis+socket:///tmp/r.sock?virtual_host=0"),
        ("redis://user:pw@host:6379/1", "redis://user:pw@host:6379/1"),
        ("rediss://host:6379/1", "rediss://host:6379/1"),
    ],
)
def test_addresses_are_written_as_celery_wants_them(redis_url: str, expected: str) -> None:
    assert celery_url(redis_url) == expected
