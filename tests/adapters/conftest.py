"""What the tests of the adapters share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.servers import RedisServer


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A real Redis-compatible server of the test's own."""
    server = RedisServer(tmp_path / "valkey")
    yield server
    server.stop()
