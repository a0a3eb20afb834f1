"""A model whose prediction takes milliseconds: an ONNX graph of dense layers, which all have the same weights."""

import json
import math
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

NAME = "heavy_model"
# 4 MB of weights: they stay in a cache of the CPU, so that a prediction costs arithmetic and not the machine's memory.
WIDTH = 1024
FIELDS = "a", "b", "c", "d"


def make(folder: Path, layers: int) -> None:
    """Writes the folder of a package whose graph has so many layers of WIDTH x WIDTH."""
    folder = folder / NAME
    folder.mkdir(parents=True)
    chance = numpy.random.default_rng(5)
    # Of a variance that neither grows nor vanishes from layer to layer.
    first = chance.normal(size=(len(FIELDS), WIDTH)).astype(numpy.float32)
    inner = chance.normal(scale=1 / math.sqrt(WIDTH), size=(WIDTH, WIDTH)).astype(numpy.float32)
    last = chance.normal(scale=1 / math.sqrt(WIDTH), size=(WIDTH, 1)).astype(numpy.float32)
    nodes = [helper.make_node("MatMul", ["x", "first"], ["sum0"]), helper.make_node("Tanh", ["sum0"], ["layer0"])]
    for number in range(1, layers + 1):
        nodes += [helper.make_node("MatMul", [f"layer{number - 1}", "inner"], [f"sum{number}"]),
                  helper.make_node("Tanh", [f"sum{number}"], [f"layer{number}"])]
    nodes.append(helper.make_node("MatMul", [f"layer{layers}", "last"], ["y"]))
    graph = helper.make_graph(
        nodes, NAME, [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, len(FIELDS)])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1])],
        [numpy_helper.from_array(array, name) for name, array in (("first", first), ("inner", inner), ("last", last))])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model.onnx")
    # JSON is YAML.
    (folder / "model.yaml").write_text(json.dumps({
        "qualified_name": NAME, "display_name": "Heavy", "description": "Takes its time.", "version": "1.0.0",
        "parameters_version": "1", "format": "onnx", "parameters": "model.onnx",
        "input_schema": {"title": "Input", "type": "object", "required": list(FIELDS), "properties": {
            name: {"type": "number", "minimum": -1, "maximum": 1} for name in FIELDS}},
        "output_schema": {"title": "Output", "type": "object", "required": ["y"], "properties": {"y": {"type": "number"}}},
        "inputs": {"x": list(FIELDS)}, "output": {"y": {"value": "output", "name": "y"}},
    }, indent=1))


def inputs(count: int) -> list[dict]:
    chance = numpy.random.default_rng(6)
    return [dict(zip(FIELDS, row)) for row in chance.uniform(-1, 1, size=(count, len(FIELDS))).round(3).tolist()]
