"""Keys of publishers and moderators: random, recognisable, stored as a hash only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.adapters.api_keys import (
    display_prefix,
    hash_api_key,
    is_api_key,
    is_moderator_token,
    matches,
    new_api_key,
    new_moderator_token,
)

MAKERS = [(new_api_key, "pk_"), (new_moderator_token, "mt_")]


@pytest.mark.parametrize(("make", "prefix"), MAKERS)
def test_a_new_key_matches_its_own_hash_and_no_other(
    make: Callable[[], tuple[str, str]], prefix: str
) -> None:
    plain, stored = make()
    other, _ = make()
    assert plain.startswith(prefix)
    assert matches(plain, stored)
    assert not matches(other, stored)


def test_the_stored_hash_does_not_contain_the_key() -> None:
    plain, stored = new_api_key()
    assert plain.removeprefix("pk_") not in stored
    assert len(stored) == 64


def test_a_thousand_keys_are_all_different() -> None:
    assert len({new_api_key()[0] for _ in range(1000)}) == 1000


def test_the_two_kinds_of_key_are_told_apart() -> None:
    publisher, moderator = new_api_key()[0], new_moderator_token()[0]
    assert is_api_key(publisher)
    assert not is_api_key(moderator)
    assert is_moderator_token(moderator)
    assert not is_moderator_token(publisher)


@pytest.mark.parametrize("wrong", ["", "pk_", "pk_short", "eyJ.eyJ.x", "pk_" + "é" * 43])
def test_what_is_no_key_is_recognised_before_any_lookup(wrong: str) -> None:
    assert not is_api_key(wrong)


@pytest.mark.parametrize("odd", ["", "é", "\ud800", "\x00", "x" * 100_000])
def test_any_string_can_be_hashed_and_matches_nothing(odd: str) -> None:
    assert len(hash_api_key(odd)) == 64
    assert not matches(odd, new_api_key()[1])


def test_the_display_prefix_shows_six_characters_of_the_secret() -> None:
    plain, _ = new_api_key()
    assert display_prefix(plain) == plain[:9] + "…"
