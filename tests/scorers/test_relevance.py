"""Relevance through the real encoder, on invented articles and comments."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from service.domain.passage import split_passages
from service.domain.scoring import RELEVANCE_LABEL, ArticleVectors, ScoreInput
from workers.scorers.encoder import Encoder
from workers.scorers.relevance import FOLDER, RelevanceScorer
from workers.scorers.scorer_errors import CorruptModel, MissingModel

COMPACT = FOLDER.parent / "compact"
TITLE = "Council votes to close the Elm Street swimming pool"
BODY = """The city council voted nine to four on Monday night to close the swimming pool on Elm \
Street, which has taught children to swim since 1962. Engineers had warned that the roof beams \
are rotten and that the filters leak. Repairs would cost two million, the finance committee said, \
more than the leisure department spends in a year on all of its buildings together.

Swimming clubs filled the public gallery and unrolled a banner. The coach of the junior squad \
said that the nearest other pool is forty minutes away by bus, and that most of her swimmers \
will give up. A petition with eleven thousand names asks for a vote by the residents. The mayor \
promised to look for a private operator before the doors are locked in September."""
ON_TOPIC = (
    "My daughter learned to swim there, forty minutes on a bus is no use to a child of seven.",
    "Two million for a new roof and filters sounds a lot until you see what the town hall cost.",
    "The councillors who voted for the closure should try to explain it to the swimming clubs.",
)
OFF_TOPIC = (
    "The new phone has a worse battery than last year's model and the camera app keeps crashing.",
    "That penalty was never a penalty, the referee cost us the league and everybody knows it.",
    "Fry the onions slowly in butter, then add the garlic, the stock and a glass of white wine.",
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(COMPACT, threads=1)


@pytest.fixture(scope="module")
def scorer(encoder: Encoder) -> RelevanceScorer:
    return RelevanceScorer(encoder)


@pytest.fixture(scope="module")
def article(encoder: Encoder) -> ArticleVectors:
    passages = split_passages(BODY)
    vectors = encoder.embed([TITLE, *passages]).tolist()
    return ArticleVectors(title=vectors[0], passages=vectors[1:], passage_texts=passages)


def relevance(scorer: RelevanceScorer, item: ScoreInput) -> float:
    return scorer.score([item])[0].values[RELEVANCE_LABEL]


@pytest.mark.parametrize("text", ON_TOPIC)
def test_a_comment_about_the_article_is_relevant(
    scorer: RelevanceScorer, article: ArticleVectors, text: str
) -> None:
    assert relevance(scorer, ScoreInput(text, article)) > 0.5


@pytest.mark.parametrize("text", OFF_TOPIC)
def test_a_comment_about_something_else_is_not(
    scorer: RelevanceScorer, article: ArticleVectors, text: str
) -> None:
    assert relevance(scorer, ScoreInput(text, article)) < 0.3


def test_a_short_vague_comment_is_nearer_to_the_middle_than_a_long_one(
    scorer: RelevanceScorer, article: ArticleVectors
) -> None:
    vague = relevance(scorer, ScoreInput("This happens every single time.", article))
    assert vague > max(relevance(scorer, ScoreInput(text, article)) for text in OFF_TOPIC)


@pytest.mark.parametrize(
    "text", ["", "ok", "lol so true", "👍👍👍", "!!!", "https://example.org/a-b-c"]
)
def test_a_comment_too_short_to_tell_is_unknown_and_never_a_low_number(
    scorer: RelevanceScorer, article: ArticleVectors, text: str
) -> None:
    result = scorer.score([ScoreInput(text, article)])[0]
    assert result.unknown == "too_short"
    assert not result.values


def test_without_an_article_relevance_is_unknown(scorer: RelevanceScorer) -> None:
    empty = ArticleVectors(title=None, passages=())
    results = scorer.score([ScoreInput(ON_TOPIC[0]), ScoreInput(ON_TOPIC[0], empty)])
    assert [result.unknown for result in results] == ["no_article", "no_article"]


def test_the_evidence_names_the_nearest_passage(
    scorer: RelevanceScorer, article: ArticleVectors
) -> None:
    text = (
        "A coach and a petition with thousands of names in the public gallery, that is democracy."
    )
    evidence = scorer.score([ScoreInput(text, article)])[0].evidence
    assert evidence["passage"] == 1
    assert evidence["text"] == article.passage_texts[1]
    assert 0 < evidence["similarity"] <= 1


def test_an_article_with_a_title_only_can_be_compared_to(
    scorer: RelevanceScorer, article: ArticleVectors
) -> None:
    title_only = ArticleVectors(title=article.title, passages=())
    result = scorer.score([ScoreInput(ON_TOPIC[0], title_only)])[0]
    assert result.evidence["against"] == "title"
    assert result.evidence["passage"] is None


def test_a_reply_that_fits_a_relevant_parent_is_lifted_by_it(
    scorer: RelevanceScorer, article: ArticleVectors
) -> None:
    parent = "The council closes the pool, but my old school in Leitrim built its own with a loan."
    reply = "Which school in Leitrim was that, and how did they pay the loan back in the end?"
    alone = relevance(scorer, ScoreInput(reply, article))
    result = scorer.score([ScoreInput(reply, article, parents=(parent,))])[0]
    assert result.values[RELEVANCE_LABEL] > alone
    assert result.evidence["against"] == "parent"


def test_an_off_topic_chain_does_not_whitewash_itself(
    scorer: RelevanceScorer, article: ArticleVectors
) -> None:
    parents = (
        "The phone's battery is worse and the camera app on the phone crashes.",
        "My new phone has a bad battery, and last year's model had a better camera.",
    )
    reply = OFF_TOPIC[0]
    assert relevance(scorer, ScoreInput(reply, article, parents=parents)) < 0.3


def test_a_quoted_parent_is_not_the_readers_own_words(
    scorer: RelevanceScorer, encoder: Encoder, article: ArticleVectors
) -> None:
    quoting = ScoreInput(f"> {ON_TOPIC[0]}\n\n{OFF_TOPIC[0]}", article)
    plain = relevance(scorer, ScoreInput(OFF_TOPIC[0], article))
    assert relevance(scorer, quoting) == pytest.approx(plain, abs=1e-4)
    embedded = scorer.score_embedded([quoting], encoder.embed([quoting.text]))[0]
    assert embedded.values[RELEVANCE_LABEL] == pytest.approx(plain, abs=1e-4)


def test_a_score_does_not_depend_on_the_rest_of_the_batch(
    scorer: RelevanceScorer, article: ArticleVectors
) -> None:
    texts = [
        *ON_TOPIC,
        *OFF_TOPIC,
        "word " * 2000,
        "x" * 5000,
        "Où est la piscine, s'il vous plaît ?",
    ]
    items = [ScoreInput(text, article) for text in texts]
    together = scorer.score(items)
    for item, result in zip(items, together, strict=True):
        alone = scorer.score([item])[0]
        assert alone.unknown == result.unknown
        for label, value in alone.values.items():
            assert result.values[label] == pytest.approx(value, abs=1e-4)


def test_known_vectors_give_the_same_score(
    scorer: RelevanceScorer, encoder: Encoder, article: ArticleVectors
) -> None:
    items = [ScoreInput(text, article) for text in (*ON_TOPIC, *OFF_TOPIC)]
    vectors = encoder.embed([item.text for item in items])
    given = [r.values[RELEVANCE_LABEL] for r in scorer.score_embedded(items, vectors)]
    own = [r.values[RELEVANCE_LABEL] for r in scorer.score(items)]
    assert np.allclose(given, own, atol=1e-4)


def test_a_lone_surrogate_is_scored_like_any_text(
    scorer: RelevanceScorer, article: ArticleVectors
) -> None:
    assert relevance(scorer, ScoreInput(f"{ON_TOPIC[0]} \ud83d", article)) > 0.5


def test_a_missing_calibration_is_refused_with_its_name(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match=r"calibration\.json"):
        RelevanceScorer(encoder, tmp_path)


@pytest.mark.parametrize("change", [{"intercept": "0"}, {"sharpness": float("nan")}, {"more": 1.0}])
def test_a_wrong_calibration_is_refused_with_its_name(
    encoder: Encoder, tmp_path: Path, change: dict[str, object]
) -> None:
    good = json.loads((FOLDER / "calibration.json").read_text())
    (tmp_path / "calibration.json").write_text(json.dumps({**good, **change}))
    with pytest.raises(CorruptModel, match=r"calibration\.json"):
        RelevanceScorer(encoder, tmp_path)
