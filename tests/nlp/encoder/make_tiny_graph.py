"""Writes tiny.onnx, an encoder of 8 numbers a piece for tests: its embedding plus the mean of its window.

Run by hand (it needs the package onnx): python tests/nlp/encoder/make_tiny_graph.py
"""

from pathlib import Path

import numpy
from onnx import TensorProto, helper, numpy_helper, save

PIECES = 64
WIDTH = 8


def main() -> None:
    table = numpy.random.default_rng(0).normal(size=(PIECES, WIDTH)).astype(numpy.float32)
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["embedded"]),
        helper.make_node("ReduceMean", ["embedded"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Add", ["embedded", "mean"], ["vectors"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "pieces"])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", "pieces", WIDTH])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    save(model, Path(__file__).with_name("tiny.onnx"))


if __name__ == "__main__":
    main()
