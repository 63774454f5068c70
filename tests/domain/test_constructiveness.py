"""Signs of constructive writing, counted by how much more of them there is than length gives."""

from __future__ import annotations

import math

import pytest

from service.domain.constructiveness import EVEN, SIGNS, constructiveness
from service.domain.featured import may_be_suggested, merit

PLAIN = "The ferry was late again this morning and everybody on the pier was cold and wet."
ARGUED = (
    "The ferry was late because the pier is too short, although the survey of 2019 said so; "
    "they could move the ramp instead."
)


def signs(text: str) -> dict[str, bool]:
    found = constructiveness(text, language="en")
    assert found is not None
    return {sign.name: sign.present for sign in found.signs}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was late because the pier is too short for this ship.", "reasons"),
        ("The council counted 140 passengers on each of these sailings.", "evidence"),
        ("According to the harbour master the pier is too short.", "evidence"),
        ("The ship is fine, although the pier is a little too short.", "balance"),
        ("They could build a longer pier before the next summer comes.", "proposals"),
    ],
)
def test_each_sign_is_seen_by_its_words(text: str, name: str) -> None:
    assert [sign for sign, present in signs(text).items() if present] == [name]


def test_a_plain_comment_shows_no_sign_and_lies_below_the_ordinary() -> None:
    found = constructiveness(PLAIN, language="en")
    assert found is not None
    assert not any(sign.present for sign in found.signs)
    assert found.value < EVEN


def test_an_argued_comment_of_the_same_length_lies_above() -> None:
    found = constructiveness(ARGUED, language="en")
    assert found is not None
    assert all(sign.present for sign in found.signs)
    assert found.value > 0.8


def test_saying_a_thing_often_does_not_count_twice() -> None:
    once = "It was late because of fog and rain and wind and much else at the old pier."
    twice = "It was late because of fog, because of rain, and because of wind at the old pier."
    assert signs(once) == signs(twice)


def test_length_alone_lifts_nothing() -> None:
    longer = [constructiveness(" ".join([PLAIN] * n), language="en") for n in (1, 3, 10)]
    values = [found.value for found in longer if found is not None]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


def test_what_is_expected_grows_with_length_and_stays_a_probability() -> None:
    for sign in SIGNS:
        expected = [sign.expected(words) for words in (8, 40, 200, 3_000)]
        assert expected == sorted(expected)
        assert all(0 < value < 1 for value in expected)
        assert sign.expected(40) == pytest.approx(
            1 / (1 + math.exp(-(sign.base + sign.slope * math.log(40))))
        )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Because of the fog.", "en"),
        (ARGUED, "de"),
        (ARGUED, None),
        ("", "en"),
    ],
)
def test_too_short_or_in_another_language_nothing_is_said(text: str, language: str | None) -> None:
    assert constructiveness(text, language=language) is None


def test_readers_support_counts_most() -> None:
    liked = merit(reactions=30, replies=2, constructiveness=0.1, relevance=0.1)
    argued = merit(reactions=0, replies=0, constructiveness=1.0, relevance=1.0)
    assert liked.total > argued.total


def test_the_parts_add_up_and_what_is_unknown_counts_as_ordinary() -> None:
    found = merit(reactions=3, replies=1, constructiveness=None, relevance=None)
    assert found.total == pytest.approx(found.support + found.writing + found.closeness)
    assert (found.writing, found.closeness) == (0.1, 0.1)


@pytest.mark.parametrize(
    ("toxicity", "may"), [(0.05, True), (0.2, True), (0.21, False), (None, False)]
)
def test_only_what_is_known_to_be_inoffensive_is_suggested(
    toxicity: float | None, may: bool
) -> None:
    assert may_be_suggested(toxicity) is may
