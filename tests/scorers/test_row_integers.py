"""Products in 8-bit integers: near the exact ones, and each row for itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from workers.scorers.onnx_session import open_session

onnx = pytest.importorskip("onnx", reason="needs requirements/detoxify.txt")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from workers.scorers.row_integers import in_integers, quantise_columns  # noqa: E402

INPUTS, OUTPUTS = 64, 32
Array = NDArray[np.float32]
Product = Callable[[Array], Array]
ROWS = np.random.default_rng(1).normal(size=(1, 5, INPUTS)).astype(np.float32)
WEIGHT = np.random.default_rng(2).normal(size=(INPUTS, OUTPUTS)).astype(np.float32)


def model() -> Any:
    """The rows times a constant, and times the same constant once more."""
    nodes = [
        helper.make_node("MatMul", ["rows", "weight"], ["first"]),
        helper.make_node("MatMul", ["rows", "weight"], ["second"]),
        helper.make_node("Add", ["first", "second"], ["sum"]),
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [1, "n", INPUTS])],
        [helper.make_tensor_value_info("sum", TensorProto.FLOAT, [1, "n", OUTPUTS])],
        [numpy_helper.from_array(WEIGHT, "weight")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.fixture
def product(tmp_path: Path) -> Product:
    path = tmp_path / "model.onnx"
    path.write_bytes(in_integers(model()).SerializeToString())
    session = open_session(path, 1)
    return lambda rows: session.run(None, {"rows": rows})[0]


def test_the_product_is_near_the_exact_one(product: Product) -> None:
    exact = 2 * ROWS @ WEIGHT
    assert np.abs(product(ROWS) - exact).max() < 0.02 * np.abs(exact).max()


def test_a_row_does_not_depend_on_the_rows_beside_it(product: Product) -> None:
    loud = np.concatenate([ROWS, 1000 * ROWS], axis=1)
    assert (product(loud)[0, :5] == product(ROWS)[0]).all()


def test_a_row_of_zeros_gives_zeros(product: Product) -> None:
    assert (product(np.zeros_like(ROWS)) == 0).all()


def test_the_largest_product_of_two_bytes_fits_into_sixteen_bits() -> None:
    values = quantise_columns(1000 * WEIGHT).values.astype(int)
    assert 2 * 255 * np.abs(values).max() <= np.iinfo(np.int16).max


def test_a_column_of_zeros_stays_one() -> None:
    assert (quantise_columns(np.zeros((4, 2), dtype=np.float32)).restored() == 0).all()
