"""Send the e-mails that are due, one after another, each at most once more after a crash."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.domain.digest import Frequency, write_digest
from service.domain.letter import Letter, LetterFailed, LetterRefused
from service.models import Digest, Reader, Site
from service.queries.digest_news import digest_news
from service.usecases.choose_digest import lock_digest
from service.usecases.context import Context
from service.usecases.put_off_digests import BATCH, is_due, put_off, put_off_digests

# A task must end well inside its time limit; what is left after this is left to the next one.
DRAIN_SECONDS = 45.0
# Longer than a task may run: nobody takes a letter that somebody may still be handing in.
LEASE = timedelta(minutes=5)
RETRY_FIRST = timedelta(minutes=5)
ATTEMPTS_MAX = 5
# A letter of which nobody knows whether it went out is sent once more, never twice.
LOST_MAX = 1
KEY_CHARS = 32
REFUSED = "address_refused"

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of one digest."""

    SENT = "sent"
    NOTHING = "nothing"
    FAILED = "failed"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """A digest under a lease: `until` is the end of the time it covers."""

    reader_id: UUID
    until: datetime
    lease_until: datetime


def send_digests(ctx: Context) -> int:
    """Send what is due; says how many letters went out. Safe by several at once.

    1. A due digest is taken under a lease. 2. Without news it is put off to its next time,
       many at once.
    3. A letter is handed in outside any transaction, and what became of it is written down:
       sent, address refused (no more letters, and the reader sees why), or failed for now.
    4. What failed is tried again after 5, 10, 20 and 40 minutes; then its news wait for the next
       letter. Where the server itself is away the round ends.
    5. A lease that ran out, or a server that took the letter and fell silent, leave it open
       whether the letter went out: it is sent once more, under the same Message-ID, and never a
       third time.
    """
    if not ctx.mail.offered:
        return 0
    sent = 0
    end = time.monotonic() + DRAIN_SECONDS
    while put_off_digests(ctx) == BATCH and time.monotonic() < end:
        continue
    while time.monotonic() < end and (taken := _take(ctx)) is not None:
        outcome, server_away = _send(ctx, taken)
        _settle(ctx, taken, outcome)
        sent += outcome is Outcome.SENT
        if server_away:
            break
    return sent


def _take(ctx: Context) -> Taken | None:
    now = ctx.clock()
    with ctx.transaction() as tx:
        digest = tx.session.scalars(
            select(Digest)
            .where(is_due(now))
            .order_by(Digest.try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if digest is None:
            return None
        if digest.lease_until is not None:
            digest.lost += 1  # whoever had it is gone
        digest.lease_until = now + LEASE
        return Taken(digest.reader_id, digest.next_at, digest.lease_until)


def _send(ctx: Context, taken: Taken) -> tuple[Outcome, bool]:
    """What became of it, and whether the next letter would fail as well."""
    try:
        with ctx.reading() as session:
            letter = _letter(ctx, session, taken)
        if letter is None:
            return Outcome.NOTHING, False
        ctx.mail.send(letter)
    except LetterRefused as refused:
        log.info("a digest was refused: %s", refused.code)
        return Outcome.REFUSED, False
    except LetterFailed as failed:
        log.warning("a digest could not be sent: %s", failed.code)
        outcome = Outcome.LOST if failed.perhaps_sent else Outcome.FAILED
        return outcome, failed.server_away
    except OperationalError:
        raise  # the database is away: the lease ends, and the letter goes out once more
    except Exception as error:  # whatever it is, the other readers get theirs
        log.error("a digest failed: %s", type(error).__name__)
        return Outcome.LOST, False
    return Outcome.SENT, False


def _letter(ctx: Context, session: Session, taken: Taken) -> Letter | None:
    """The letter, unless there is no news, the reader has had enough, or it went out twice."""
    digest = session.get(Digest, taken.reader_id)
    if digest is None or digest.email is None or digest.lost > LOST_MAX:
        return None
    reader = session.get_one(Reader, taken.reader_id)
    site = session.get_one(Site, reader.site_id)
    news, more = digest_news(
        session, reader_id=reader.id, after=digest.covered_until, until=taken.until
    )
    if not news:
        return None
    url = ctx.mail.unsubscribe_url(reader.id)
    written = write_digest(
        news,
        more=more,
        site=site.name,
        name=reader.username,
        frequency=Frequency(digest.frequency),
        locale=reader.locale or site.locale,
        unsubscribe_url=url,
    )
    key = ctx.credentials.pseudonym("digest", str(reader.id), taken.until.isoformat())
    return Letter(
        to=digest.email,
        sender_name=site.name,
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=written.language,
        key=key[:KEY_CHARS],
        unsubscribe_url=url,
        at=ctx.clock(),
    )


def _settle(ctx: Context, taken: Taken, outcome: Outcome) -> None:
    """Write down what became of it, unless the reader or another worker was faster."""
    now = ctx.clock()
    with ctx.transaction() as tx:
        digest = lock_digest(tx.session, taken.reader_id)
        if digest is not None and digest.lease_until == taken.lease_until:
            digest.lease_until = None
            _note(digest, outcome, now)
    if outcome is not Outcome.NOTHING:
        failed = outcome in (Outcome.FAILED, Outcome.LOST)
        ctx.metrics.record_digest(Outcome.FAILED.value if failed else outcome.value)


def _note(digest: Digest, outcome: Outcome, now: datetime) -> None:
    if outcome is Outcome.REFUSED:
        digest.email, digest.stopped_reason = None, REFUSED
        return
    if outcome in (Outcome.FAILED, Outcome.LOST):
        digest.attempts += 1
        digest.lost += outcome is Outcome.LOST
        if digest.attempts < ATTEMPTS_MAX and digest.lost <= LOST_MAX:
            digest.try_at = now + RETRY_FIRST * 2 ** (digest.attempts - 1)
            return
    if outcome is Outcome.SENT:
        digest.sent_at = now
    # Told, nothing to tell, or perhaps told twice: these messages are over.
    put_off(digest, now, told=outcome is not Outcome.FAILED)
