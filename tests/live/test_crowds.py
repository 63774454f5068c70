"""Slow readers, too many readers, a Redis that goes away, and the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from config.settings import Settings
from service.adapters.live_updates import LiveSubscription, RedisLive, decode, encode
from service.adapters.metrics import Metrics
from service.adapters.redis_client import CircuitBreaker, RedisFailure, connect
from service.domain.live_update import Change, News
from service.live import frames
from service.live.reads import Together
from service.models import Article, Reader
from tests.adapters.servers import RedisServer
from tests.live.conftest import Running, running
from tests.live.listening import Listening, Place
from tests.live.loops import run
from tests.makers import Makers

Listen = Callable[..., Listening]
PATIENCE = 10.0
# More than the kernel, the server and the queue of one listener hold together.
FLOOD = 4_000


def test_who_does_not_read_is_cut_and_the_others_go_on(
    process: Running, listen: Listen, make: Makers, article: Article, reader: Reader
) -> None:
    asleep = listen(receive_buffer=2_048).opened()
    awake = listen().opened()
    counts, cut = process.live.counts, process.live.counts.cut
    frame = frames.reset(10**18)

    for _ in range(FLOOD // 50):
        for _ in range(50):
            call(process, lambda: process.live.hub.tell(article.id, "reset", frame))
        for _ in range(50):
            awake.next()
    eventually(lambda: counts.cut == cut + 1)
    comment = make.published(article, reader)

    assert awake.next().data["id"] == str(comment.id)
    eventually(lambda: counts.listeners() == 1)
    asleep.close()


def test_beyond_its_limit_an_address_is_refused_until_somebody_leaves(
    live_settings: Settings, make: Makers, article: Article
) -> None:
    with running(replace(live_settings, live_listeners_per_address=2)) as process:
        place = Place(process.port, article.key)
        pages = [Listening(place).opened() for _ in range(2)]
        status, headers, body = Listening(place).problem()
        pages[0].close()
        eventually(lambda: process.live.counts.listeners() == 1)
        Listening(place).opened()

    assert (status, body["code"]) == (503, "live_full")
    assert int(headers["retry-after"]) > 0


def test_beyond_the_limit_of_the_process_everybody_is_refused(
    live_settings: Settings, make: Makers, article: Article
) -> None:
    settings = replace(live_settings, live_listeners=1, trusted_proxies=1)
    with running(settings) as process:
        place = Place(process.port, article.key)
        Listening(place, headers={"X-Forwarded-For": "203.0.113.7"}).opened()
        other = Listening(place, headers={"X-Forwarded-For": "198.51.100.2, 203.0.113.8"})

        assert other.problem()[0] == 503


def test_addresses_are_told_apart_behind_a_trusted_proxy_only(
    live_settings: Settings, make: Makers, article: Article
) -> None:
    settings = replace(live_settings, live_listeners_per_address=1, trusted_proxies=1)
    with running(settings) as process:
        place = Place(process.port, article.key)
        Listening(place, headers={"X-Forwarded-For": "203.0.113.7"}).opened()
        Listening(place, headers={"X-Forwarded-For": "203.0.113.8"}).opened()
        lying = Listening(place, headers={"X-Forwarded-For": "192.0.2.1, 203.0.113.8"})

        assert lying.problem()[0] == 503


def test_a_redis_that_went_away_ends_no_stream_and_what_was_missed_is_loaded_again(
    live_settings: Settings, tmp_path: Path, make: Makers, article: Article
) -> None:
    redis = RedisServer(tmp_path)
    with running(replace(live_settings, redis_url=redis.url)) as process:
        page = Listening(Place(process.port, article.key)).opened()
        connected = process.live.follower.connected
        eventually(connected.is_set)
        redis.stop()
        eventually(lambda: not connected.is_set())
        page.heartbeat()
        redis.start()
        told = page.next()
        page.close()
    redis.stop()

    assert told.event == "reset"


def test_stopping_ends_every_stream_at_once(
    live_settings: Settings, make: Makers, article: Article
) -> None:
    with running(live_settings) as process:
        pages = [Listening(Place(process.port, article.key)).opened() for _ in range(5)]
        began = time.monotonic()
        process.stop()
        seconds = time.monotonic() - began

    assert all(page.ended() for page in pages)
    assert seconds < 3


def test_it_counts_who_listens_and_what_was_sent(
    process: Running, listen: Listen, make: Makers, article: Article, reader: Reader
) -> None:
    page = listen().opened()
    before = process.live.counts.sent["comment"]
    make.published(article, reader)
    page.next()

    text = process.live.counts.page().decode()
    found = {s.name: s.value for f in text_string_to_metric_families(text) for s in f.samples}

    assert found["parley_live_listeners"] == 1
    assert process.live.counts.sent["comment"] == before + 1
    assert "parley_live_sent_total" in found
    assert "parley_live_cut_total" in found


@pytest.mark.fast
def test_a_message_is_read_as_it_was_written() -> None:
    news = [News(uuid4(), uuid4(), 7, Change.GONE), News(uuid4())]

    assert decode(encode(news)) == news


@pytest.mark.fast
@pytest.mark.parametrize("message", [b"", b"{}", b"[1]", b'[["x", null, 1, "gone"]]', b"[[]]"])
def test_what_is_no_message_of_ours_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError):
        assert decode(message) is None


def test_a_thousand_who_come_at_once_share_a_few_readings() -> None:
    readings: list[str] = []

    def read(key: str) -> int:
        readings.append(key)
        return len(readings)

    async def crowd() -> list[int]:
        with ThreadPoolExecutor(4) as threads:
            together: Together[str, int] = Together(read, threads)
            first = asyncio.create_task(together.get("a"))
            await asyncio.sleep(0)
            return [await first, *await asyncio.gather(*(together.get("a") for _ in range(999)))]

    answers = run(crowd())

    assert len(answers) == 1_000
    assert len(readings) <= 2


def test_a_redis_that_falls_silent_is_noticed(tmp_path: Path) -> None:
    redis = RedisServer(tmp_path)

    async def listen() -> None:
        async with LiveSubscription(redis.url, silence_seconds=0.1).messages() as messages:
            with redis.frozen():
                await anext(messages)

    with pytest.raises(RedisFailure):
        run(listen())
    redis.stop()


def test_publishing_into_a_redis_that_is_down_neither_fails_nor_waits(tmp_path: Path) -> None:
    redis = RedisServer(tmp_path)
    live = RedisLive(connect(redis.url), metrics=Metrics(), breaker=CircuitBreaker())
    article = uuid4()

    assert live.article_changed(article)
    redis.stop()
    began = time.monotonic()
    told = [live.article_changed(article) for _ in range(100)]

    assert not any(told)
    assert time.monotonic() - began < 2


def call(process: Running, job: Callable[[], None]) -> None:
    """Do something in the process's own loop, as everything there happens."""
    process.loop.call_soon_threadsafe(job)


def eventually(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
