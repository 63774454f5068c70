"""Passwords are stored as Argon2id hashes and checked with the same work for every answer."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from service.domain.password import PasswordCheck, normal_password

# One check takes 64 MiB. More at once in a process wait for each other: a flood of sign-ins may
# be slow, it must not take the memory that readers need.
AT_ONCE = 2


class Passwords:
    """Hashes and checks passwords by RFC 9106's second profile: 3 passes, 64 MiB, 4 lanes."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._places = BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """The form to store; the same password has another one each time."""
        with self._places:
            return self._hasher.hash(normal_password(password))

    def check(self, stored: str | None, password: str) -> PasswordCheck:
        """Check a password against what is stored.

        Without anything stored the password is hashed all the same and never holds, so that the
        time of an answer does not tell which accounts there are.
        """
        if stored is None:
            self.hash(password)
            return PasswordCheck(holds=False)
        try:
            with self._places:
                self._hasher.verify(stored, normal_password(password))
        except (VerificationError, InvalidHashError):
            return PasswordCheck(holds=False)
        outdated = self._hasher.check_needs_rehash(stored)
        return PasswordCheck(holds=True, renewed=self.hash(password) if outdated else None)
