"""What a use case is handed: the transaction it owns, and the outside world as small protocols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from service.domain.guideline import Policy
from service.domain.identity import ReaderIdentity, SiteKeys
from service.domain.live_update import News
from service.domain.password import PasswordCheck
from service.usecases.live_news import written_news
from service.usecases.mail_courier import MailCourier
from service.usecases.metrics import Metrics
from service.usecases.site_memory import SiteMemory
from service.usecases.webhook_courier import WebhookCourier


class JobQueue(Protocol):
    """Sends jobs to the workers by name. It never raises and never waits long."""

    def send(self, task: str, *args: str) -> bool:
        """Send one job; False when it could not be sent (the sweep will)."""
        ...

    def nudge_scoring(self) -> bool:
        """Say once that comments wait; many at the same time become one job."""
        ...

    def clear_nudge(self) -> bool:
        """Let the next comment nudge again. Called before a worker looks for comments."""
        ...


class LiveUpdates(Protocol):
    """Tells readers who have the page open. It never raises and never waits long.

    Whatever writes an event inside a transaction is told of by itself; call these, after the
    commit, only for what the log says nothing of.
    """

    def tell(self, news: Sequence[News]) -> bool:
        """Pass news on; False when Redis did not take them, which is harmless."""
        ...

    def comment_changed(self, *, article_id: UUID, comment_id: UUID) -> bool:
        """A public comment's reactions changed; of many, readers hear one every few seconds."""
        ...

    def article_changed(self, article_id: UUID) -> bool:
        """What the article says of itself may have changed: its mode, whether it drifts."""
        ...


class Policies(Protocol):
    """The guidelines in force."""

    def __call__(self, site_id: UUID | None = None) -> Policy:
        """The policy of a site, or the installation's where it has none of its own."""
        ...

    def problem(self, site_id: UUID) -> str | None:
        """Why a site does not go by the version that was activated; None where it does."""
        ...

    def parse(self, source: str, lists: Mapping[str, str]) -> Policy:
        """The policy of a file and its lists' texts by path. Raises Invalid under `source`."""
        ...

    def stored(self, version: str) -> Policy | None:
        """The policy an old decision names; None where its file cannot be had or used."""
        ...

    def look_again(self, site_id: UUID) -> None:
        """Ask the database at the next call: something was activated here."""
        ...


class Credentials(Protocol):
    """Makes and checks API keys, readers' tokens, and what moderators sign in with."""

    def is_api_key(self, credential: str) -> bool:
        """Whether it has the shape of a publisher's key."""
        ...

    def is_moderator_token(self, credential: str) -> bool:
        """Whether it has the shape of a moderator's API token."""
        ...

    def new_moderator_token(self) -> tuple[str, str, str]:
        """A new token: in full, as stored, and the prefix it is known by."""
        ...

    def hash_password(self, password: str) -> str:
        """The form a password is stored in. Slow on purpose: call it outside transactions."""
        ...

    def check_password(self, stored: str | None, password: str) -> PasswordCheck:
        """Check a password, with the same work where nothing is stored. Slow on purpose."""
        ...

    def new_session(self) -> tuple[str, str]:
        """A new session of a moderator: the cookie's value, and the form it is stored in."""
        ...

    def is_session(self, credential: str) -> bool:
        """Whether it has the shape of a moderator's session."""
        ...

    def new_sign_in_code(self) -> tuple[str, str]:
        """A new one-time code to sign in with: in full, and the form it is stored in."""
        ...

    def new_csrf_token(self, session: str) -> str:
        """A token that only pages of this session know."""
        ...

    def csrf_token_holds(self, session: str, token: str) -> bool:
        """Whether a token was made for this session."""
        ...

    def hash_api_key(self, key: str) -> str:
        """The form a key is stored in."""
        ...

    def pseudonym(self, *parts: str) -> str:
        """A name for somebody that only this installation can make again from the same parts."""
        ...

    def new_api_key(self) -> tuple[str, str, str]:
        """A new key: in full, as stored, and the prefix it is known by."""
        ...

    def read_token(self, token: str, site: SiteKeys, now: datetime) -> ReaderIdentity:
        """Check a sign-in or guest token of this site. Raises Unauthenticated."""
        ...

    def issue_guest_token(self, site: SiteKeys, guest_id: str, username: str, now: datetime) -> str:
        """A token for a guest of this site."""
        ...


@dataclass(frozen=True, slots=True)
class FetchedText:
    """What a page said about itself."""

    title: str | None
    body: str
    published_at: datetime | None


class FetchFailed(Exception):
    """A page's text could not be had. `code` says why; a permanent failure is not tried again."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        self.code = code
        self.permanent = permanent
        super().__init__(code)


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
    claim: int = 300
    undo: int = 20
    nudge: int = 600

    @property
    def undo_window(self) -> timedelta:
        """How long a moderator's decision can be taken back before anybody is told."""
        return timedelta(seconds=self.undo)

    @property
    def nudge_window(self) -> timedelta:
        """How long an author who was asked to think again is waited for."""
        return timedelta(seconds=self.nudge)

    @property
    def claim_lease(self) -> timedelta:
        """How long an item stays with the moderator who claimed it."""
        return timedelta(seconds=self.claim)


@dataclass(slots=True)
class Transaction:
    """An open transaction and what is to happen once it is committed."""

    session: Session
    after_commit: list[Callable[[], object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One per process, made by service.bootstrap; use cases take it as their first argument."""

    sessions: sessionmaker[Session]
    # For reads that need no transaction: each statement stands alone and saves two trips.
    readers: sessionmaker[Session]
    limits: Limits
    queue: JobQueue
    live: LiveUpdates
    webhooks: WebhookCourier
    mail: MailCourier
    metrics: Metrics
    policy: Policies
    credentials: Credentials
    default_site: str
    sites: SiteMemory
    render: Callable[[str], str]
    clock: Callable[[], datetime]
    # The request that is being answered, as far as its id may be kept; None outside of one.
    request_id: Callable[[], str | None] = lambda: None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One transaction: commits when the block ends, then runs what was put off until then."""
        with self.sessions() as session:
            transaction = Transaction(session)
            with session.begin():
                yield transaction
            news = written_news(session)
        for job in transaction.after_commit:
            job()
        if news:
            self.live.tell(news)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reads only; each sees what is committed when it runs."""
        with self.readers() as session:
            yield session
