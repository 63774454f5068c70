"""The hand-written ONNX graph computes what BERT computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from workers.scorers.onnx_session import open_session

torch = pytest.importorskip("torch", reason="requirements/detoxify.txt is not installed")
pytest.importorskip("onnx", reason="requirements/detoxify.txt is not installed")

from transformers import BertConfig, BertModel  # noqa: E402

from workers.scorers.training.bert_graph import EXACT, INTEGER, BertGraph, save  # noqa: E402

WIDTH, LAYERS, ATTENTION_HEADS = 32, 2, 4
IDS = np.array([[2, 7, 9, 11, 3], [2, 5, 3, 0, 0]])
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])


@pytest.fixture(scope="module")
def bert() -> BertModel:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=40, hidden_size=WIDTH, num_hidden_layers=LAYERS,
        num_attention_heads=ATTENTION_HEADS, intermediate_size=64, max_position_embeddings=16,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False).eval()


def vectors(bert: BertModel, folder: Path, bits: int) -> np.ndarray:
    state = {name: value.numpy() for name, value in bert.state_dict().items()}
    graph = BertGraph(state, heads=ATTENTION_HEADS, block=16, bits=bits)
    graph.mask()
    hidden = graph.embeddings(16)
    for number in range(LAYERS):
        hidden = graph.layer(hidden, f"encoder.layer.{number}", f"layer{number + 1}")
    graph.mean(hidden, "mean")
    save(graph.model({"mean": WIDTH}, "test"), folder / "model.onnx")
    session = open_session(folder / "model.onnx", 1)
    return session.run(None, {"input_ids": IDS, "attention_mask": MASK})[0]


def reference(bert: BertModel) -> np.ndarray:
    with torch.inference_mode():
        ids, mask = torch.tensor(IDS), torch.tensor(MASK)
        hidden = bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return ((hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)).numpy()


def test_the_exact_graph_gives_berts_vectors(bert: BertModel, tmp_path: Path) -> None:
    assert np.abs(vectors(bert, tmp_path, EXACT) - reference(bert)).max() < 1e-4


def test_the_graph_with_bytes_points_the_same_way(bert: BertModel, tmp_path: Path) -> None:
    found, wanted = vectors(bert, tmp_path, 8), reference(bert)
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(wanted, axis=1)
    assert ((found * wanted).sum(axis=1) / lengths > 0.995).all()


def test_the_graph_in_integers_points_the_same_way(bert: BertModel, tmp_path: Path) -> None:
    found, wanted = vectors(bert, tmp_path, INTEGER), reference(bert)
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(wanted, axis=1)
    assert ((found * wanted).sum(axis=1) / lengths > 0.99).all()


def test_in_integers_a_text_does_not_depend_on_its_batch(bert: BertModel, tmp_path: Path) -> None:
    vectors(bert, tmp_path, INTEGER)
    session = open_session(tmp_path / "model.onnx", 1)
    together = session.run(None, {"input_ids": IDS, "attention_mask": MASK})[0]
    for row, (ids, mask) in enumerate(zip(IDS, MASK, strict=True)):
        alone = {"input_ids": ids[mask == 1][None], "attention_mask": mask[mask == 1][None]}
        assert np.abs(session.run(None, alone)[0][0] - together[row]).max() < 1e-5
