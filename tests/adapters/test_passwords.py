"""Passwords are hashed with Argon2id, and nothing about them can be read off the clock."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher

from service.adapters.passwords import Passwords

pytestmark = pytest.mark.fast

PASSWORD = "the lighthouse keeper's cat"


class CountingHasher(PasswordHasher):
    """Quick, and counts how often Argon2 ran."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.runs = 0

    def hash(self, password: Any, **options: Any) -> str:
        self.runs += 1
        return super().hash(password, **options)

    def verify(self, hash: Any, password: Any) -> Any:
        self.runs += 1
        return super().verify(hash, password)


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


def test_the_shipped_parameters_are_the_second_of_rfc_9106() -> None:
    assert Passwords().hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_password_holds_in_either_unicode_spelling(hasher: CountingHasher) -> None:
    passwords = Passwords(hasher)
    stored = passwords.hash("un cafe\u0301 au lait")
    assert passwords.check(stored, "un caf\u00e9 au lait").holds
    assert not passwords.check(stored, "un cafe au lait").holds


def test_a_right_a_wrong_and_a_missing_password_cost_one_run_each(hasher: CountingHasher) -> None:
    passwords = Passwords(hasher)
    stored = passwords.hash(PASSWORD)
    for given in (stored, None):
        for password in (PASSWORD, "wrong"):
            before = hasher.runs
            found = passwords.check(given, password)
            assert hasher.runs == before + 1
            assert found.holds is (given is not None and password == PASSWORD)


def test_a_hash_by_older_parameters_still_holds_and_comes_with_a_new_one() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    newer = Passwords(PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    found = newer.check(old, PASSWORD)
    assert found.holds
    assert found.renewed is not None
    assert newer.check(found.renewed, PASSWORD).renewed is None


def test_what_is_no_hash_never_holds(hasher: CountingHasher) -> None:
    assert not Passwords(hasher).check("not a hash", PASSWORD).holds
