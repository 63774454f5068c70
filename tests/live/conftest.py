"""The real live process in a thread of the tests, and readers who listen to it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from config.settings import Settings
from service.adapters.database import make_sessions
from service.bootstrap import make_live, make_parts
from service.domain.guideline import Policy
from service.live.follower import Pace
from service.live.server import LiveServer, make_server
from service.models import Article, Reader, Site
from service.usecases.context import Context
from tests.live.listening import Listening, Place
from tests.makers import Makers

IMPATIENT = Pace(
    heartbeat=0.2, reactions=0.2, first_pause=0.05, longest_pause=0.1, reset_spread=0.0
)
Start = Callable[..., "Running"]


class Running:
    """A live process on a free port."""

    def __init__(self, settings: Settings, pace: Pace) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.server: LiveServer = make_server(make_live(settings), pace=pace)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self.server.run(sockets=[self._socket])

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop everything in it runs in."""
        loop = self.server.servers[0].get_loop()
        return loop

    @property
    def live(self) -> Any:
        """Its parts, to look at."""
        return self.server.live

    def stop(self) -> None:
        """Ask it to stop and wait."""
        self.server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()


@contextmanager
def running(settings: Settings, pace: Pace = IMPATIENT) -> Iterator[Running]:
    process = Running(settings, pace)
    try:
        yield process
    finally:
        process.stop()


@pytest.fixture(scope="session")
def live_settings(settings: Settings) -> Settings:
    return replace(settings, live_url="http://127.0.0.1:1", database_pool=4)


@pytest.fixture(scope="session")
def process(live_settings: Settings) -> Iterator[Running]:
    """One live process for most tests."""
    with running(live_settings) as process:
        yield process


@pytest.fixture
def told(live_settings: Settings, engine: Engine, policy: Policy, shared: Context) -> Context:
    """A context that commits and publishes. `shared` empties the tables afterwards."""
    return make_parts(live_settings, sessions=make_sessions(engine), policy=policy).ctx


@pytest.fixture
def make(told: Context) -> Makers:
    return Makers(told)


@pytest.fixture
def reader(make: Makers, site: Site) -> Reader:
    return make.reader(site)


@pytest.fixture
def article(make: Makers, site: Site) -> Article:
    return make.article(site)


@pytest.fixture
def listen(process: Running, article: Article) -> Iterator[Callable[..., Listening]]:
    """Open the article's stream; closed when the test ends."""
    opened: list[Listening] = []

    def start(key: str | None = None, **options: Any) -> Listening:
        place = Place(process.port, key or article.key)
        opened.append(Listening(place, **options))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
