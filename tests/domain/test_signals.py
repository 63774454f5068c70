"""What a rule may look at, and what happens to values it cannot use."""

import math

import pytest

from service.domain.signals import SIGNALS, SignalType, author_trust, coerce, flatten

pytestmark = pytest.mark.fast


def test_nested_signals_become_full_names() -> None:
    values, unusable = flatten({"scores": {"toxicity": 0.4}, "author": {"is_staff": False}})
    assert values == {"scores.toxicity": 0.4, "author.is_staff": False}
    assert unusable == ()


def test_none_is_a_missing_value_and_not_a_mistake() -> None:
    assert flatten({"scores": {"toxicity": None}}) == ({}, ())


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("scores.toxicity", "0.9"),
        ("scores.toxicity", math.nan),
        ("scores.toxicity", math.inf),
        ("scores.toxicity", True),
        ("author.approved_count", 10**400),
        ("author.is_staff", 1),
        ("article.mode", "pre"),
        ("article.section", "\ud800"),
        ("content.link_hosts", "one.example"),
        ("content.link_hosts", ["one.example", 2]),
        ("content.matched_lists", ["\udfff"]),
    ],
)
def test_a_value_of_the_wrong_kind_is_missing_and_named(name: str, raw: object) -> None:
    namespace, _, field = name.partition(".")
    assert flatten({namespace: {field: raw}}) == ({}, (name,))


def test_a_name_that_no_signal_has_is_named_and_not_used() -> None:
    assert flatten({"scores": {"wit": 0.9}, "weather": {"rain": True}}) == (
        {},
        ("scores.wit", "weather.rain"),
    )


def test_ages_are_rounded_down_to_whole_numbers() -> None:
    assert coerce("article.age_hours", 3.9) == 3


def test_whole_numbers_serve_as_scores() -> None:
    value = coerce("scores.toxicity", 1)
    assert value == 1.0
    assert isinstance(value, float)


def test_a_set_of_texts_is_read_in_a_fixed_order() -> None:
    assert coerce("article.tags", {"b", "a"}) == ("a", "b")


def test_every_signal_says_what_it_means() -> None:
    assert all(signal.meaning for signal in SIGNALS.values())


def test_only_texts_have_choices() -> None:
    assert {s.type for s in SIGNALS.values() if s.choices} == {SignalType.text}


@pytest.mark.parametrize(
    ("premoderated", "approved", "rate", "trust"),
    [
        (True, 500, 0.0, "premoderated"),
        (False, 2, 0.0, "new"),
        (False, 3, 0.0, "known"),
        (False, 50, 0.02, "trusted"),
        (False, 50, 0.5, "known"),
    ],
)
def test_trust_follows_from_the_record_and_a_sanction_comes_first(
    premoderated: bool, approved: int, rate: float, trust: str
) -> None:
    given = author_trust(premoderated=premoderated, approved_count=approved, rejected_rate_30d=rate)
    assert given == trust
    assert coerce("author.trust", given) == trust
