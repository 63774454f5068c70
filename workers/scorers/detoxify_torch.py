"""Detoxify's models through torch, straight from the checkpoint. Needs torch and transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from workers.scorers.detoxify_checkpoint import HUB_FOLDER, Checkpoint, load_checkpoint
from workers.scorers.onnx_session import bucketed
from workers.scorers.text_scorer import TextScores
from workers.scorers.windows import windowing_tokenizer, windows_of


class DetoxifyTorch:
    """A Detoxify checkpoint, windowed and bucketed as the exported model is."""

    def __init__(
        self, name: str, version: str, loaded: Checkpoint, *, languages: Sequence[str]
    ) -> None:
        """Score with a loaded checkpoint."""
        self.name = name
        self.version = f"{version}+torch-fp32"
        self.calibration = "none"
        self.labels = loaded.labels
        self.languages = tuple(languages)
        self._model = loaded.model
        self._pad_id = int(loaded.tokenizer.pad_token_id)
        with TemporaryDirectory() as scratch:
            path = Path(scratch) / "tokenizer.json"
            path.write_text(tokenizer_json(loaded.tokenizer), encoding="utf-8")
            self._tokenizer = windowing_tokenizer(str(path), loaded.max_tokens)

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        """Score texts; a long one is the largest of its windows."""
        windows = windows_of(self._tokenizer, texts)
        scores = np.zeros((len(windows.token_ids), len(self.labels)), dtype=np.float32)
        for group in bucketed([len(ids) for ids in windows.token_ids]):
            rows = [torch.tensor(windows.token_ids[i]) for i in group]
            ids = torch.nn.utils.rnn.pad_sequence(
                rows, batch_first=True, padding_value=self._pad_id
            )
            lengths = torch.tensor([len(row) for row in rows])
            mask = (torch.arange(ids.shape[1])[None, :] < lengths[:, None]).long()
            with torch.inference_mode():
                logits = self._model(input_ids=ids, attention_mask=mask).logits
            scores[group] = torch.sigmoid(logits)[:, : len(self.labels)].numpy()
        return TextScores(windows.largest(scores, len(texts)), windows.counts(len(texts)))


def load_detoxify_torch(
    name: str,
    version: str,
    folder: Path,
    checkpoint: str,
    *,
    threads: int,
    languages: Sequence[str],
) -> DetoxifyTorch:
    """Load `checkpoint` and the `hf` folder beside it; their sha256 were checked before.

    `threads` holds for all of torch in this process.
    """
    torch.set_num_threads(threads)
    loaded = load_checkpoint(folder / checkpoint, folder / HUB_FOLDER)
    return DetoxifyTorch(name, version, loaded, languages=languages)


def tokenizer_json(tokenizer: object) -> str:
    """A transformers tokenizer as the JSON of the `tokenizers` library."""
    text: str = tokenizer.backend_tokenizer.to_str()  # type: ignore[attr-defined]
    json.loads(text)
    return text
