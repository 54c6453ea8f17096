"""Writes tiny.onnx and tiny_relations.onnx: a network of 8 numbers a piece, random, for tests.

Run by hand (it needs the package onnx): python tests/nlp/network/make_tiny_graphs.py
"""

from pathlib import Path

import numpy
from onnx import TensorProto, checker, helper, numpy_helper, save

PIECES, WIDTH, ROWS = 64, 8, 3001
SIZES = {"tags": 5, "morphs": 4, "lemmas": 4, "deps": 5, "entities": 5}
FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64
random = numpy.random.default_rng(4)
node = helper.make_node


def info(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, shape)


def weights(name, *shape, size=1.0):
    return numpy_helper.from_array((size * random.normal(size=shape)).astype(numpy.float32), name)


def constant(name, values, kind="int64"):
    return numpy_helper.from_array(numpy.array(values, dtype=kind), name)


def scored(name, vectors, kept=False):
    """The nodes of a head: scores of the labels, or the best."""
    scores = name if kept else f"{name}_scores"
    out = [node("MatMul", [vectors, f"{name}_weights"], [scores])]
    return out if kept else [*out, node("ArgMax", [scores], [name], axis=-1, keepdims=0)]


def write(name, nodes, inputs, outputs, initializers):
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    save(model, Path(__file__).with_name(name))


def main() -> None:
    heads = [weights(f"{name}_weights", WIDTH, size) for name, size in SIZES.items()]
    nodes = [
        node("Gather", ["table", "ids"], ["embedded"]),
        node("ReduceMean", ["embedded"], ["mean"], axes=[1], keepdims=1),
        node("Add", ["embedded", "mean"], ["pieces"]),
        node("Squeeze", ["pieces", "zero"], ["flat"]),
        node("Squeeze", ["first", "zero"], ["places"]),
        node("Gather", ["flat", "places"], ["own"]),
        node("Add", ["shape", "suffix"], ["two"]),
        node("Add", ["two", "prefix"], ["three"]),
        node("Mod", ["three", "some"], ["row"]),
        node("Squeeze", ["row", "zero"], ["rows"]),
        node("Gather", ["table", "rows"], ["features"]),
        node("Add", ["own", "features"], ["x"]),
        # Sentences begin where they are told to, and nowhere else.
        node("Greater", ["given", "none"], ["begins"]),
        node("Cast", ["begins"], ["steps"], to=FLOAT),
        node("CumSum", ["steps", "axis"], ["sums"]),
        node("Gather", ["sums", "axis_row"], ["before"]),
        node("Sub", ["sums", "before"], ["order"]),
        node("Cast", ["order"], ["sentence"], to=INT),
        node("Unsqueeze", ["order", "zero"], ["across"]),
        node("Unsqueeze", ["order", "one"], ["down"]),
        node("Equal", ["across", "down"], ["same"]),
        node("Concat", ["root", "x"], ["nodes"], axis=0),
        node("Transpose", ["nodes"], ["turned"]),
        node("MatMul", ["x", "arc_weights"], ["asked"]),
        node("MatMul", ["asked", "turned"], ["all_arcs"]),
        node("Shape", ["down"], ["column"]),
        node("Expand", ["yes", "column"], ["always"]),
        node("Concat", ["always", "same"], ["allowed"], axis=1),
        node("Where", ["allowed", "all_arcs", "never"], ["arcs"]),
        node("ArgMax", ["arcs"], ["heads"], axis=-1, keepdims=0),
        node("MatMul", ["nodes", "head_weights"], ["label_head"]),
        node("Identity", ["x"], ["label_dependent"]),
        node("Gather", ["label_head", "heads"], ["chosen"]),
        node("Mul", ["chosen", "label_dependent"], ["pairs"]),
        *scored("deps", "pairs"),
        *scored("tags", "x"),
        *scored("morphs", "x"),
        *scored("lemmas", "x"),
        *scored("entities", "x", kept=True),
        node("ReduceSum", ["x", "one"], ["check"], keepdims=0),
        node("Neg", ["check"], ["future"]),
    ]
    words = [info(k, INT, 1, "words") for k in ("first", "shape", "suffix", "prefix")]
    write(
        "tiny.onnx",
        nodes,
        [info("ids", INT, 1, "pieces"), *words, info("given", FLOAT, "words")],
        [
            *(info(k, INT, "words") for k in ("sentence", "tags", "morphs", "lemmas", "heads", "deps")),
            info("entities", FLOAT, "words", SIZES["entities"]),
            info("arcs", FLOAT, "words", "nodes"),
            info("label_head", FLOAT, "nodes", WIDTH),
            info("label_dependent", FLOAT, "words", WIDTH),
            info("check", FLOAT, "words"),
            info("future", FLOAT, "words"),
        ],
        [
            weights("table", PIECES, WIDTH),
            weights("root", 1, WIDTH),
            weights("arc_weights", WIDTH, WIDTH),
            weights("head_weights", WIDTH, WIDTH),
            *heads,
            constant("zero", [0]),
            constant("one", [1]),
            constant("axis", 0),
            constant("axis_row", [0]),
            constant("some", PIECES),
            constant("none", 0.0, "float32"),
            constant("never", -1e4, "float32"),
            constant("yes", True, "bool"),
        ],
    )
    write(
        "tiny_relations.onnx",
        [node("Mul", ["head", "dependent"], ["pairs"]), *scored("deps", "pairs")],
        [info(k, FLOAT, "pairs", WIDTH) for k in ("head", "dependent")],
        [info("deps", INT, "pairs")],
        [next(x for x in heads if x.name == "deps_weights")],
    )


if __name__ == "__main__":
    main()
