"""What the installation talks to besides its database and Redis: mail, live updates."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

from config.mail_server import read_mail_server
from config.settings import Settings
from service.adapters.mail import SmtpCourier
from service.domain.finding import Finding, ok, problem, warning
from service.domain.letter import LetterFailed

PATIENCE_SECONDS = 3.0


def look_at_mail(settings: Settings) -> Iterator[Finding]:
    """The mail server, where one is set: connected to and signed in to, nothing sent."""
    if not settings.smtp_url:
        yield ok("mail", "not set up: digests are not offered")
        return
    server = read_mail_server(settings.smtp_url)
    where = f"{server.host}:{server.port}"
    courier = SmtpCourier(
        server,
        secret=settings.secret_key,
        sender=settings.mail_from,
        public_url=settings.public_url,
        timeout=PATIENCE_SECONDS,
    )
    try:
        courier.try_out()
    except LetterFailed as failed:
        yield problem(
            "mail",
            f"{where} does not let us in ({failed.code})",
            "Check PARLEY_SMTP_URL: server, port, tls, user, password. Digests wait meanwhile.",
        )
        return
    yield ok("mail", f"{where} lets us in")


def look_at_live(settings: Settings) -> Iterator[Finding]:
    """The live process, where there is one."""
    if not settings.live_url:
        yield ok("live", "not set up: pages ask again every so often")
        return
    address = f"{settings.live_url.rstrip('/')}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS):  # noqa: S310 - a setting
            yield ok("live", f"{settings.live_url} answers")
    except urllib.error.HTTPError as error:
        # A proxy in front may lead only the stream there; something answers.
        yield warning(
            "live",
            f"{settings.live_url} answers {error.code} to /healthz",
            "Look whether the proxy leads the stream to the live process.",
        )
    except OSError:
        yield warning(
            "live",
            f"{settings.live_url} does not answer from here",
            "Start the live process, or empty PARLEY_LIVE_URL; pages fall back to asking.",
        )
