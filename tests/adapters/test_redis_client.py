"""Redis is asked with short patience, and left alone for a while when it fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from service.adapters.redis_client import (
    SOCKET_SECONDS,
    CircuitBreaker,
    CircuitOpen,
    connect,
    is_alive,
)
from tests.adapters.servers import RedisServer


class Clock:
    """Time that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def fail() -> None:
    raise redis.ConnectionError("gone")


def test_a_running_server_is_alive_and_answers_in_bytes(redis_server: RedisServer) -> None:
    client = connect(redis_server.url)
    assert is_alive(client)
    client.set("a", "é")
    assert client.get("a") == "é".encode()


def test_a_silent_server_is_not_alive_and_is_again_when_it_wakes(
    redis_server: RedisServer,
) -> None:
    client = connect(redis_server.url)
    assert is_alive(client)
    with redis_server.frozen():
        assert not is_alive(client)
        assert not is_alive(connect(redis_server.url))
    assert is_alive(client)


def test_a_restarted_server_is_reached_by_the_first_call(redis_server: RedisServer) -> None:
    client = connect(redis_server.url)
    client.set("a", "1")
    redis_server.stop()
    assert not is_alive(client)
    redis_server.start()
    assert client.set("a", "2")


def test_a_connection_closed_by_the_server_is_replaced_unseen(redis_server: RedisServer) -> None:
    client = connect(redis_server.url)
    client.set("a", "1")
    redis_server.stop()
    redis_server.start()
    assert client.get("a") is None


def test_patience_is_short_and_timeouts_are_not_retried() -> None:
    arguments = connect("redis://127.0.0.1:1/0").connection_pool.connection_kwargs
    assert arguments["socket_timeout"] == arguments["socket_connect_timeout"] == SOCKET_SECONDS
    assert SOCKET_SECONDS <= 0.5
    assert not any(
        issubclass(redis.TimeoutError, supported)
        for supported in arguments["retry"]._supported_errors
    )


def test_the_breaker_passes_results_and_errors_through() -> None:
    breaker = CircuitBreaker()
    assert breaker.call(lambda: 7) == 7
    with pytest.raises(redis.ConnectionError):
        breaker.call(fail)


def test_after_a_failure_nothing_is_asked_until_the_pause_is_over() -> None:
    clock = Clock()
    breaker = CircuitBreaker(pause_seconds=2, clock=clock)
    with pytest.raises(redis.ConnectionError):
        breaker.call(fail)
    asked: list[int] = []
    clock.now = 1.9
    with pytest.raises(CircuitOpen):
        breaker.call(lambda: asked.append(1))
    assert asked == []
    clock.now = 2.1
    breaker.call(lambda: asked.append(2))
    breaker.call(lambda: asked.append(3))
    assert asked == [2, 3]


def test_when_the_pause_is_over_one_caller_tries_and_the_others_still_skip() -> None:
    clock = Clock()
    breaker = CircuitBreaker(pause_seconds=2, clock=clock)
    breaker.trip()
    clock.now = 2.1

    def probe() -> str:
        with pytest.raises(CircuitOpen):
            breaker.call(lambda: "second")
        return "first"

    assert breaker.call(probe) == "first"
    assert breaker.call(lambda: "third") == "third"


def test_a_mistake_of_ours_does_not_open_the_breaker() -> None:
    breaker = CircuitBreaker()
    with pytest.raises(ZeroDivisionError):
        breaker.call(lambda: 1 / 0)
    assert breaker.call(lambda: 7) == 7


def test_a_hundred_calls_to_a_silent_server_wait_once(redis_server: RedisServer) -> None:
    client, breaker = connect(redis_server.url), CircuitBreaker(pause_seconds=600)
    timeouts = []

    def ask(_: int) -> None:
        try:
            breaker.call(client.ping)
        except CircuitOpen:
            pass
        except redis.TimeoutError:
            timeouts.append(1)

    with redis_server.frozen():
        ask(0)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, range(100)))
    assert timeouts == [1]
