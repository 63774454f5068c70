"""What everybody saw and did during a day, written down by many threads."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workers.bench.day_world import Aim, Kind, Planned

# A comment is in the queue at times before its author's own answer was written down.
TRUTH_SECONDS = 5.0
TRUTH_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class QueueSample:
    """The queue at one moment: seconds since the day began, depth by queue, oldest age (s)."""

    seconds: float
    depth: Mapping[str, int]
    late: int
    oldest: float


@dataclass(frozen=True, slots=True)
class Restricted:
    """A person's restriction of a comment, for its author to find out about."""

    planned: Planned
    comment_id: str
    at: float


@dataclass
class Ledger:
    """Facts by comment id, counts by name, and measured times. Safe for threads."""

    posted: dict[str, Planned] = field(default_factory=dict)
    targets: dict[str, Kind] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    view_ms: list[float] = field(default_factory=list)
    samples: list[QueueSample] = field(default_factory=list)
    restricted: list[Restricted] = field(default_factory=list)
    _order: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the day began."""
        return time.monotonic() - self.began

    def note(self, name: str, count: int = 1) -> None:
        """Count something that happened."""
        with self._lock:
            self.counts[name] += count

    def was_posted(self, comment_id: str, planned: Planned) -> None:
        """Remember whose and what kind of comment this id is."""
        with self._lock:
            self.posted[comment_id] = planned
            self._order.append(comment_id)

    def was_viewed(self, milliseconds: float) -> None:
        """Write down how long one item took to be shown."""
        with self._lock:
            self.view_ms.append(milliseconds)

    def was_restricted(self, comment_id: str, planned: Planned) -> None:
        """A person restricted this comment and did not take it back."""
        with self._lock:
            self.restricted.append(Restricted(planned, comment_id, self.seconds))

    def truth(self, comment_id: str) -> Planned | None:
        """What this comment is; None if nobody of the day wrote it."""
        end = time.monotonic() + TRUTH_SECONDS
        while (found := self.posted.get(comment_id)) is None and time.monotonic() < end:
            time.sleep(TRUTH_POLL_SECONDS)
        return found

    def fitting(self, aim: Aim) -> list[str]:
        """Comments one may aim at and nobody aimed at before, oldest first."""
        wanted = {Aim.TOXIC: (True,), Aim.CIVIL: (False,), Aim.ANY: (True, False)}[aim]
        with self._lock:
            return [
                comment_id
                for comment_id in self._order
                if comment_id not in self.targets and self.posted[comment_id].toxic in wanted
            ]

    def aim_at(self, comment_id: str, kind: Kind) -> bool:
        """Take a comment as a target; False where somebody else just did."""
        with self._lock:
            return self.targets.setdefault(comment_id, kind) is kind

    def sample(self, queues: list[dict[str, Any]]) -> None:
        """Write down the queue as `GET /moderation/queues` tells it."""
        self.samples.append(
            QueueSample(
                seconds=self.seconds,
                depth={queue["queue"]: queue["depth"] for queue in queues},
                late=sum(queue["breached"] for queue in queues),
                oldest=max((queue["oldest_seconds"] or 0.0 for queue in queues), default=0.0),
            )
        )
