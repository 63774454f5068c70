"""A reader asks for e-mails, changes how often, or wants no more of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.domain.digest import Frequency
from service.domain.errors import Conflict, NotFound
from service.models import Digest, Reader
from service.usecases.context import Context


def choose_digest(
    ctx: Context, *, reader_id: UUID, email: str | None, frequency: Frequency
) -> Digest:
    """Send the reader's messages to `email` from now on, at most once in `frequency`.

    The address is the one the publisher's sign-in names; it is stored only here, and asking
    again brings it up to date. The first letter comes a period from now.

    Raises NotFound `mail_off` where no mail server is set, Conflict `no_email` where the sign-in
    names no address.
    """
    check_offered(ctx)
    if email is None:
        message = "Your sign-in does not say an e-mail address."
        raise Conflict(message, code="no_email")
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        reader = session.get_one(Reader, reader_id, with_for_update={"key_share": True})
        digest = lock_digest(session, reader_id)
        if digest is None or digest.email is None or digest.frequency != frequency:
            # Messages from before are on the page; what an active choice still owes is kept.
            covered = digest.covered_until if digest and digest.email else now
            due = now + frequency.period
            digest = digest or Digest(reader_id=reader_id, site_id=reader.site_id, created_at=now)
            digest.frequency, digest.covered_until = frequency.value, covered
            digest.next_at = digest.try_at = due
            digest.lease_until, digest.attempts, digest.lost = None, 0, 0
            session.add(digest)
        digest.email, digest.stopped_reason = email, None
    return digest


def stop_digest(ctx: Context, *, reader_id: UUID) -> None:
    """No more e-mails: the row goes, and the address with it. Twice is fine."""
    with ctx.transaction() as tx:
        tx.session.execute(delete(Digest).where(Digest.reader_id == reader_id))


def check_offered(ctx: Context) -> None:
    """Raise NotFound where no mail server is set."""
    if not ctx.mail.offered:
        raise NotFound("E-mails are not offered here.", code="mail_off")


def lock_digest(session: Session, reader_id: UUID) -> Digest | None:
    """The reader's choice, locked; None where there is none."""
    return session.get(Digest, reader_id, with_for_update=True)
