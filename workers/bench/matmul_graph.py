"""An ONNX model of one matrix product, written without the onnx package.

The light installation has ONNX Runtime but not onnx; one node needs only a few of the format's
fields (numbers below are those of onnx.proto).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FP32, INT8 = "fp32", "int8"
_FLOAT, _UINT8, _INT8, _INT32 = 1, 2, 3, 6  # TensorProto.DataType
_IR_VERSION, _OPSET = 8, 17
_VARINT, _BYTES = 0, 2  # wire types of protocol buffers


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _block(field: int, content: bytes | str) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | _BYTES) + _varint(len(raw)) + raw


def _value(name: str, kind: int, columns: int) -> bytes:
    dimensions = _block(1, _block(2, "rows")) + _block(1, _number(1, columns))
    tensor = _number(1, kind) + _block(2, dimensions)
    return _block(1, name) + _block(2, _block(1, tensor))


def matmul_graph(right: NDArray[np.generic], kind: str = FP32) -> bytes:
    """A model that multiplies its input `left` by the constant `right`.

    `kind` FP32 takes float32 matrices (MatMul); INT8 takes uint8 by int8 (MatMulInteger).
    """
    whole = kind == INT8
    source, constant, result = (_UINT8, _INT8, _INT32) if whole else (_FLOAT, _FLOAT, _FLOAT)
    rows, columns = right.shape
    node = _block(1, "left") + _block(1, "right") + _block(2, "product")
    node += _block(4, "MatMulInteger" if whole else "MatMul")
    weights = _number(1, rows) + _number(1, columns) + _number(2, constant)
    weights += _block(8, "right") + _block(9, np.ascontiguousarray(right).tobytes())
    graph = _block(1, node) + _block(2, "product") + _block(5, weights)
    graph += _block(11, _value("left", source, rows)) + _block(
        12, _value("product", result, columns)
    )
    opset = _block(1, "") + _number(2, _OPSET)
    return _number(1, _IR_VERSION) + _block(7, graph) + _block(8, opset)
