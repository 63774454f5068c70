"""A real Valkey for one test, which can be made silent, killed and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.local.valkey import Valkey, start_valkey


class RedisServer:
    """A server that a test may freeze (it accepts and never answers) or stop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Valkey = start_valkey(folder, durable=False)
        self.url = self._server.url

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Silent for the length of a block."""
        os.kill(self._server.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._server.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Gone until `start`; its data is lost."""
        self._server.stop()

    def start(self) -> None:
        """Back at the same address, empty."""
        self._server = start_valkey(self._folder, durable=False)
