"""The engine with the models that ship: what it says, and what it survives."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.domain.scoring import (
    EMBEDDING_SIZE,
    TOXICITY_LABELS,
    ArticleVectors,
    ScoreInput,
)
from tests.scorers.word_model import WordModel
from tests.scorers.words import small_normaliser
from workers.scorers.encoder import Encoder
from workers.scorers.engine import ScoringEngine, load_engine
from workers.scorers.language import LanguageDetector
from workers.scorers.onnx_session import run_outputs
from workers.scorers.registry import SHIPPED_DIR, load_registry
from workers.scorers.relevance import RelevanceScorer
from workers.scorers.scorer_errors import CorruptModel, MissingModel
from workers.scorers.text_scorer import TextScores
from workers.scorers.toxicity import MAX_VERSION, ToxicityScorer, within_column

PASSAGES = [
    "The city council voted on Monday to build new bus lanes along the quays.",
    "The lanes will cost two million euro and open in spring, the mayor said.",
]
ON_TOPIC = "I take the bus along the quays every day, and the new lanes cannot come soon enough."
TOLERANCE = 1e-4


@dataclass(frozen=True)
class ScorerSettings:
    models_dir: str
    toxicity_scorer: str = "auto"
    scoring_threads: int = 1


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> ScoringEngine:
    return load_engine(ScorerSettings(str(tmp_path_factory.mktemp("models"))))


@pytest.fixture(scope="module")
def article(engine: ScoringEngine) -> ArticleVectors:
    title, *passages = engine.embed(["Council approves bus lanes", *PASSAGES])
    return ArticleVectors(title, passages, PASSAGES)


@pytest.fixture(scope="module")
def detect() -> LanguageDetector:
    return LanguageDetector()


def engine_around(model: WordModel, detect: LanguageDetector) -> ScoringEngine:
    encoder = Encoder(SHIPPED_DIR / "compact", 1)
    toxicity = ToxicityScorer(model, small_normaliser(), detect)
    return ScoringEngine(toxicity, RelevanceScorer(encoder), encoder, relevance_languages=("en",))


def test_without_a_fetched_model_compact_is_used_and_named(engine: ScoringEngine) -> None:
    assert (engine.models[0].task, engine.models[0].name) == ("toxicity", "compact")
    assert all(m.version and m.calibration for m in engine.models)


def test_a_comment_gets_every_label_and_its_relevance(
    engine: ScoringEngine, article: ArticleVectors
) -> None:
    assessment = engine.score([ScoreInput(ON_TOPIC, article)])[0]
    assert set(assessment.values()) == {*TOXICITY_LABELS, "relevance"}
    assert all(0 <= value <= 1 for value in assessment.values().values())


def test_a_comment_passes_through_the_encoder_once(
    engine: ScoringEngine, article: ArticleVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[int] = []

    def counted(*given: Any) -> list[np.ndarray]:
        passes.append(len(given[1]))
        return run_outputs(*given)

    monkeypatch.setattr("workers.scorers.encoder.run_outputs", counted)
    engine.score([ScoreInput(f"{ON_TOPIC} Nobody said this before.", article)])
    assert passes == [1]


def test_an_insult_scores_higher_than_thanks(engine: ScoringEngine) -> None:
    insult, thanks = engine.score(
        [ScoreInput("You are a stupid idiot."), ScoreInput("Thank you for a careful report.")]
    )
    assert insult.toxicity.values["toxicity"] > 0.8
    assert thanks.toxicity.values["toxicity"] < 0.2


def test_a_comment_on_the_article_is_more_relevant_than_one_that_is_not(
    engine: ScoringEngine, article: ArticleVectors
) -> None:
    other = "My grandmother baked this bread with rye flour, honey and a little too much salt."
    near, far = engine.score([ScoreInput(ON_TOPIC, article), ScoreInput(other, article)])
    assert near.relevance.values["relevance"] > far.relevance.values["relevance"]


@pytest.mark.parametrize(
    "text",
    [
        "you 1d10t",
        "you i d i o t",
        "you \u0456d\u0456\u043et",
        "you id\u200bi\u200bot",
        "you ｉｄｉｏｔ",
    ],
)
def test_disguise_does_not_lower_the_score(engine: ScoringEngine, text: str) -> None:
    plain, disguised = engine.score([ScoreInput("you idiot"), ScoreInput(text)])
    assert disguised.toxicity.values["toxicity"] >= plain.toxicity.values["toxicity"] - TOLERANCE
    assert disguised.toxicity.was_obfuscated


def test_a_toxic_comment_carries_its_evidence(engine: ScoringEngine) -> None:
    text = "The lanes are fine. You are a stupid idiot!"
    evidence = engine.score([ScoreInput(text)])[0].toxicity.evidence
    span = evidence["sentence"]
    assert text[span["start"] : span["end"]] == "You are a stupid idiot!"


def test_scores_do_not_depend_on_batch_mates(
    engine: ScoringEngine, article: ArticleVectors
) -> None:
    texts = [ON_TOPIC, "ok", "You idiot!", "Who pays? " * 200, "🙂", "Seán said so."]
    batch = [ScoreInput(text, article) for text in texts]
    for item, together in zip(batch, engine.score(batch), strict=True):
        alone = engine.score([item])[0]
        assert together.values().keys() == alone.values().keys()
        for label, value in alone.values().items():
            assert together.values()[label] == pytest.approx(value, abs=TOLERANCE)


def test_scores_do_not_depend_on_the_number_of_threads(
    engine: ScoringEngine, article: ArticleVectors, tmp_path: Path
) -> None:
    two = load_engine(ScorerSettings(str(tmp_path), scoring_threads=2))
    batch = [ScoreInput(text, article) for text in (ON_TOPIC, "You idiot!", "Who pays? " * 200)]
    for one, other in zip(engine.score(batch), two.score(batch), strict=True):
        assert other.values() == pytest.approx(one.values(), abs=TOLERANCE)


@pytest.mark.parametrize("text", ["", "   \n\t", "\u200b\u200d\u2060", "\ufeff", "\x00"])
def test_a_text_with_nothing_to_see_is_unknown(engine: ScoringEngine, text: str) -> None:
    assessment = engine.score([ScoreInput(text)])[0]
    assert (assessment.toxicity.values, assessment.toxicity.unknown) == ({}, "empty")


@pytest.mark.parametrize(
    "text",
    [
        "👍👍👍",
        "x" * 5_000,
        "Who pays for it in the end? " * 360,
        "Мэр 市長 ο δήμαρχος عمدة mayor",
        "\ud800 broken",
        "a\x00b",
        "!!!???",
        "1234567890",
        "\u202etoidi",
    ],
)
def test_odd_texts_get_a_defined_score(engine: ScoringEngine, text: str) -> None:
    toxicity = engine.score([ScoreInput(text)])[0].toxicity
    assert toxicity.values or toxicity.unknown


def test_a_language_the_models_do_not_know_is_unknown_with_the_reason(
    engine: ScoringEngine, article: ArticleVectors
) -> None:
    text = "J'ai lu tout le rapport et je ne vois toujours pas qui paie le pont."
    assessment = engine.score([ScoreInput(text, article)])[0]
    assert (assessment.toxicity.unknown, assessment.relevance.unknown) == ("language", "language")
    assert assessment.toxicity.language == "fr"


def test_without_an_article_relevance_is_unknown(engine: ScoringEngine) -> None:
    relevance = engine.score([ScoreInput(ON_TOPIC)])[0].relevance
    assert (relevance.values, relevance.unknown) == ({}, "no_article")


def test_an_empty_batch_is_an_empty_answer(engine: ScoringEngine) -> None:
    assert engine.score([]) == []
    assert engine.embed([]) == []


def test_embeddings_are_unit_vectors(engine: ScoringEngine) -> None:
    vectors = np.asarray(engine.embed(["Council approves bus lanes", "\ud800"]))
    assert vectors.shape == (2, EMBEDDING_SIZE)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_one_text_a_model_cannot_take_never_fails_its_neighbours(
    detect: LanguageDetector,
) -> None:
    engine = engine_around(WordModel(poison="poison"), detect)
    texts = ["You idiot", "poison", *["fine"] * 30]
    results = [a.toxicity for a in engine.score([ScoreInput(text) for text in texts])]
    assert [r.unknown for r in results] == [None, "failed", *[None] * 30]
    assert results[0].values["toxicity"] == pytest.approx(0.9)


def test_a_score_that_is_not_a_number_is_a_failure_not_a_score(detect: LanguageDetector) -> None:
    class Broken(WordModel):
        def score_texts(self, texts: Sequence[str]) -> TextScores:
            scores = super().score_texts(texts)
            scores.values[0, 0] = np.nan
            return scores

    results = engine_around(Broken(), detect).score([ScoreInput("a"), ScoreInput("b")])
    assert [r.toxicity.unknown for r in results] == ["failed", None]


def test_an_article_of_the_wrong_shape_fails_only_its_own_comment(
    engine: ScoringEngine, article: ArticleVectors
) -> None:
    wrong = ArticleVectors([1.0, 0.0], [])
    bad, good = engine.score([ScoreInput(ON_TOPIC, wrong), ScoreInput(ON_TOPIC, article)])
    assert bad.relevance.unknown == "failed"
    assert good.relevance.values


def test_asking_for_a_model_that_is_not_there_says_how_to_get_it(tmp_path: Path) -> None:
    for choice in ("detoxify-original", "cascade"):
        with pytest.raises(MissingModel, match="models fetch"):
            load_engine(ScorerSettings(str(tmp_path), choice))


def test_a_changed_calibration_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "compact").symlink_to(SHIPPED_DIR / "compact")
    shutil.copytree(SHIPPED_DIR / "relevance", tmp_path / "relevance")
    with (tmp_path / "relevance" / "calibration.json").open("a") as file:
        file.write(" ")
    registry = replace(load_registry(tmp_path), shipped_dir=tmp_path)
    monkeypatch.setattr("workers.scorers.engine.load_registry", lambda _: registry)

    with pytest.raises(CorruptModel, match=r"calibration\.json"):
        load_engine(ScorerSettings(str(tmp_path)))


def test_a_long_version_is_shortened_to_what_the_table_holds_and_stays_distinct() -> None:
    long, other = "v" * 60, "v" * 59 + "w"
    assert len(within_column(long)) == MAX_VERSION
    assert within_column(long) != within_column(other)
