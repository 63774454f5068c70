"""ONNX Runtime sessions whose answers do not depend on batch mates or the number of threads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

# Batches gain 10 % on a processor; what a batch takes in memory grows with it and is kept.
TOKEN_BUDGET = 1024
# A bucket may pad its shortest text by at most this factor; measured best between 1.1 and 1.25.
MAX_PADDING = 1.15
# Very short texts differ by a token or two: padding them costs nothing.
FREE_PADDING = 4
# The fused operator took four to five times as long as the addition and the normalisation that it
# replaces (processor without AVX-512; see docs/models/encoder.md).
SLOWER_FUSED = ["SkipLayerNormFusion"]


def open_session(path: Path, threads: int) -> ort.InferenceSession:
    """A CPU session with `threads` threads (at least 1) that do not spin while they wait."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    # Scores of one comment come rarely twice with one shape: an arena would only keep memory.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return ort.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER_FUSED
    )


def bucketed(lengths: Sequence[int], token_budget: int = TOKEN_BUDGET) -> list[list[int]]:
    """Group positions of texts of like length, so that hardly anything is padded.

    `lengths` are token counts. Each group's size times its longest text stays within
    `token_budget` (a longer single text gets a group of its own), and its shortest text is
    padded by at most MAX_PADDING. Every position appears exactly once.
    """
    groups: list[list[int]] = []
    shortest = 0
    for position in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        length = lengths[position]
        fits = (
            groups
            and (len(groups[-1]) + 1) * length <= token_budget
            and length <= max(shortest * MAX_PADDING, shortest + FREE_PADDING)
        )
        if fits:
            groups[-1].append(position)
        else:
            groups.append([position])
            shortest = length
    return groups


def run_token_ids(
    session: ort.InferenceSession,
    token_ids: Sequence[Sequence[int]],
    pad_id: int,
    *,
    token_budget: int = TOKEN_BUDGET,
    one_by_one: bool = False,
) -> NDArray[np.float32]:
    """The session's first output for each row of token ids, in order: (n, labels).

    `one_by_one` is for graphs that scale activations per tensor (dynamic int8): in a batch
    their answer would depend on the other rows.
    """
    lengths = [len(row) for row in token_ids]
    groups = [[i] for i in range(len(lengths))] if one_by_one else bucketed(lengths, token_budget)
    return _run_groups(session, token_ids, pad_id, groups)[0]


def run_outputs(
    session: ort.InferenceSession, token_ids: Sequence[Sequence[int]], pad_id: int
) -> list[NDArray[np.float32]]:
    """All outputs of the session for each row of token ids, in order: (n, width) each."""
    groups = bucketed([len(row) for row in token_ids])
    return _run_groups(session, token_ids, pad_id, groups)


def _run_groups(
    session: ort.InferenceSession,
    token_ids: Sequence[Sequence[int]],
    pad_id: int,
    groups: Sequence[Sequence[int]],
) -> list[NDArray[np.float32]]:
    if not token_ids:
        return [
            np.zeros((0, _width(output.shape)), dtype=np.float32)
            for output in session.get_outputs()
        ]
    answers = [session.run(None, _padded([token_ids[i] for i in g], pad_id)) for g in groups]
    places = np.argsort([i for group in groups for i in group])
    return [np.concatenate(rows)[places] for rows in zip(*answers, strict=True)]


def _width(shape: Sequence[int | str | None]) -> int:
    """The last size of an output's shape; 0 where the graph leaves it open."""
    return shape[-1] if isinstance(shape[-1], int) else 0


def _padded(rows: Sequence[Sequence[int]], pad_id: int) -> dict[str, NDArray[np.int64]]:
    longest = max(len(row) for row in rows)
    ids = np.full((len(rows), longest), pad_id, dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.int64)
    for position, row in enumerate(rows):
        ids[position, : len(row)] = row
        mask[position, : len(row)] = 1
    return {"input_ids": ids, "attention_mask": mask}
