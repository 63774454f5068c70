"""What this machine can do at best: large matrix products through numpy and ONNX Runtime.

The measured peak, not the data sheet's, is what a scorer's speed is compared with.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnxruntime as ort

from workers.bench.matmul_graph import INT8, matmul_graph

SIZE = 768  # rows and columns: in cache, and large enough that the call costs nothing
REPEATS = 4
GIGA = 1e9


@dataclass(frozen=True, slots=True)
class Peak:
    """Best measured billions of operations per second (a multiply and an add are two)."""

    fp32: float
    int8: float
    threads: int


def measure_peak(threads: int) -> Peak:
    """The best of several products of SIZE x SIZE matrices; well under a second of work."""
    random = np.random.default_rng(1)
    left = random.random((SIZE, SIZE), dtype=np.float32)
    right = random.random((SIZE, SIZE), dtype=np.float32)
    through_numpy = _best(lambda: left @ right)
    session = _session(matmul_graph(right), threads)
    through_runtime = _best(lambda: session.run(None, {"left": left}))
    small = random.integers(0, 255, (SIZE, SIZE), dtype=np.uint8)
    weights = random.integers(-127, 127, (SIZE, SIZE), dtype=np.int8)
    int8 = _session(matmul_graph(weights, kind=INT8), threads)
    return Peak(
        fp32=max(through_numpy, through_runtime),
        int8=_best(lambda: int8.run(None, {"left": small})),
        threads=threads,
    )


def _session(graph: bytes, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _best(product: Callable[[], object]) -> float:
    product()
    fastest = float("inf")
    for _ in range(REPEATS):
        started = time.perf_counter()
        product()
        fastest = min(fastest, time.perf_counter() - started)
    return 2 * SIZE**3 / fastest / GIGA
