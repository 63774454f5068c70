"""What a use case is handed: the transaction it owns, and the outside world as small protocols."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session, sessionmaker

from service.domain.guideline import Policy


class JobQueue(Protocol):
    """Sends jobs to the workers by name. It never raises and never waits long."""

    def send(self, task: str, *args: str) -> bool:
        """Send one job; False when it could not be sent (the sweep will)."""
        ...

    def nudge_scoring(self) -> bool:
        """Say once that comments wait; many at the same time become one job."""
        ...

    def clear_nudge(self) -> None:
        """Let the next comment nudge again. Called before a worker looks for comments."""
        ...


class Metrics(Protocol):
    """Counts what happens."""

    def record_transition(self, status: str) -> None:
        """A comment took on a status."""
        ...

    def record_decision(self, action: str, rule: str) -> None:
        """A rule led to an action; `rule` is "none" where no rule fired."""
        ...

    def record_scoring(self, seconds: float, batch_size: int) -> None:
        """A batch of comments was scored."""
        ...

    def record_unscored(self, count: int) -> None:
        """Comments were held because no score could be had."""
        ...


class FetchedText(Protocol):
    """What a page said about itself."""

    title: str | None
    body: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers use cases need from the settings. Times are in seconds."""

    comment_max_chars: int
    edit_window: int
    reply_depth_max: int
    scoring_batch_size: int
    scoring_lease: int
    scoring_attempts: int
    article_wait: int


@dataclass(slots=True)
class Transaction:
    """An open transaction and what is to happen once it is committed."""

    session: Session
    after_commit: list[Callable[[], object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One per process, made by service.bootstrap; use cases take it as their first argument."""

    sessions: sessionmaker[Session]
    limits: Limits
    queue: JobQueue
    metrics: Metrics
    policy: Callable[[], Policy]
    render: Callable[[str], str]
    clock: Callable[[], datetime]

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One transaction: commits when the block ends, then runs what was put off until then."""
        with self.sessions() as session:
            transaction = Transaction(session)
            with session.begin():
                yield transaction
        for job in transaction.after_commit:
            job()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reads only."""
        with self.sessions() as session:
            yield session


