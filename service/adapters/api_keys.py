"""Keys that programs and moderators sign in with: made once, shown once, stored as a hash.

A fast hash is enough. Slow hashes protect what people choose and others can guess; these keys are
256 random bits, so trying them one by one fails for any speed of the hash, and a fast one can be
checked on every request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

API_KEY_PREFIX = "pk_"
MODERATOR_PREFIX = "mt_"
KEY_BYTES = 32
SHOWN_CHARS = 6

# token_urlsafe writes 32 bytes as 43 characters.
_SHAPE = re.compile(r"(?:pk|mt)_[A-Za-z0-9_-]{43}")


def new_api_key() -> tuple[str, str]:
    """A publisher's new key: (the key to show once, the hash to store)."""
    return _new_key(API_KEY_PREFIX)


def new_moderator_token() -> tuple[str, str]:
    """A moderator's new token: (the token to show once, the hash to store)."""
    return _new_key(MODERATOR_PREFIX)


def hash_api_key(plain: str) -> str:
    """The stored form of a key or token: SHA-256 in hex. Any string has one, also a wrong key."""
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def is_api_key(text: str) -> bool:
    """Whether a credential has the shape of a publisher's key (nothing is said of its worth)."""
    return text.startswith(API_KEY_PREFIX) and _SHAPE.fullmatch(text) is not None


def is_moderator_token(text: str) -> bool:
    """Whether a credential has the shape of a moderator's token."""
    return text.startswith(MODERATOR_PREFIX) and _SHAPE.fullmatch(text) is not None


def matches(plain: str, stored_hash: str) -> bool:
    """Whether a key belongs to a stored hash; takes the same time wherever they differ."""
    return hmac.compare_digest(hash_api_key(plain).encode(), stored_hash.encode())


def display_prefix(plain: str) -> str:
    """The first characters of a key, enough to tell keys apart in a list: `pk_A1b2C3…`."""
    return f"{plain[: len(API_KEY_PREFIX) + SHOWN_CHARS]}…"


def _new_key(prefix: str) -> tuple[str, str]:
    plain = prefix + secrets.token_urlsafe(KEY_BYTES)
    return plain, hash_api_key(plain)
