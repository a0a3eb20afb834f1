"""Writes the small ONNX graphs of Fixtures/onnx, each with inputs and the outputs that ONNX's reference has for them.

    python3 -m venv .venv && .venv/bin/pip install -r Tests/InferenceTests/Fixtures/onnx/requirements.txt
    .venv/bin/python Tests/InferenceTests/Fixtures/make_onnx_fixtures.py
"""

import json
import pathlib

import numpy as np
from onnx import TensorProto as T
from onnx import checker, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

FOLDER = pathlib.Path(__file__).parent / "onnx"
RANDOM = np.random.default_rng(7)


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def write(name, nodes, inputs, outputs, constants, rows, ml=None):
    opsets = [helper.make_opsetid("", 17)]
    if ml:
        opsets.append(helper.make_opsetid("ai.onnx.ml", ml))
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="martlet")
    checker.check_model(model)
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())
    session = ReferenceEvaluator(model)
    with open(FOLDER / f"{name}.golden.jsonl", "w") as lines:
        for row in rows:
            found = session.run(None, row)
            line = {
                "inputs": {key: plain(array) for key, array in row.items()},
                "outputs": [plain(array) for array in found],
            }
            lines.write(json.dumps(line) + "\n")


def plain(array):
    """The elements as a list; NaN is null."""
    return [None if element != element else element for element in np.asarray(array).ravel().tolist()]


def perceptron():
    weights = [RANDOM.normal(size=shape).astype(np.float32) for shape in [(4, 6), (6,), (6, 3), (3,)]]
    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["h"]),
        helper.make_node("Relu", ["h"], ["r"]),
        helper.make_node("Gemm", ["r", "w2", "b2"], ["l"]),
        helper.make_node("Softmax", ["l"], ["p"], axis=1),
        helper.make_node("ArgMax", ["p"], ["c"], axis=1, keepdims=0),
    ]
    rows = [{"x": RANDOM.normal(size=(1, 4)).astype(np.float32)} for _ in range(8)]
    write(
        "perceptron", nodes, [value("x", T.FLOAT, ["N", 4])], [value("p", T.FLOAT, ["N", 3]), value("c", T.INT64, ["N"])],
        [constant(name, array) for name, array in zip(["w1", "b1", "w2", "b2"], weights)], rows)


def encoder():
    nodes = [
        helper.make_node(
            "LabelEncoder", ["colour"], ["code"], domain="ai.onnx.ml", keys_strings=["red", "green", "blue"],
            values_int64s=[1, 2, 3], default_int64=-1),
        helper.make_node("Cast", ["code"], ["number"], to=T.DOUBLE),
        helper.make_node("Concat", ["number", "size"], ["row"], axis=1),
        helper.make_node("Where", ["missing", "mean", "row"], ["filled"]),
        helper.make_node("IsNaN", ["row"], ["missing"]),
        helper.make_node("ReduceSum", ["filled", "axes"], ["sum"], keepdims=1),
    ]
    nodes[3], nodes[4] = nodes[4], nodes[3]
    rows = [
        {"colour": np.array([[colour]], dtype=object), "size": np.array([[size]])}
        for colour, size in [("red", 1.5), ("blue", float("nan")), ("mauve", -2.0)]
    ]
    for row in rows:
        row["colour"] = row["colour"].astype(str)
    write(
        "encoder", nodes, [value("colour", T.STRING, ["N", 1]), value("size", T.DOUBLE, ["N", 1])],
        [value("sum", T.DOUBLE, ["N", 1])], [constant("mean", [[0.0, 10.0]]), constant("axes", np.array([1]))], rows, ml=4)


def forest():
    nodes = [
        helper.make_node(
            "TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1,
            nodes_treeids=[0, 0, 0, 0, 0, 1, 1, 1], nodes_nodeids=[0, 1, 2, 3, 4, 0, 1, 2],
            nodes_featureids=[0, 1, 0, 0, 0, 1, 0, 0],
            nodes_modes=["BRANCH_LEQ", "BRANCH_LT", "LEAF", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"],
            nodes_values=[0.5, -1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0],
            nodes_truenodeids=[1, 2, 0, 0, 0, 1, 0, 0], nodes_falsenodeids=[4, 3, 0, 0, 0, 2, 0, 0],
            target_treeids=[0, 0, 0, 1, 1], target_nodeids=[2, 3, 4, 1, 2], target_ids=[0] * 5,
            target_weights=[1.0, 2.0, 4.0, 8.0, 16.0], base_values=[0.25]),
    ]
    points = [(0.5, -1.0), (0.5, -1.5), (0.6, 2.0), (-3.0, 2.5), (100.0, 0.0)]
    rows = [{"x": np.array([point], dtype=np.float32)} for point in points]
    write("forest", nodes, [value("x", T.FLOAT, ["N", 2])], [value("y", T.FLOAT, ["N", 1])], [], rows, ml=3)


FOLDER.mkdir(exist_ok=True)
perceptron()
encoder()
forest()
