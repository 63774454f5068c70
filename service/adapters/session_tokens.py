"""Moderators' sessions: an opaque token in a cookie, and the token that forged requests lack."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from service.adapters.api_keys import KEY_BYTES, hash_api_key

SESSION_PREFIX = "ms_"
CODE_PREFIX = "ml_"
NONCE_BYTES = 16
CSRF_LABEL = "parley csrf"

_SHAPE = re.compile(r"ms_[A-Za-z0-9_-]{43}")


def new_session_token() -> tuple[str, str]:
    """A new session: (the value of the cookie, the hash to store)."""
    plain = SESSION_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    return plain, hash_api_key(plain)


def new_sign_in_code() -> tuple[str, str]:
    """A new one-time code to sign in with: (what its link carries, the hash to store)."""
    plain = CODE_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    return plain, hash_api_key(plain)


def is_session_token(text: str) -> bool:
    """Whether a cookie has the shape of a session (nothing is said of its worth)."""
    return _SHAPE.fullmatch(text) is not None


def new_csrf_token(secret: str, session_hash: str) -> str:
    """A token that holds with this session only, and as long as it does.

    It is computed, not stored, and starts with a nonce: each answer has another one, and the
    tokens of two open tabs hold side by side.
    """
    nonce = secrets.token_hex(NONCE_BYTES)
    return f"{nonce}.{_seal(secret, nonce, session_hash)}"


def csrf_token_holds(secret: str, session_hash: str, token: str) -> bool:
    """Whether `new_csrf_token` gave this token for this session."""
    nonce, _, seal = token.partition(".")
    expected = _seal(secret, nonce, session_hash)
    return hmac.compare_digest(expected.encode(), seal.encode("utf-8", "surrogatepass"))


def _seal(secret: str, nonce: str, session_hash: str) -> str:
    message = "|".join((CSRF_LABEL, nonce, session_hash))
    return hmac.new(
        secret.encode(), message.encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()
