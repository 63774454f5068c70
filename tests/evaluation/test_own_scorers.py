"""Parley's own scorers under test say exactly what a worker's engine says."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.domain.errors import Invalid
from service.domain.scoring import ArticleVectors, ScoreInput
from workers.evaluation.candidate import Candidate
from workers.evaluation.own_scorers import load_own, scoring_settings, trained_on
from workers.scorers.engine import ScoringEngine, load_engine
from workers.scorers.training.corpus import READERS

TEXTS = [
    "You are an idiot and everybody in this town knows it.",
    "The council should publish the budget for the new bus lanes.",
    "what an i d i o t",
    "ok",
    "   ",
    "Ich finde die neue Straße vor dem Rathaus wirklich sehr gelungen und schön.",
]


@pytest.fixture(scope="module")
def candidate() -> Candidate:
    return load_own("compact", {"PARLEY_SCORING_THREADS": "1"})


@pytest.fixture(scope="module")
def engine() -> ScoringEngine:
    return load_engine(scoring_settings("compact", {"PARLEY_SCORING_THREADS": "1"}))


def test_toxicity_is_the_engines_but_for_the_evidence(
    candidate: Candidate, engine: ScoringEngine
) -> None:
    mine = candidate.toxicity.score([ScoreInput(text) for text in TEXTS])
    theirs = [a.toxicity for a in engine.score([ScoreInput(text) for text in TEXTS])]
    for one, other in zip(mine, theirs, strict=True):
        assert one.values == other.values
        assert (one.unknown, one.was_obfuscated) == (other.unknown, other.was_obfuscated)
        assert one.evidence == {}


def test_relevance_is_the_engines(candidate: Candidate, engine: ScoringEngine) -> None:
    passages = ["The council voted on a new budget.", "Bus lanes will open in May."]
    title, *rest = engine.embed(["Council votes on bus lanes", *passages])
    article = ArticleVectors(title=title, passages=rest, passage_texts=passages)
    batch = [ScoreInput(text, article) for text in TEXTS]
    mine = candidate.relevance_scorer().score(batch)
    theirs = [assessment.relevance for assessment in engine.score(batch)]
    assert [(r.values, r.unknown) for r in mine] == [(r.values, r.unknown) for r in theirs]
    assert any(result.values for result in mine)


def test_the_models_in_use_are_named(candidate: Candidate, engine: ScoringEngine) -> None:
    assert candidate.name == "compact"
    assert list(candidate.models) == list(engine.models)


def test_a_text_shown_twice_is_embedded_to_the_same_vector(candidate: Candidate) -> None:
    first, other, again = candidate.encoder()(["the bus", "the budget", "the bus"])
    assert list(first) == list(again)
    assert list(first) != list(other)
    assert candidate.encoder()([]) == []


@pytest.mark.parametrize("name", ["unheard-of", "detoxify-unbiased"])
def test_a_scorer_that_is_not_there_is_an_error_that_names_it(name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        load_own(name, {"PARLEY_MODELS_DIR": str(tmp_path)})
    (message,) = refusal.value.errors["scorer"]
    assert "detoxify-unbiased" in message


def test_the_sets_a_model_was_trained_on_come_from_the_registry(tmp_path: Path) -> None:
    registry = tmp_path / "models.yaml"
    registry.write_text(
        "models:\n  a: {trained_on: [one, two]}\n  b: {trained_on: [two, three]}\n  c: {}\n"
    )
    assert trained_on(("a",), registry) == ("one", "two")
    assert trained_on(("cascade", "a", "b"), registry) == ("one", "two", "three")
    assert trained_on(("c",), registry) == ()


def test_the_registry_names_every_set_that_compact_is_trained_on() -> None:
    assert trained_on(("compact",)) == tuple(READERS)
