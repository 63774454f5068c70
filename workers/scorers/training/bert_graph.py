"""Writes a BERT encoder as an ONNX graph of fused operators with 8-bit weights.

The graph is built node by node from a state dict, so that no tracer decides its shape: one
node per matrix product, attention and normalisation, and nothing depends on the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from workers.scorers.row_integers import (
    MICROSOFT,
    product_nodes,
    row_nodes,
    shared_constants,
    weight_constants,
)
from workers.scorers.training.quantise import ZERO_POINT, quantise_rows

OPSET = 17
LAYER_NORM_EPSILON = 1e-12
MASKED = -3.0e38
# Ways to keep the weights: as they are; in bytes that are restored at load; in integers.
EXACT, STORED, INTEGER = 32, 8, 7
INTEGERS = "integers"  # stands in the list of what is stored for the constants of all products
State = Mapping[str, NDArray[np.float32]]


class BertGraph:
    """Collects the nodes and weights of one model; values are passed on by name."""

    def __init__(self, state: State, *, heads: int, block: int, bits: int = STORED) -> None:
        """`state` uses Hugging Face's BertModel names; `block` divides every inner size.

        `bits` 8 stores matrices and the word table in bytes, EXACT keeps them as they are,
        INTEGER multiplies in integers.
        """
        self.state = state
        self.heads = heads
        self.block = block
        self.bits = bits
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._stored: set[str] = set()

    def constant(self, name: str, value: NDArray) -> str:
        """Store a weight once and return its name."""
        if name not in self._stored:
            self._stored.add(name)
            self.weights.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, domain: str = "", **settings):
        """Append a node with one output and return that output's name."""
        node = helper.make_node(operator, inputs, [output], name=output, domain=domain, **settings)
        self.nodes.append(node)
        return output

    def linear(self, source: str, weight: NDArray, bias: NDArray | None, output: str) -> str:
        """`source` · weightᵀ + bias; `weight` is (outputs, inputs) as torch keeps it."""
        product = f"{output}.product"
        if self.bits == INTEGER:
            self._multiply_in_integers(source, weight, product, output)
        else:
            self.add("MatMul", [source, self._restored(weight, output)], product)
        if bias is None:
            return product
        return self.add("Add", [product, self.constant(f"{output}.bias", bias)], output)

    def embeddings(self, positions: int) -> str:
        """Word + position + (constant) segment embedding, normalised; ids come as `input_ids`."""
        table = self.state["embeddings.word_embeddings.weight"]
        if self.bits != EXACT:
            blocks = quantise_rows(table, self.block)
            words = self.add(
                "GatherBlockQuantized",
                [
                    self.constant("words", blocks.values),
                    "input_ids",
                    self.constant("words.scales", blocks.scales),
                ],
                "word_rows", MICROSOFT,
                gather_axis=0, quantize_axis=1, block_size=self.block, bits=8,
            )  # fmt: skip
        else:
            words = self.add("Gather", [self.constant("words", table), "input_ids"], "word_rows")
        place = self.state["embeddings.position_embeddings.weight"][:positions]
        place = place + self.state["embeddings.token_type_embeddings.weight"][0]
        self.add("Shape", ["input_ids"], "tokens", start=1, end=2)
        zero = self.constant("zero", np.array([0], dtype=np.int64))
        rows = [self.constant("positions", place.astype(np.float32)), zero, "tokens", zero]
        self.add("Slice", rows, "position_rows")
        total = self.add("Add", [words, "position_rows"], "embedded")
        return self.add(
            "LayerNormalization",
            [total, *self._norm("embeddings.LayerNorm")],
            "layer0", axis=-1, epsilon=LAYER_NORM_EPSILON,
        )  # fmt: skip

    def layer(self, source: str, prefix: str, tag: str) -> str:
        """One transformer layer whose weights are at `prefix` in the state; `tag` names it."""
        part = f"{prefix}.attention.self"
        weight = np.concatenate([self.state[f"{part}.{n}.weight"] for n in _QKV])
        bias = np.concatenate([self.state[f"{part}.{n}.bias"] for n in _QKV])
        packed = self.linear(source, weight, bias, f"{tag}.qkv")
        names = [f"{tag}.{name}" for name in _QKV]
        self.nodes.append(helper.make_node("Split", [packed], names, name=f"{tag}.split", axis=2))
        attended = self.add(
            "MultiHeadAttention", [*names, "", "key_mask"], f"{tag}.attended", MICROSOFT,
            num_heads=self.heads, mask_filter_value=MASKED,
        )  # fmt: skip
        mixed = self._dense(attended, f"{prefix}.attention.output.dense", f"{tag}.mixed")
        first = self._skip_norm(
            mixed, source, f"{prefix}.attention.output.LayerNorm", f"{tag}.first"
        )
        wide = self._dense(first, f"{prefix}.intermediate.dense", f"{tag}.wide")
        active = self.add("Gelu", [wide], f"{tag}.active", MICROSOFT)
        narrow = self._dense(active, f"{prefix}.output.dense", f"{tag}.narrow")
        return self._skip_norm(narrow, first, f"{prefix}.output.LayerNorm", tag)

    def mask(self) -> None:
        """Declare the forms of `attention_mask` that attention and pooling read."""
        self.add("Cast", ["attention_mask"], "key_mask", to=TensorProto.INT32)
        self.add("Cast", ["attention_mask"], "weight", to=TensorProto.FLOAT)
        last = self.constant("last", np.array([2], dtype=np.int64))
        self.add("Unsqueeze", ["weight", last], "weights")
        axis = self.constant("token_axis", np.array([1], dtype=np.int64))
        self.add("ReduceSum", ["weights", axis], "length", keepdims=0)

    def mean(self, source: str, output: str) -> str:
        """Mean of the token vectors that the mask keeps."""
        self.add("Mul", [source, "weights"], f"{output}.masked")
        self.add("ReduceSum", [f"{output}.masked", "token_axis"], f"{output}.sum", keepdims=0)
        return self.add("Div", [f"{output}.sum", "length"], output)

    def model(self, outputs: Mapping[str, int], producer: str) -> onnx.ModelProto:
        """The checked model; `outputs` maps each output's name to its width."""
        dims = ["texts", "tokens"]
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, dims)
            for name in ("input_ids", "attention_mask")
        ]
        results = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", width])
            for name, width in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, producer, inputs, results, self.weights)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, producer_name=producer, ir_version=9)

    def _restored(self, weight: NDArray[np.float32], output: str) -> str:
        """The transposed weight, stored as bytes and restored by nodes the runtime folds at load.

        Products then run in exact 32-bit arithmetic at full speed from a file a quarter the
        size; `MatMulNBits` on the same bytes was 1.7 times slower on a processor without VNNI.
        """
        if self.bits == EXACT:
            return self.constant(f"{output}.weight", weight.T.astype(np.float32))
        outputs, inputs = weight.shape
        blocks = quantise_rows(weight, self.block)
        shape = (outputs, inputs // self.block, self.block)
        packed = self.constant(f"{output}.bytes", blocks.values.reshape(shape))
        scales = self.constant(f"{output}.scales", blocks.scales[:, :, None])
        centre = self.constant("centre", np.array(ZERO_POINT, dtype=np.float32))
        flat = self.constant(f"shape{weight.shape}", np.array(weight.shape, dtype=np.int64))
        self.add("Cast", [packed], f"{output}.cast", to=TensorProto.FLOAT)
        self.add("Sub", [f"{output}.cast", centre], f"{output}.centred")
        self.add("Mul", [f"{output}.centred", scales], f"{output}.scaled")
        self.add("Reshape", [f"{output}.scaled", flat], f"{output}.rows")
        return self.add("Transpose", [f"{output}.rows"], f"{output}.weight", perm=[1, 0])

    def _multiply_in_integers(self, source: str, weight: NDArray, product: str, name: str) -> None:
        """The product in 8-bit integers; see workers.scorers.row_integers."""
        if INTEGERS not in self._stored:
            self._stored.add(INTEGERS)
            self.weights += shared_constants()
        self.nodes += row_nodes(source)
        self.weights += weight_constants(name, weight.T.astype(np.float32))
        self.nodes += product_nodes(source, name, product)

    def _norm(self, prefix: str) -> list[str]:
        return [
            self.constant(f"{prefix}.{part}", self.state[f"{prefix}.{part}"].astype(np.float32))
            for part in ("weight", "bias")
        ]

    def _dense(self, source: str, prefix: str, output: str) -> str:
        weight, bias = (self.state[f"{prefix}.{part}"] for part in ("weight", "bias"))
        return self.linear(source, weight, bias, output)

    def _skip_norm(self, source: str, skip: str, prefix: str, output: str) -> str:
        self.add("Add", [source, skip], f"{output}.summed")
        return self.add(
            "LayerNormalization",
            [f"{output}.summed", *self._norm(prefix)],
            output, axis=-1, epsilon=LAYER_NORM_EPSILON,
        )  # fmt: skip


_QKV = ("query", "key", "value")


def save(model: onnx.ModelProto, path: Path) -> None:
    """Write the model; the bytes depend on its weights alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
