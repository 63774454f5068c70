"""One open page: a short queue of messages, and an end."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from uuid import UUID

# Messages that may wait for one listener; the bytes are shared, so a full queue is 2 kB. Who is
# further behind is served better by loading the page again.
BACKLOG = 256


class Listener:
    """Takes messages from the hub without ever waiting; its stream takes them from here."""

    __slots__ = ("_ended", "_frames", "_on_cut", "_taken_at", "_wake", "address", "article_id")

    def __init__(self, article_id: UUID, address: str, on_cut: Callable[[], None]) -> None:
        """Args: on_cut: drops the connection at once, with what is still unsent."""
        self.article_id = article_id
        self.address = address
        self._frames: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._on_cut = on_cut
        self._ended = False
        self._taken_at = time.monotonic()

    def quiet_for(self, now: float) -> float:
        """Seconds since its stream took a message or began to wait for one."""
        return now - self._taken_at

    @property
    def is_behind(self) -> bool:
        """Whether messages wait that its stream does not take."""
        return bool(self._frames)

    def offer(self, frame: bytes) -> bool:
        """Queue a message; False, and the listener is to be cut, where too many wait already."""
        if self._ended:
            return True
        if len(self._frames) >= BACKLOG:
            return False
        self._frames.append(frame)
        self._wake.set()
        return True

    def end(self) -> None:
        """Let the stream send what waits and then finish."""
        self._ended = True
        self._wake.set()

    def cut(self) -> None:
        """Drop the connection: whoever does not read must not be waited for."""
        self._frames.clear()
        self.end()
        self._on_cut()

    async def next(self) -> bytes | None:
        """All that waits, as soon as anything does, or None at the end."""
        if not self._frames and not self._ended:
            await self._wake.wait()
        self._wake.clear()
        self._taken_at = time.monotonic()
        if not self._frames:
            return None
        waiting = b"".join(self._frames)
        self._frames.clear()
        return waiting
