"""What may be a moderator's password."""

from __future__ import annotations

import pytest

from service.domain.errors import Invalid
from service.domain.password import accept_password, normal_password

pytestmark = pytest.mark.fast

EMAIL, NAME = "siobhan.walsh@courier.example", "Siobhán Walsh-Byrne"


@pytest.mark.parametrize(
    "password", ["twelve chars", "x y z " * 33, "tá an fharraige ciúin", "siobhan.walsh 42 boats"]
)
def test_length_is_all_that_is_asked(password: str) -> None:
    accept_password(password, email=EMAIL, name=NAME)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eleven char", "12 to 200"),
        ("", "12 to 200"),
        ("x" * 201, "12 to 200"),
        ("Siobhan.Walsh@Courier.example", "neither"),
        ("siobhan walsh", "neither"),
        ("SIOBHÁN WALSH BYRNE", "neither"),
    ],
)
def test_short_long_and_obvious_ones_are_refused(password: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        accept_password(password, email=EMAIL, name=NAME)
    assert why in refused.value.errors["password"][0]


def test_the_same_word_from_two_keyboards_is_one_password() -> None:
    assert normal_password("cafe\u0301") == normal_password("caf\u00e9")
