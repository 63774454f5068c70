"""Long texts are read to the end, in windows that overlap, and batches are never padded much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from workers.scorers.onnx_session import FREE_PADDING, MAX_PADDING, bucketed
from workers.scorers.windows import windowing_tokenizer, windows_of

WORDS = 100


@pytest.fixture
def tokenizer_file(tmp_path: Path) -> str:
    """A tokenizer that knows w0 to w99, with a padding and a truncation of its own."""
    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2} | {f"w{n}": n + 3 for n in range(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.enable_padding(length=128)
    tokenizer.enable_truncation(5)
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    return str(path)


def text_of(words: int) -> str:
    return " ".join(f"w{n}" for n in range(words))


def test_a_short_text_is_one_window_without_padding(tokenizer_file: str) -> None:
    windows = windows_of(windowing_tokenizer(tokenizer_file, 20), [text_of(4)])
    assert windows.token_ids == [[1, 3, 4, 5, 6, 2]]


def test_every_word_of_a_long_text_stands_in_some_window(tokenizer_file: str) -> None:
    windows = windows_of(windowing_tokenizer(tokenizer_file, 20), [text_of(WORDS)])
    seen = {token for ids in windows.token_ids for token in ids}
    assert seen >= set(range(3, WORDS + 3))


def test_no_window_is_longer_than_the_model_takes(tokenizer_file: str) -> None:
    windows = windows_of(windowing_tokenizer(tokenizer_file, 20), [text_of(WORDS)])
    assert max(map(len, windows.token_ids)) == 20


def test_neighbouring_windows_overlap(tokenizer_file: str) -> None:
    windows = windows_of(windowing_tokenizer(tokenizer_file, 20), [text_of(WORDS)])
    first, second = windows.token_ids[:2]
    assert set(first[1:-1]) & set(second[1:-1])


def test_windows_know_which_text_they_are_of(tokenizer_file: str) -> None:
    windows = windows_of(windowing_tokenizer(tokenizer_file, 20), ["", text_of(30), "w1"])
    assert windows.counts(3) == [1, 2, 1]


def test_a_text_scores_as_its_highest_window(tokenizer_file: str) -> None:
    windows = windows_of(windowing_tokenizer(tokenizer_file, 20), [text_of(30), "w1"])
    scores = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.3]], dtype=np.float32)
    expected = np.array([[0.8, 0.9], [0.3, 0.3]], dtype=np.float32)
    assert np.array_equal(windows.largest(scores, 2), expected)


def test_every_position_is_in_exactly_one_bucket() -> None:
    lengths = [5, 300, 7, 7, 120, 6, 300, 5, 44]
    groups = bucketed(lengths, 600)
    assert sorted(position for group in groups for position in group) == list(range(len(lengths)))


def test_buckets_stay_within_the_token_budget() -> None:
    lengths = [50] * 40
    assert all(len(group) * 50 <= 400 for group in bucketed(lengths, 400))


def test_buckets_hardly_pad() -> None:
    lengths = [3, 4, 9, 12, 30, 33, 64, 80, 200, 210, 512]
    for group in bucketed(lengths):
        shortest = min(lengths[i] for i in group)
        longest = max(lengths[i] for i in group)
        assert longest <= max(shortest * MAX_PADDING, shortest + FREE_PADDING)


def test_a_text_beyond_the_budget_gets_a_bucket_of_its_own() -> None:
    assert [0] in bucketed([900, 5, 5], 100)


def test_no_texts_make_no_buckets() -> None:
    assert bucketed([]) == []
