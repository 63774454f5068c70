"""Convert a Detoxify checkpoint to ONNX once, with a self-check. Needs torch and transformers."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from workers.scorers.detoxify import (
    BY_ROW,
    EXPORT_FOLDER,
    GRAPH_FILES,
    INT8_SCALES,
    TOKENIZER_FILE,
    DetoxifyOnnx,
)
from workers.scorers.detoxify_checkpoint import HUB_FOLDER, Checkpoint, load_checkpoint
from workers.scorers.detoxify_torch import DetoxifyTorch, tokenizer_json
from workers.scorers.manifest import write_manifest
from workers.scorers.registry import Registry, sha256_of
from workers.scorers.row_integers import in_integers
from workers.scorers.scorer_errors import CorruptModel, ModelError

OPSET = 17
MAX_DIFFERENCE = 1e-4
# Invented texts of very different lengths, so that buckets, padding and windows are all checked.
CHECK_TEXTS: Sequence[str] = (
    "ok",
    "Thank you, that was a fair summary of the council meeting.",
    "You are an idiot and everybody in this town knows it.",
    "Caife, arán agus ceol: what a lovely Saturday in Galway!",
    "🙂🙂🙂",
    "The new bus lanes help nobody but the people who drew them. " * 12,
    "I read the whole report, and I still do not see who pays for it. " * 60,
)


@dataclass(frozen=True, slots=True)
class Export:
    """What an export wrote, and how far it is from torch (largest |difference| of a score)."""

    folder: Path
    precision: str
    bytes: int
    max_difference: float
    int8_difference: float | None = None


class _Scores(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    """The classifier with Detoxify's last step inside: sigmoid of the first classes."""

    def __init__(self, model: torch.nn.Module, labels: int) -> None:
        super().__init__()
        self.model = model
        self.labels = labels

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        logits = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return torch.sigmoid(logits)[:, : self.labels]


def export_detoxify(registry: Registry, name: str, *, int8: bool = False) -> Export:
    """Write `<model folder>/onnx` for a fetched Detoxify model.

    The checkpoint is verified first; the new export replaces an old one only after its scores
    were compared with torch (MAX_DIFFERENCE). Raises ModelError and its children.
    """
    folder = registry.verified_folder(name)
    entry = registry.entry(name)
    checkpoint_file = next((f.path for f in entry.files if f.path.endswith(".ckpt")), None)
    if checkpoint_file is None:
        raise ModelError(f"{name} has no checkpoint to export.")
    checkpoint = load_checkpoint(folder / checkpoint_file, folder / HUB_FOLDER)
    reference = DetoxifyTorch(name, entry.version, checkpoint, languages=())
    with tempfile.TemporaryDirectory(dir=folder, prefix="exporting-") as scratch:
        work = Path(scratch)
        _write(work / EXPORT_FOLDER, checkpoint, entry.version)
        difference = _difference(reference, name, work)
        if difference > MAX_DIFFERENCE:
            raise CorruptModel(
                f"The export of {name} differs from torch by {difference:.2g}, more than "
                f"{MAX_DIFFERENCE:g}; nothing was kept."
            )
        _finish(work / EXPORT_FOLDER, checkpoint, entry.version, difference)
        int8_difference = (
            _quantise(reference, name, work, checkpoint, entry.version) if int8 else None
        )
        target = folder / EXPORT_FOLDER
        shutil.rmtree(target, ignore_errors=True)
        (work / EXPORT_FOLDER).rename(target)
    precision = "int8" if int8 else "fp32"
    size = (target / GRAPH_FILES[precision]).stat().st_size
    return Export(target, precision, size, difference, int8_difference)


def _write(export: Path, checkpoint: Checkpoint, version: str) -> None:
    export.mkdir()
    (export / TOKENIZER_FILE).write_text(tokenizer_json(checkpoint.tokenizer), encoding="utf-8")
    example = torch.ones((2, 8), dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        # That the trace might not generalise is what the self-check is for.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Scores(checkpoint.model, len(checkpoint.labels)).eval(),
            (example, torch.ones_like(example)),
            str(export / GRAPH_FILES["fp32"]),
            input_names=["input_ids", "attention_mask"],
            output_names=["scores"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "scores": {0: "batch"}},
            opset_version=OPSET,
            # The TorchScript exporter: its graph was measured 9 % faster than the dynamo one.
            dynamo=False,
        )
    _finish(export, checkpoint, version, None)


def _finish(
    export: Path, checkpoint: Checkpoint, version: str, difference: float | None, **more: Any
) -> None:
    files = [export / TOKENIZER_FILE, *(export / graph for graph in GRAPH_FILES.values())]
    write_manifest(
        export,
        {
            "labels": list(checkpoint.labels),
            "pad_id": int(checkpoint.tokenizer.pad_token_id),
            "max_tokens": checkpoint.max_tokens,
            "version": version,
            "max_difference_from_torch": difference,
            "sha256": {path.name: sha256_of(path) for path in files if path.is_file()},
            **more,
        },
    )


def _quantise(
    reference: DetoxifyTorch, name: str, work: Path, checkpoint: Checkpoint, version: str
) -> float:
    export = work / EXPORT_FOLDER
    fp32_difference = _difference(reference, name, work)
    fp32 = export / GRAPH_FILES["fp32"]
    int8 = export / GRAPH_FILES["int8"]
    # The word table in bytes is the runtime's own; the products must not depend on the batch.
    quantize_dynamic(fp32, int8, op_types_to_quantize=["Gather"], weight_type=QuantType.QUInt8)
    int8.write_bytes(in_integers(onnx.load(int8)).SerializeToString(deterministic=True))
    rows: dict[str, Any] = {INT8_SCALES: BY_ROW}
    _finish(export, checkpoint, version, fp32_difference, **rows)
    difference = _difference(reference, name, work)
    rows["int8_difference_from_torch"] = difference
    _finish(export, checkpoint, version, fp32_difference, **rows)
    return difference


def _difference(reference: DetoxifyTorch, name: str, folder: Path) -> float:
    exported = DetoxifyOnnx(name, folder, threads=1, languages=())
    ours = exported.score_texts(CHECK_TEXTS).values
    return float(np.abs(ours - reference.score_texts(CHECK_TEXTS).values).max())
