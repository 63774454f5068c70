"""Matrix products in 8-bit integers whose result does not depend on the batch or the processor.

Each row of the left side (a token) is scaled by its own largest number, so that it is rounded
the same whatever stands beside it; one scale for a whole tensor moved scores by up to 0.30.
Weights have seven bits: processors without VNNI add two products of an unsigned and a signed byte
in 16 bits, which eight bits overflow. Sums of integers are the same in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

MICROSOFT = "com.microsoft"
SEVEN_BITS = 63.0
LEVELS = 127.0
ZERO_POINT = 128
# A row of zeros alone must not be divided by zero.
LEAST_SCALE = 1e-9
_LEVEL, _LEAST, _UNIT, _MIDDLE = (
    f"parley.integers.{name}" for name in ("level", "least", "unit", "middle")
)


@dataclass(frozen=True, slots=True)
class Columns:
    """A matrix (inputs, outputs) as signed bytes of seven bits and one scale per output."""

    values: NDArray[np.int8]
    scales: NDArray[np.float32]

    def restored(self) -> NDArray[np.float32]:
        """The matrix that integer products stand for."""
        return self.values.astype(np.float32) * self.scales


def quantise_columns(matrix: NDArray[np.float32]) -> Columns:
    """Quantise each column of (inputs, outputs) symmetrically by its largest absolute value."""
    peak = np.abs(matrix).max(axis=0)
    scales = np.where(peak > 0, peak / SEVEN_BITS, 1.0).astype(np.float32)
    steps = np.clip(np.rint(matrix / scales), -SEVEN_BITS, SEVEN_BITS)
    return Columns(steps.astype(np.int8), scales)


def shared_constants() -> list[onnx.TensorProto]:
    """The numbers that all products of a graph use."""
    return [
        numpy_helper.from_array(np.array(1 / LEVELS, dtype=np.float32), _LEVEL),
        numpy_helper.from_array(np.array(LEAST_SCALE, dtype=np.float32), _LEAST),
        numpy_helper.from_array(np.array(1.0, dtype=np.float32), _UNIT),
        numpy_helper.from_array(np.array(ZERO_POINT, dtype=np.uint8), _MIDDLE),
    ]


def row_nodes(source: str) -> list[onnx.NodeProto]:
    """Nodes that turn the rows of `source` into bytes; products of one source share them."""
    return [
        _node("Abs", [source], f"{source}.size"),
        _node("ReduceMax", [f"{source}.size"], f"{source}.peak", axes=[-1], keepdims=1),
        _node("Mul", [f"{source}.peak", _LEVEL], f"{source}.level"),
        _node("Max", [f"{source}.level", _LEAST], _scale(source)),
        _node("Div", [source, _scale(source)], f"{source}.scaled"),
        _node("QuantizeLinear", [f"{source}.scaled", _UNIT, _MIDDLE], _bytes(source)),
    ]


def product_nodes(source: str, weight: str, output: str) -> list[onnx.NodeProto]:
    """`output` = rows of `source` times the weights that `weight_constants` stored."""
    inputs = [_bytes(source), f"{weight}.columns", _UNIT, f"{weight}.scales", _MIDDLE]
    counted = f"{output}.counted"
    return [
        _node("MatMulIntegerToFloat", inputs, counted, domain=MICROSOFT),
        _node("Mul", [counted, _scale(source)], output),
    ]


def weight_constants(weight: str, matrix: NDArray[np.float32]) -> list[onnx.TensorProto]:
    """The bytes and scales of a matrix (inputs, outputs) under names made from `weight`."""
    columns = quantise_columns(matrix)
    return [
        numpy_helper.from_array(np.ascontiguousarray(columns.values), f"{weight}.columns"),
        numpy_helper.from_array(columns.scales, f"{weight}.scales"),
    ]


def in_integers(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with every product by a constant matrix done in integers."""
    graph = model.graph
    matrices = {t.name: t for t in graph.initializer if len(t.dims) == 2}
    wanted = [node for node in graph.node if _multiplies(node, matrices)]
    weights = {node.input[1]: matrices[node.input[1]] for node in wanted}
    nodes: list[onnx.NodeProto] = []
    ready: set[str] = set()
    for node in graph.node:
        if not _multiplies(node, matrices):
            nodes.append(node)
            continue
        source, weight = node.input
        nodes += [] if source in ready else row_nodes(source)
        ready.add(source)
        nodes += product_nodes(source, weight, node.output[0])
    constants = shared_constants()
    for name, tensor in weights.items():
        constants += weight_constants(name, numpy_helper.to_array(tensor))
    return _replaced(model, nodes, constants, dropped=weights.keys())


def _multiplies(node: onnx.NodeProto, matrices: dict[str, onnx.TensorProto]) -> bool:
    return node.op_type == "MatMul" and node.input[1] in matrices


def _replaced(
    model: onnx.ModelProto,
    nodes: Sequence[onnx.NodeProto],
    constants: Sequence[onnx.TensorProto],
    *,
    dropped: object,
) -> onnx.ModelProto:
    result = onnx.ModelProto()
    result.CopyFrom(model)
    kept = [t for t in model.graph.initializer if t.name not in dropped]  # type: ignore[operator]
    del result.graph.node[:], result.graph.initializer[:]
    result.graph.node.extend(nodes)
    result.graph.initializer.extend([*kept, *constants])
    if not any(opset.domain == MICROSOFT for opset in result.opset_import):
        result.opset_import.append(helper.make_opsetid(MICROSOFT, 1))
    return result


def _scale(source: str) -> str:
    return f"{source}.row_scale"


def _bytes(source: str) -> str:
    return f"{source}.row_bytes"


def _node(
    operator: str, inputs: Sequence[str], output: str, domain: str = "", **settings: Any
) -> onnx.NodeProto:
    return helper.make_node(operator, inputs, [output], name=output, domain=domain, **settings)
