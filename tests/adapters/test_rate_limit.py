"""Rate limits: exact with Redis, in memory without it, never an error and never a hang."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.adapters.metrics import Metrics
from service.adapters.rate_limit import LimitState, RateLimiter, limits_url, parse_rule
from service.adapters.redis_client import CircuitBreaker
from tests.adapters.servers import RedisServer


def test_what_is_over_the_limit_is_refused_and_says_when_to_come_back(
    redis_server: RedisServer,
) -> None:
    limiter = RateLimiter(redis_server.url)
    states = [limiter.hit("comment", "alice", "3/hour") for _ in range(4)]
    assert [state.allowed for state in states] == [True, True, True, False]
    assert [state.remaining for state in states] == [2, 1, 0, 0]
    assert {state.limit for state in states} == {3}
    assert 3590 < states[-1].reset_seconds <= 3600


def test_readers_and_names_are_counted_apart(redis_server: RedisServer) -> None:
    limiter = RateLimiter(redis_server.url)
    assert limiter.hit("comment", "alice", "1/hour").allowed
    assert limiter.hit("comment", "bob", "1/hour").allowed
    assert limiter.hit("report", "alice", "1/hour").allowed
    assert not limiter.hit("comment", "alice", "1/hour").allowed


def test_processes_share_one_count(redis_server: RedisServer) -> None:
    one, other = RateLimiter(redis_server.url), RateLimiter(redis_server.url)
    assert one.hit("comment", "alice", "1/hour").allowed
    assert not other.hit("comment", "alice", "1/hour").allowed


def test_of_several_rules_the_tightest_is_reported(redis_server: RedisServer) -> None:
    limiter = RateLimiter(redis_server.url)
    rule = "5 per hour; 3 per minute"
    assert limiter.hit("comment", "alice", rule) == LimitState(True, 3, 2, 60)
    for _ in range(2):
        limiter.hit("comment", "alice", rule)
    refused = limiter.hit("comment", "alice", rule)
    assert (refused.allowed, refused.limit, refused.remaining) == (False, 3, 0)


def test_what_the_narrow_rule_refuses_uses_up_nothing_of_the_wide_one(
    redis_server: RedisServer,
) -> None:
    limiter = RateLimiter(redis_server.url)
    for _ in range(10):
        limiter.hit("comment", "alice", "1 per minute; 3 per hour")
    assert limiter.hit("comment", "alice", "3 per hour").remaining == 1


def test_a_burst_over_the_edge_of_a_window_is_still_counted(redis_server: RedisServer) -> None:
    limiter = RateLimiter(redis_server.url)
    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(lambda _: limiter.hit("comment", "a", "20/hour"), range(60)))
    assert sum(state.allowed for state in states) == 20


def test_a_silent_server_lets_pass_within_a_limit_in_memory_and_is_counted(
    redis_server: RedisServer,
) -> None:
    metrics = Metrics()
    breaker = CircuitBreaker(pause_seconds=0)
    limiter = RateLimiter(redis_server.url, metrics=metrics, breaker=breaker)
    limiter.hit("comment", "alice", "2/hour")
    with redis_server.frozen():
        states = [limiter.hit("comment", "alice", "2/hour") for _ in range(3)]
    assert [state.allowed for state in states] == [True, True, False]
    assert b"parley_limiter_degraded_total 3.0" in metrics.render()
    assert limiter.hit("comment", "alice", "2/hour").remaining == 0
    assert b"parley_limiter_degraded_total 3.0" in metrics.render()


def test_a_server_that_was_never_there_is_no_error() -> None:
    limiter = RateLimiter("redis://127.0.0.1:1/0")
    states = [limiter.hit("comment", "alice", "1/hour") for _ in range(2)]
    assert [state.allowed for state in states] == [True, False]


def test_refusals_are_counted_by_the_name_of_the_limit(redis_server: RedisServer) -> None:
    metrics = Metrics()
    limiter = RateLimiter(redis_server.url, metrics=metrics)
    for _ in range(3):
        limiter.hit("comment", "alice", "1/hour")
    assert b'parley_rate_limited_total{limit="comment"} 2.0' in metrics.render()


@pytest.mark.parametrize("rule", ["", "often", "10", "10 per fortnight", ";"])
def test_a_rule_that_cannot_be_read_is_an_error(rule: str) -> None:
    with pytest.raises(ValueError, match=r"rate limit|granularity"):
        parse_rule(rule)


@pytest.mark.parametrize("key", ["", "a/b", "é\n", "x" * 10_000, "\x00", "a b"])
def test_any_text_can_be_a_key(redis_server: RedisServer, key: str) -> None:
    limiter = RateLimiter(redis_server.url)
    assert limiter.hit("comment", key, "1/hour").allowed
    assert not limiter.hit("comment", key, "1/hour").allowed


def test_addresses_are_written_as_the_library_wants_them() -> None:
    assert limits_url("unix:///tmp/r.sock?db=2") == "redis+unix:///tmp/r.sock?db=2"
    assert limits_url("redis://h:1/2") == "redis://h:1/2"
