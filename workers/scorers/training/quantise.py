"""Weight-only 8-bit quantisation in blocks, in the layouts ONNX Runtime's operators read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ZERO_POINT = 128
LEVELS = 127.0


@dataclass(frozen=True, slots=True)
class Blocks:
    """Rows of a matrix as unsigned bytes around ZERO_POINT and one scale per block of a row."""

    values: NDArray[np.uint8]  # (rows, columns)
    scales: NDArray[np.float32]  # (rows, columns / block)
    block: int

    def restored(self) -> NDArray[np.float32]:
        """The matrix that the runtime computes with."""
        centred = self.values.astype(np.float32) - ZERO_POINT
        return centred * np.repeat(self.scales, self.block, axis=1)


def quantise_rows(matrix: NDArray[np.float32], block: int) -> Blocks:
    """Quantise each block of each row symmetrically by its largest absolute value.

    `block` divides the number of columns. An all-zero block keeps scale 1.
    """
    rows, columns = matrix.shape
    if columns % block:
        raise ValueError(f"{columns} columns are not a multiple of the block {block}")
    parts = matrix.astype(np.float32).reshape(rows, columns // block, block)
    peak = np.abs(parts).max(axis=2)
    scales = np.where(peak > 0, peak / LEVELS, 1.0).astype(np.float32)
    steps = np.rint(parts / scales[:, :, None])
    values = np.clip(steps, -LEVELS, LEVELS) + ZERO_POINT
    return Blocks(values.reshape(rows, columns).astype(np.uint8), scales, block)
