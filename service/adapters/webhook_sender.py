"""Bring signed messages to the publisher's servers: public addresses only, bounded in all ways."""

from __future__ import annotations

import base64
import logging
import secrets
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import urllib3
from standardwebhooks.webhooks import Webhook
from urllib3.response import BaseHTTPResponse

from service.adapters.pinned_connection import Deadline, pinned_pool
from service.adapters.sealed_secrets import CannotOpen, SecretBox
from service.adapters.web_address import (
    FetchError,
    Resolver,
    WebAddress,
    parse_any,
    resolve_checked,
    system_resolver,
)
from service.domain.errors import Invalid
from service.domain.webhook_message import Answer, Message

CONNECT_SECONDS = 3.0
WHOLE_SECONDS = 10.0
CHECK_SECONDS = 5.0
PURPOSE = "webhook secrets"
SECRET_BYTES = 24
SECRET_PREFIX = "whsec_"  # noqa: S105 - how one begins, not one
USER_AGENT = "Parley webhooks"
GONE = 410
# Longer numbers of seconds, and dates in the past, are nothing one could wait for.
RETRY_AFTER_DIGITS = 9

# It warns of odd headers with the whole address, and in that may be a token of the receiver's.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)


class WebhookSender:
    """Signs by the Standard Webhooks scheme and posts over pinned connections."""

    def __init__(
        self,
        secret_key: str,
        *,
        allow_private: bool = False,
        resolver: Resolver = system_resolver,
        seconds: float = WHOLE_SECONDS,
    ) -> None:
        """Args:
        allow_private: also http and private addresses; for trials and tests only.
        seconds: for one try: name, connection, sending and the answer's head together.
        """
        self._box = SecretBox(secret_key, PURPOSE)
        self._allow_private = allow_private
        self._resolver = resolver
        self._seconds = seconds

    def check(self, url: str) -> None:
        """Raise Invalid naming `url` unless messages may be sent there, as its name leads now."""
        try:
            self._resolved(self._address(url), CHECK_SECONDS)
        except FetchError as error:
            raise Invalid({"url": [f"Cannot be a target: {error.detail}."]}) from error

    def new_secret(self) -> tuple[str, str]:
        """A new secret: as the receiver is shown it, and sealed, as it is stored."""
        drawn = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        plain = SECRET_PREFIX + drawn
        return plain, self._box.seal(plain)

    def post(self, message: Message) -> Answer:
        """Try once. The receiver's answer is its status alone: no body is read, no redirect
        followed. Names are looked up and checked each time, and the connection goes to the
        address that was checked.
        """
        started = time.monotonic()
        try:
            status, retry_after = self._post(message)
        except CannotOpen:
            return Answer("secret_unreadable", _since(started))
        except FetchError as error:
            return Answer(error.code, _since(started))
        return Answer(_error_of(status), _since(started), status, retry_after)

    def _post(self, message: Message) -> tuple[int, float | None]:
        body = message.body.encode()
        headers = self._headers(message)
        address = self._address(message.url)
        with Deadline(self._seconds) as deadline:
            ips = self._resolved(address, deadline.remaining())
            pool = pinned_pool(address, ips, deadline, connect_seconds=CONNECT_SECONDS)
            try:
                with pool:
                    response = pool.urlopen(
                        "POST",
                        address.target,
                        body=body,
                        headers=headers,
                        redirect=False,
                        retries=False,
                        preload_content=False,
                        timeout=deadline.remaining(),
                    )
                    response.close()
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise _failure(error, deadline) from error
            if deadline.expired:
                # Shut in the middle of the headers, which reads like their end.
                raise _too_late()
        return response.status, _retry_after(response)

    def _headers(self, message: Message) -> dict[str, str]:
        sent_at = message.sent_at.astimezone(UTC)
        message_id = f"msg_{message.id.hex}"
        signatures = [
            Webhook(self._box.open(sealed)).sign(message_id, sent_at, message.body)
            for sealed in message.secrets
        ]
        return {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "webhook-id": message_id,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": " ".join(signatures),
        }

    def _address(self, url: str) -> WebAddress:
        address = parse_any(url)
        if address.scheme != "https" and not self._allow_private:
            raise FetchError("bad_address", "it must begin with https://", permanent=True)
        return address

    def _resolved(self, address: WebAddress, seconds: float) -> list[str]:
        return resolve_checked(address, self._resolver, seconds, allow_private=self._allow_private)


def _error_of(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if status == GONE:
        return "gone"
    return "redirect" if 300 <= status < 400 else "http_status"


def _retry_after(response: BaseHTTPResponse) -> float | None:
    """Seconds to wait, given as a number or as a date; None for anything else."""
    given = response.headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:RETRY_AFTER_DIGITS])
    try:
        moment = parsedate_to_datetime(given)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None  # not a date, or one without a zone


def _failure(error: Exception, deadline: Deadline) -> FetchError:
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError) and not deadline.expired:
        return FetchError("tls_failed", "the certificate or TLS was refused", permanent=False)
    # urllib3 counts a refused connection among the timeouts.
    refused = isinstance(error, urllib3.exceptions.NewConnectionError)
    slow = isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError) and not refused
    if deadline.expired or slow:
        return _too_late()
    return FetchError("connection_failed", type(error).__name__, permanent=False)


def _too_late() -> FetchError:
    return FetchError("timeout", "no answer in time", permanent=False)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
