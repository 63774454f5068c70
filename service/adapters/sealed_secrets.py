"""Secrets that have to be read again, kept encrypted: JWE, A256GCM, by the installation's key."""

from __future__ import annotations

import hashlib
import hmac

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_HEADER = {"alg": "dir", "enc": "A256GCM"}


class CannotOpen(Exception):
    """A sealed text was made with another key, or is none."""


class SecretBox:
    """Seals and opens short texts for one purpose."""

    def __init__(self, secret_key: str, purpose: str) -> None:
        """Args:
        secret_key: the installation's.
        purpose: what is sealed here opens nowhere else.
        """
        derived = hmac.new(secret_key.encode(), f"seal {purpose}".encode(), hashlib.sha256)
        self._key = OctKey.import_key(derived.digest())

    def seal(self, text: str) -> str:
        """The text, encrypted; another result each time."""
        return jwe.encrypt_compact(_HEADER, text.encode(), self._key)

    def open(self, sealed: str) -> str:
        """The text that was sealed. Raises CannotOpen."""
        try:
            plaintext = jwe.decrypt_compact(sealed, self._key).plaintext
        except (JoseError, ValueError) as error:
            raise CannotOpen from error
        return (plaintext or b"").decode()
