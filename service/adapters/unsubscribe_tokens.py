"""Tokens in letters that end them: signed, for this alone, good as long as the letter is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

LABEL = b"parley unsubscribe|"
_SHAPE = re.compile(r"([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})")


def new_unsubscribe_token(secret: str, reader_id: UUID) -> str:
    """The reader's id and HMAC-SHA256 of it under the installation's secret, base64url."""
    return f"{_encode(reader_id.bytes)}.{_encode(_seal(secret, reader_id))}"


def read_unsubscribe_token(secret: str, token: str) -> UUID | None:
    """The reader a token was made for; None for anything that `new_unsubscribe_token` did not give.

    It does not run out: a letter may be opened years later, and what it can do is harmless.
    """
    parts = _SHAPE.fullmatch(token)
    if parts is None:
        return None
    reader_id = UUID(bytes=urlsafe_b64decode(parts[1] + "=="))
    known = hmac.compare_digest(_encode(_seal(secret, reader_id)), parts[2])
    return reader_id if known else None


def _seal(secret: str, reader_id: UUID) -> bytes:
    return hmac.digest(secret.encode(), LABEL + reader_id.bytes, hashlib.sha256)


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
