"""The toxicity model that ships: one score per label that depends on one text alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from service.domain.scoring import TOXICITY_LABELS
from workers.scorers.compact import CompactScorer
from workers.scorers.encoder import Encoder
from workers.scorers.ngrams import BUCKETS, buckets_of

FOLDER = Path(__file__).parents[2] / "workers" / "models" / "compact"
CIVIL = "Thank you for this clear article about the new tram line."
INSULT = "You are a stupid, disgusting idiot and everybody hates you."
ODD = ["", "😀😀", "x" * 5000, "word " * 2000, "a \ud800 b", "北京 naïve", "\x00"]
TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def compact() -> CompactScorer:
    return CompactScorer(FOLDER)


def test_it_knows_all_labels_of_detoxify(compact: CompactScorer) -> None:
    assert compact.labels == TOXICITY_LABELS


def test_an_insult_scores_far_above_a_civil_comment(compact: CompactScorer) -> None:
    civil, insult = compact.score_texts([CIVIL, INSULT]).values[:, 0]
    assert civil < 0.1
    assert insult > 0.7


def test_an_insult_after_a_thousand_civil_words_still_counts(compact: CompactScorer) -> None:
    civil = "The new tram line opens in spring and the stops are close to the school. " * 70
    calm, late = compact.score_texts([civil, civil + INSULT]).values[:, 0]
    assert calm < 0.2
    assert late > 0.5


def test_naming_a_group_kindly_scores_far_below_attacking_it(compact: CompactScorer) -> None:
    texts = ["My Muslim neighbours are lovely.", "Muslims are disgusting vermin."]
    kind, attack = compact.score_texts(texts).values[:, compact.labels.index("identity_attack")]
    assert kind < attack / 2


def test_every_odd_text_gets_a_score_between_0_and_1(compact: CompactScorer) -> None:
    scores = compact.score_texts(ODD).values
    assert scores.shape == (len(ODD), len(TOXICITY_LABELS))
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_score_does_not_depend_on_its_batch_mates(compact: CompactScorer) -> None:
    texts = [CIVIL, INSULT, *ODD]
    alone = np.concatenate([compact.score_texts([text]).values for text in texts])
    assert np.abs(compact.score_texts(texts).values - alone).max() < TOLERANCE


def test_a_score_does_not_depend_on_the_number_of_threads(compact: CompactScorer) -> None:
    texts = [CIVIL, INSULT, *ODD]
    both = CompactScorer(FOLDER, Encoder(FOLDER, 2)).score_texts(texts)
    assert np.abs(compact.score_texts(texts).values - both.values).max() < TOLERANCE


def test_a_long_text_says_in_how_many_windows_it_was_read(compact: CompactScorer) -> None:
    short, long = compact.score_texts([CIVIL, CIVIL * 100]).windows
    assert (short, long > 1) == (1, True)


def test_no_texts_give_no_rows(compact: CompactScorer) -> None:
    assert compact.score_texts([]).values.shape == (0, len(TOXICITY_LABELS))


def test_ngrams_ignore_case_and_punctuation() -> None:
    assert (buckets_of("Late, AGAIN!") == buckets_of("late again")).all()


def test_ngrams_tell_word_order_and_stay_inside_the_table() -> None:
    first, second = buckets_of("trams are late"), buckets_of("late are trams")
    assert set(first) != set(second)
    assert 0 <= first.min() <= first.max() < BUCKETS


def test_a_text_without_letters_has_no_ngrams() -> None:
    assert len(buckets_of("?! …")) == 0
