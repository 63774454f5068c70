"""Detoxify's models through ONNX Runtime, as `./parley models export` wrote them; no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workers.scorers.manifest import load_manifest
from workers.scorers.onnx_session import open_session, run_token_ids
from workers.scorers.registry import check_file
from workers.scorers.scorer_errors import CorruptModel, MissingModel
from workers.scorers.text_scorer import TextScores
from workers.scorers.windows import windowing_tokenizer, windows_of

EXPORT_FOLDER = "onnx"
TOKENIZER_FILE = "tokenizer.json"
GRAPH_FILES = {"fp32": "model.onnx", "int8": "model.int8.onnx"}
# How an int8 graph rounds what goes through it: by each token, or (older exports) by the batch.
INT8_SCALES, BY_ROW = "int8_scales", "row"
MANIFEST_FIELDS = {"labels": list, "pad_id": int, "max_tokens": int, "version": str, "sha256": dict}


class DetoxifyOnnx:
    """An exported Detoxify model: verified, windowed, the same score in any batch."""

    def __init__(self, name: str, folder: Path, *, threads: int, languages: Sequence[str]) -> None:
        """Open the export in `folder`/onnx with `threads` threads.

        The int8 graph is taken where the export was asked for one. Raises MissingModel or
        CorruptModel, naming the file, before anything is opened.
        """
        export = folder / EXPORT_FOLDER
        manifest = read_export(export)
        self.precision = "int8" if GRAPH_FILES["int8"] in manifest["sha256"] else "fp32"
        graph = export / GRAPH_FILES[self.precision]
        for path in (graph, export / TOKENIZER_FILE):
            check_file(path, manifest["sha256"].get(path.name))
        self._one_by_one = self.precision == "int8" and manifest.get(INT8_SCALES) != BY_ROW
        self.name = name
        self.version = f"{manifest['version']}+onnx-{self.precision}"
        self.calibration = "none"
        self.labels: Sequence[str] = tuple(manifest["labels"])
        self.languages = tuple(languages)
        self._pad_id: int = manifest["pad_id"]
        self._tokenizer = windowing_tokenizer(str(export / TOKENIZER_FILE), manifest["max_tokens"])
        self._session = open_session(graph, threads)

    def score_texts(self, texts: Sequence[str]) -> TextScores:
        """Score texts; a long one is the largest of its windows."""
        windows = windows_of(self._tokenizer, texts)
        scores = run_token_ids(
            self._session,
            windows.token_ids,
            self._pad_id,
            one_by_one=self._one_by_one,
        )
        return TextScores(windows.largest(scores, len(texts)), windows.counts(len(texts)))


def is_exported(folder: Path) -> bool:
    """Whether a finished export lies in the model's folder (not whether it is sound)."""
    return bool(load_manifest(folder / EXPORT_FOLDER).get("sha256"))


def read_export(export: Path) -> dict[str, Any]:
    """The export's manifest. Raises MissingModel or CorruptModel where it is not complete."""
    manifest = load_manifest(export)
    if not manifest:
        raise MissingModel(
            f"{export} holds no exported model; run `./parley models export` for it first."
        )
    for key, kind in MANIFEST_FIELDS.items():
        if not isinstance(manifest.get(key), kind):
            raise CorruptModel(f"{export}: the manifest's `{key}` is missing or of the wrong type.")
    return manifest
