"""The weights of an exported encoder (ONNX, int8) back in PyTorch, as float32."""

import numpy
import onnx
import torch
from encoder_bert import Bert
from onnx import numpy_helper
from torch import Tensor

QUANTISED, SCALE, ZERO = "_quantized", "_scale", "_zero_point"


def load_exported(bert: Bert, graph: bytes) -> None:
    """Overwrite the weights of `bert` with those of the graph, except the word embeddings.

    Those are frozen in the training, so the published ones, which `bert` has, are what the graph's were made from.
    Raises ValueError if the graph lacks a weight.
    """
    model = onnx.load_from_string(graph)
    arrays = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    found: dict[str, Tensor] = {}
    for name in ("positions.weight", *(name for name in arrays if name.endswith((".weight", ".bias")))):
        found[name] = torch.from_numpy(read_array(arrays, name).copy())
    for node in model.graph.node:
        if node.op_type != "MatMulInteger":
            continue
        # The exporter names a matrix by a number, and the node's output by the layer: /layers.0/inner/MatMul_…
        place, layer = node.output[0].split("/")[1:3]
        matrix = read_array(arrays, node.input[1].removesuffix(QUANTISED))
        found[f"{place}.{layer}.weight"] = torch.from_numpy(matrix.T.copy())
    found["words.weight"] = bert.words.weight.detach()
    lacking = sorted(bert.state_dict().keys() - found.keys())
    if lacking:
        raise ValueError(f"the graph lacks {', '.join(lacking)}: was it exported with another architecture?")
    bert.load_state_dict(found)


def read_array(arrays: dict[str, numpy.ndarray], name: str) -> numpy.ndarray:
    """Return a weight as float32, whether the graph has it as it is or quantised (per tensor, or per column)."""
    if name in arrays:
        return arrays[name].astype(numpy.float32)
    whole = arrays[name + QUANTISED].astype(numpy.float32)
    return (whole - arrays[name + ZERO].astype(numpy.float32)) * arrays[name + SCALE]
