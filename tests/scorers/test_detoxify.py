"""Detoxify's real loading code and ours on checkpoints in its own format, built here."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs requirements/detoxify.txt")
detoxify = pytest.importorskip("detoxify", reason="needs requirements/detoxify.txt")

from tests.scorers.tiny_checkpoint import MAX_TOKENS, write_tiny_checkpoint  # noqa: E402
from workers.scorers.detoxify_checkpoint import load_checkpoint  # noqa: E402
from workers.scorers.detoxify_torch import DetoxifyTorch, load_detoxify_torch  # noqa: E402
from workers.scorers.scorer_errors import CorruptModel, MissingModel  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

ARCHITECTURES = [("Bert", 6), ("Roberta", 7), ("XLMRoberta", 7), ("Albert", 6), ("Albert", 7)]
SHORT_TEXTS = ["You are an idiot", "ok", "The new bus lanes help nobody.", "", "🙂 caife, arán"]
LONG_TEXT = "The new bus lanes help nobody but the people who drew them. " * 20
TOLERANCE = 1e-4


@pytest.fixture(scope="module", params=ARCHITECTURES, ids=lambda p: f"{p[0]}-{p[1]}")
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place: Path = tmp_path_factory.mktemp("checkpoint")
    write_tiny_checkpoint(place, *request.param)
    return place


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place: Path = tmp_path_factory.mktemp("bert")
    write_tiny_checkpoint(place, "Bert", 6)
    return place


def ours(folder: Path) -> DetoxifyTorch:
    return load_detoxify_torch("tiny", "1", folder, "model.ckpt", threads=1, languages=())


def change_checkpoint(folder: Path, target: Path, change: Any) -> Path:
    """A copy of the folder whose loaded checkpoint went through `change`."""
    (target / "hf").mkdir(parents=True)
    for file in (folder / "hf").iterdir():
        (target / "hf" / file.name).write_bytes(file.read_bytes())
    loaded = torch.load(folder / "model.ckpt", weights_only=True)
    change(loaded)
    torch.save(loaded, target / "model.ckpt")
    return target


def test_scores_equal_detoxify_predict(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    reference = detoxify.Detoxify(checkpoint=str(folder / "model.ckpt"))
    scorer = ours(folder)
    predicted = reference.predict(SHORT_TEXTS)
    assert list(predicted) == list(scorer.labels)
    expected = np.array([predicted[label] for label in scorer.labels]).T
    assert np.abs(scorer.score_texts(SHORT_TEXTS).values - expected).max() <= TOLERANCE


def test_a_long_text_is_read_in_windows_to_its_end(folder: Path) -> None:
    scorer = ours(folder)
    scores = scorer.score_texts([LONG_TEXT, "ok"])
    assert scores.windows[0] > 1
    assert scores.windows[1] == 1


def test_what_stands_at_the_end_of_a_long_text_counts(bert: Path) -> None:
    scorer = ours(bert)
    with_end = scorer.score_texts([LONG_TEXT + "You are an idiot and everybody knows it."])
    without = scorer.score_texts([LONG_TEXT])
    assert not np.array_equal(with_end.values, without.values)


def test_scores_do_not_depend_on_batch_mates(folder: Path) -> None:
    scorer = ours(folder)
    texts = [*SHORT_TEXTS, LONG_TEXT]
    together = scorer.score_texts(texts).values
    alone = np.concatenate([scorer.score_texts([text]).values for text in texts])
    assert np.abs(together - alone).max() <= TOLERANCE


def test_the_longest_input_is_the_models_own(folder: Path) -> None:
    loaded = load_checkpoint(folder / "model.ckpt", folder / "hf")
    assert loaded.max_tokens == MAX_TOKENS


def test_a_checkpoint_without_its_head_is_refused(bert: Path, tmp_path: Path) -> None:
    def remove_head(loaded: Any) -> None:
        del loaded["state_dict"]["classifier.weight"]

    headless = change_checkpoint(bert, tmp_path / "headless", remove_head)
    with pytest.raises(CorruptModel, match=r"classifier\.weight"):
        ours(headless)


def test_a_checkpoint_with_weights_of_another_model_is_refused(bert: Path, tmp_path: Path) -> None:
    def add(loaded: Any) -> None:
        loaded["state_dict"]["stranger.weight"] = torch.zeros(2)

    with pytest.raises(CorruptModel, match=r"stranger\.weight"):
        ours(change_checkpoint(bert, tmp_path / "stranger", add))


def test_old_position_buffers_are_no_reason_to_refuse(bert: Path, tmp_path: Path) -> None:
    def add(loaded: Any) -> None:
        loaded["state_dict"]["bert.embeddings.position_ids"] = torch.arange(MAX_TOKENS)[None]

    ours(change_checkpoint(bert, tmp_path / "old", add))


def test_an_architecture_that_is_not_detoxifys_is_refused(bert: Path, tmp_path: Path) -> None:
    def rename(loaded: Any) -> None:
        loaded["config"]["arch"]["args"]["model_name"] = "GPT2LMHeadModel"

    with pytest.raises(CorruptModel, match="GPT2LMHeadModel"):
        ours(change_checkpoint(bert, tmp_path / "gpt", rename))


@pytest.mark.parametrize("part", ["config", "state_dict"])
def test_a_checkpoint_without_a_part_is_refused(bert: Path, tmp_path: Path, part: str) -> None:
    with pytest.raises(CorruptModel, match="lacks"):
        ours(change_checkpoint(bert, tmp_path / part, lambda loaded: loaded.pop(part)))


class Intruder:
    """What a hostile checkpoint would hold: unpickling it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


def test_code_in_a_checkpoint_is_refused_and_does_not_run(bert: Path, tmp_path: Path) -> None:
    mark = tmp_path / "was here"
    hostile = tmp_path / "hostile.ckpt"
    torch.save({"state_dict": Intruder(mark), "config": {}}, hostile)
    with pytest.raises(CorruptModel, match="plain values"):
        load_checkpoint(hostile, bert / "hf")
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", pickle.dumps([1, 2, 3])])
def test_a_file_that_is_no_checkpoint_is_refused(
    bert: Path, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "model.ckpt"
    path.write_bytes(content)
    with pytest.raises(CorruptModel, match=r"model\.ckpt"):
        load_checkpoint(path, bert / "hf")


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
def test_a_missing_file_of_the_base_model_is_named(bert: Path, tmp_path: Path, name: str) -> None:
    partial = change_checkpoint(bert, tmp_path / "partial", lambda loaded: None)
    (partial / "hf" / name).unlink()
    (partial / "hf" / "vocab.txt").unlink()
    with pytest.raises(MissingModel, match=r"hf"):
        ours(partial)
