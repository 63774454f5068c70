"""Letters by SMTP: one connection each, patient for seconds only, and clear about what failed."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, formataddr, parseaddr
from uuid import UUID

from config.mail_server import MailServer
from service.adapters.unsubscribe_tokens import (
    new_unsubscribe_token,
    read_unsubscribe_token,
)
from service.domain.letter import Letter, LetterFailed, LetterRefused

# For each word the server owes us, not for the whole letter.
TIMEOUT_SECONDS = 10.0
ACCEPTED = range(200, 300)
TEMPORARY = range(400, 500)
# RFC 3463: class 5, subject 7 is policy ("relaying denied"): our fault, not the address's.
_POLICY = re.compile(rb"5\.7\.\d+\b")
UNSUBSCRIBE_PATH = "/api/v1/digest/unsubscribe"


class SmtpCourier:
    """Hands letters to one server. Safe from several threads: it keeps nothing between letters."""

    def __init__(
        self,
        server: MailServer | None,
        *,
        secret: str,
        sender: str,
        public_url: str,
        trust: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        """Args:
        server: None where there is none.
        secret: the installation's; tokens are signed with it.
        sender: an address, with or without a name before it.
        trust: whose certificates hold; the system's unless given.
        timeout: seconds to wait for each answer.
        """
        self._server, self._secret = server, secret
        self._sender_name, self._sender = parseaddr(sender)
        self._public_url = public_url.rstrip("/")
        self._trust = trust or (ssl.create_default_context() if server else None)
        self._timeout = timeout

    @property
    def offered(self) -> bool:
        """Whether there is a mail server."""
        return self._server is not None

    def unsubscribe_url(self, reader_id: UUID) -> str:
        """Where one click ends a reader's letters, without signing in."""
        token = new_unsubscribe_token(self._secret, reader_id)
        return f"{self._public_url}{UNSUBSCRIBE_PATH}?token={token}"

    def reader_of(self, token: str) -> UUID | None:
        """Whose letters the token of such an address ends; None where it was not made here."""
        return read_unsubscribe_token(self._secret, token)

    def send(self, letter: Letter) -> None:
        """Hand one letter in. Raises LetterRefused or LetterFailed."""
        if self._server is None:
            raise LetterFailed("off", server_away=True)
        message = self._message(letter)
        smtp = self._connect(self._server)
        try:
            self._hand_in(smtp, letter.to, message)
        finally:
            # Whatever the server says to our goodbye changes nothing.
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def try_out(self) -> None:
        """Connect and sign in, and hand in nothing. Raises LetterFailed."""
        if self._server is None:
            raise LetterFailed("off", server_away=True)
        smtp = self._connect(self._server)
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()

    def _connect(self, where: MailServer) -> smtplib.SMTP:
        """A connection, under TLS and signed in as the settings say."""
        name = self._sender.rpartition("@")[2]
        smtp: smtplib.SMTP | None = None
        try:
            if where.tls == "implicit":
                smtp = smtplib.SMTP_SSL(
                    where.host, where.port, name, timeout=self._timeout, context=self._trust
                )
            else:
                smtp = smtplib.SMTP(where.host, where.port, name, timeout=self._timeout)
            if where.tls == "starttls":
                smtp.starttls(context=self._trust)
            smtp.ehlo_or_helo_if_needed()
            if where.user:
                smtp.login(where.user, where.password)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if smtp is not None:
                smtp.close()
            raise LetterFailed(_why(error), server_away=True) from None
        return smtp

    def _hand_in(self, smtp: smtplib.SMTP, to: str, message: bytes) -> None:
        self._address(smtp, to)
        try:
            code, _ = smtp.data(message)
        except smtplib.SMTPDataError as error:  # it did not even want to see it
            code = error.smtp_code
        except (OSError, smtplib.SMTPException) as error:
            raise LetterFailed(_why(error), perhaps_sent=True, server_away=True) from None
        if code not in ACCEPTED:
            raise LetterFailed("later" if code in TEMPORARY else "content_refused")

    def _address(self, smtp: smtplib.SMTP, to: str) -> None:
        if not to.isascii() and not smtp.has_extn("smtputf8"):
            raise LetterRefused("address_not_supported")
        try:
            code, _ = smtp.mail(self._sender, [] if to.isascii() else ["SMTPUTF8"])
            if code not in ACCEPTED:
                raise LetterFailed("sender_refused", server_away=True)
            code, said = smtp.rcpt(to)
        except (OSError, smtplib.SMTPException) as error:
            raise LetterFailed(_why(error), server_away=True) from None
        if code not in ACCEPTED:
            raise _refusal(code, said)

    def _message(self, letter: Letter) -> bytes:
        policy = SMTP if letter.to.isascii() else SMTPUTF8
        message = EmailMessage(policy=policy)
        message["From"] = formataddr((self._sender_name or letter.sender_name, self._sender))
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.at)
        message["Message-ID"] = f"<{letter.key}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        # Last: setting the content takes such headers away.
        message["Content-Language"] = letter.language
        # By hand: the library would fold the address, which is longer than a line, into pieces
        # that mail programs do not put together again (RFC 8058 wants it as it is).
        unsubscribe = (
            f"List-Unsubscribe: <{letter.unsubscribe_url}>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        )
        return unsubscribe.encode("ascii") + message.as_bytes()


def _refusal(code: int, said: bytes) -> LetterFailed | LetterRefused:
    """What the answer to an address means: not now, not us, or not this address."""
    if code in TEMPORARY:
        return LetterFailed("later")
    if _POLICY.search(said):
        return LetterFailed("policy")
    return LetterRefused("address_refused")


def _why(error: Exception) -> str:
    """A short word for a log; what servers say may quote addresses."""
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "not_supported"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "sign_in"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "no_answer"
    return "unreachable"
