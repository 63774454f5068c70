"""The shipped sentence encoder: unit vectors that depend on one text alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workers.scorers.encoder import Encoder
from workers.scorers.onnx_session import run_outputs
from workers.scorers.recent_vectors import RecentVectors
from workers.scorers.token_ids import TextTokens

FOLDER = Path(__file__).parents[2] / "workers" / "models" / "compact"
TEXTS = [
    "The council postponed the vote on the new tram line until spring.",
    "ok",
    "Trams are late every single morning and nobody at the depot answers the telephone. " * 4,
    "Why does a ticket cost more than petrol?",
    "",
    "Straßenbahn, 北京, naïve 😀",
    "word " * 2000,
    "x" * 5000,
]
TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(FOLDER, 1, remembered=0)


def test_every_text_gives_a_unit_vector_even_an_empty_or_endless_one(encoder: Encoder) -> None:
    vectors = encoder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=TOLERANCE)


def test_a_vector_does_not_depend_on_its_batch_mates(encoder: Encoder) -> None:
    together = encoder.embed(TEXTS)
    alone = np.concatenate([encoder.embed([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < TOLERANCE


def test_a_vector_does_not_depend_on_the_number_of_threads(encoder: Encoder) -> None:
    assert (
        np.abs(Encoder(FOLDER, 2, remembered=0).embed(TEXTS) - encoder.embed(TEXTS)).max()
        < TOLERANCE
    )


def test_texts_on_one_subject_are_nearer_than_texts_on_two(encoder: Encoder) -> None:
    tram, late, bread = encoder.embed(
        [
            "The tram was late again this morning.",
            "Public transport in the city is never on time.",
            "My sourdough needs a hotter oven.",
        ]
    )
    assert tram @ late > tram @ bread + 0.2


def test_words_beyond_the_first_window_still_count(encoder: Encoder) -> None:
    start = "The tram was late again. " * 30
    short, longer = encoder.embed([start, start + "My sourdough needs a hotter oven. " * 8])
    assert short @ longer < 0.99


def test_a_lone_surrogate_is_read_as_an_unknown_sign(encoder: Encoder) -> None:
    assert np.isfinite(encoder.embed(["a \ud800 b"])).all()


def test_reading_for_toxicity_gives_the_vector_that_embedding_gives(encoder: Encoder) -> None:
    remembering = Encoder(FOLDER, 1)
    remembering.read(TEXTS)
    assert np.abs(remembering.embed(TEXTS) - encoder.embed(TEXTS)).max() < TOLERANCE


def test_a_text_that_was_read_does_not_pass_through_the_encoder_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = Encoder(FOLDER, 1)
    encoder.read(TEXTS[:3])
    runs: list[int] = []

    def counted(*given: Any) -> list[np.ndarray]:
        runs.append(len(given[1]))
        return run_outputs(*given)

    monkeypatch.setattr("workers.scorers.encoder.run_outputs", counted)
    encoder.embed([TEXTS[0], TEXTS[3], TEXTS[2]])
    assert runs == [1]


def test_no_more_vectors_are_kept_than_asked_for() -> None:
    recent = RecentVectors(2)
    recent.keep(["a", "b"], np.eye(2, dtype=np.float32))
    recent.keep(["a", "c"], np.eye(2, dtype=np.float32))
    assert set(recent.of(["a", "b", "c"])) == {"a", "c"}


def test_no_texts_are_read_as_nothing(encoder: Encoder) -> None:
    assert encoder.read([]).heads.shape[0] == 0


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.embed([]).shape == (0, 384)


def test_the_shipped_tokenizer_neither_pads_nor_cuts_on_its_own() -> None:
    tokenizer = json.loads((FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    assert tokenizer["padding"] is None
    assert tokenizer["truncation"] is None


def test_a_long_text_keeps_exactly_the_tokens_that_fit() -> None:
    ids = TextTokens(FOLDER / "tokenizer.json", 16).ids(["word " * 40, "word"])
    assert [len(row) for row in ids] == [16, 3]
