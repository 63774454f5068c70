"""Guidelines in the reader's language, and policies as they are evaluated."""

import dataclasses

import pytest

from service.domain.rule import Action, Screen
from tests.domain.policies import LANGUAGE, clause, policy, rule

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ga", "ga"), ("ga-IE", "ga"), ("ga_IE", "ga"), ("fr", "en"), (None, "en"), ("", "en")],
)
def test_a_guideline_is_shown_in_the_nearest_language(locale: str | None, language: str) -> None:
    local = policy().for_locale("civil", locale)
    assert local.language == language
    assert local.title == {"en": "About civil", "ga": "Faoi civil"}[language]


def test_a_guideline_in_neither_language_is_shown_in_the_one_it_has() -> None:
    only = dataclasses.replace(
        clause("civil", "heavy"), title={"de": "T"}, text={"de": "X"}, report_label={"de": "L"}
    )
    found = dataclasses.replace(policy(), guidelines={"civil": only})
    assert found.for_locale("civil", "fr").language == "de"


def test_a_guideline_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        policy().for_locale("politeness", "en")


def test_the_version_is_the_start_of_the_digest() -> None:
    assert policy().version == "0123456789ab"


def test_actions_rank_from_publish_to_reject() -> None:
    order = ["publish", "demote", "queue", "nudge", "hold", "hide", "reject"]
    assert sorted(Action, key=lambda action: action.rank) == [Action(name) for name in order]


def test_rules_that_are_off_are_not_evaluated() -> None:
    found = policy(rule("author.is_staff", "publish", mode="off"))
    assert found.active == ()
    assert found.evaluate({"author.is_staff": True}) == []


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"scores.toxicity": 0.9},
        {"scores.toxicity": 0.1, "author.is_staff": False},
        {"scores.toxicity": 0.1, "author.is_staff": True},
        {"author.is_staff": False},
    ],
)
def test_a_screen_changes_no_answer(values: dict[str, float | bool]) -> None:
    conditions = ["scores.toxicity > 0.5", "author.is_staff", "content.link_count > 3"]
    plain = policy(*(rule(when, "queue", queue="toxic") for when in conditions))
    screened = dataclasses.replace(plain, screens=(Screen(LANGUAGE.join(conditions[:2]), (0, 1)),))
    assert screened.evaluate(values) == plain.evaluate(values)
