#!/usr/bin/env python3
"""Makes small graphs of one operator each, and writes what ONNX Runtime computes with them.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python make_cases.py

Every line of a NAME.cases.jsonl is one graph: its name, the bytes of its file in base64, and its inputs and outputs in
the file's order. `null` is NaN, "inf" and "-inf" are infinities; a list of maps has its `keys`.

Where ONNX Runtime does not do what the specification says, or where what it does is undefined memory, there is no case of
its: TreeEnsemble's membership nodes and its numbers of SOFTMAX and LOGISTIC are computed by `evaluate` here. Where it
does something else on purpose, differences.cases.jsonl has both: `outputs` as they are to be, `runtime` as ONNX Runtime
has them.
"""
import base64
import itertools
import json
import math
import pathlib

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).resolve().parent
ML = "ai.onnx.ml"
TYPES = {
    np.dtype("float32"): ("float", TensorProto.FLOAT), np.dtype("float64"): ("double", TensorProto.DOUBLE),
    np.dtype("int32"): ("int32", TensorProto.INT32), np.dtype("int64"): ("int64", TensorProto.INT64),
    np.dtype("bool"): ("bool", TensorProto.BOOL), np.dtype("object"): ("string", TensorProto.STRING),
}
NAMES = {name: code for name, code in TYPES.values()}
RNG = np.random.default_rng(11)
onnxruntime.set_default_logger_severity(4)


def value(element):
    if isinstance(element, (str, bool, int)):
        return element
    if math.isnan(element):
        return None
    return ("inf" if element > 0 else "-inf") if math.isinf(element) else element


def tensor(array):
    if isinstance(array, list):
        keys = list(array[0])
        rows = [[row[key] for key in keys] for row in array]
        return {**tensor(np.array(rows, dtype=np.float32)), "keys": keys}
    return {"type": TYPES[array.dtype][0], "shape": list(array.shape), "values": [value(v) for v in array.ravel().tolist()]}


def text(*values):
    return np.array(values, dtype=object)


class Cases:
    """The cases of one file."""

    def __init__(self, name):
        self.name = name
        self.lines = []
        self.refused = []

    def add(self, title, op, inputs, outputs, domain=ML, opset=3, expected=None, differs=False, **attributes):
        inputs = inputs if isinstance(inputs, list) else [inputs]
        names = [f"x{i}" for i in range(len(inputs))]
        results = [f"y{i}" for i in range(len(outputs))]
        node = helper.make_node(op, names, results, domain=domain, name=op.lower(), **attributes)
        infos = [helper.make_tensor_value_info(n, TYPES[x.dtype][1], [None] * x.ndim) for n, x in zip(names, inputs)]
        made = [
            helper.make_value_info(n, helper.make_sequence_type_proto(helper.make_map_type_proto(
                TensorProto.STRING if "classlabels_strings" in attributes else TensorProto.INT64,
                helper.make_tensor_type_proto(TensorProto.FLOAT, []))))
            if o == "maps" else helper.make_tensor_value_info(n, NAMES[o], None) for n, o in zip(results, outputs)]
        opsets = [helper.make_opsetid("", 17 if domain == ML else opset)]
        if domain:
            opsets.append(helper.make_opsetid(domain, opset))
        graph = helper.make_graph([node], "g", infos, made)
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="make_cases")
        data = model.SerializeToString()
        if expected == "refused":
            self.lines.append(json.dumps({"name": f"{op} {opset}: {title}", "model": base64.b64encode(data).decode(),
                                          "inputs": [tensor(x) for x in inputs], "outputs": []}, ensure_ascii=False))
            return
        try:
            session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
            found = expected or session.run(None, dict(zip(names, inputs)))
        except Exception as error:  # What ONNX Runtime refuses is no case.
            self.refused.append((title, str(error)[-160:]))
            return
        line = {"name": f"{op} {opset}: {title}", "model": base64.b64encode(data).decode(),
                "inputs": [tensor(x) for x in inputs], "outputs": [tensor(x) for x in found]}
        if differs:
            line["runtime"] = [tensor(x) for x in session.run(None, dict(zip(names, inputs)))]
        self.lines.append(json.dumps(line, ensure_ascii=False))

    def write(self):
        (HERE / f"{self.name}.cases.jsonl").write_text("\n".join(self.lines) + "\n")
        print(f"{self.name}: {len(self.lines)} cases, {len(self.refused)} refused by ONNX Runtime")
        for title, reason in self.refused:
            print("   ", title, "|", reason.replace("\n", " "))


TRANSFORMS = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"]
MODES = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
GRID = [-2.0, -1.0, -0.5, 0.0, 0.1, 0.5, 1.0, 2.0]


def features(rows=7, columns=3, dtype=np.float32, missing=True):
    x = RNG.choice(GRID, size=(rows, columns))
    if missing:
        x[rows - 1, :] = np.nan
        x[rows - 2, 0] = np.inf
        x[rows - 3, 1] = -np.inf
        x[0, 0] = -0.0
    return x.astype(dtype)


class Forest:
    """Complete trees of depth 2 in the lists of TreeEnsembleClassifier and -Regressor."""

    def __init__(self, trees=3, modes=("BRANCH_LEQ",), columns=3, tracks=False):
        self.nodes = {k: [] for k in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")}
        if tracks:
            self.nodes["missing_value_tracks_true"] = []
        self.leaves = []
        kinds = itertools.cycle(modes)
        for tree in range(trees):
            for node in range(7):
                leaf = node >= 3
                row = dict(
                    treeids=tree, nodeids=node, featureids=0 if leaf else int(RNG.integers(columns)),
                    values=0.0 if leaf else float(RNG.choice(GRID)), modes="LEAF" if leaf else next(kinds),
                    truenodeids=0 if leaf else 2 * node + 1, falsenodeids=0 if leaf else 2 * node + 2)
                if tracks:
                    row["missing_value_tracks_true"] = 0 if leaf else int(RNG.integers(2))
                for key, entry in row.items():
                    self.nodes[key].append(entry)
                if leaf:
                    self.leaves.append((tree, node))

    def attributes(self, prefix, ids, weights, wide=False):
        made = {f"nodes_{k}": v for k, v in self.nodes.items()}
        kept = [(leaf, i, w) for leaf, pairs in zip(self.leaves, zip(ids, weights)) for i, w in zip(*pairs)]
        made[f"{prefix}_treeids"] = [leaf[0] for leaf, _, _ in kept]
        made[f"{prefix}_nodeids"] = [leaf[1] for leaf, _, _ in kept]
        made[f"{prefix}_ids"] = [i for _, i, _ in kept]
        made[f"{prefix}_weights"] = [w for _, _, w in kept]
        if wide:
            for name in ("nodes_values", f"{prefix}_weights"):
                made[f"{name}_as_tensor"] = numpy_helper.from_array(np.array(made.pop(name)) + 1e-9, name)
        return made


def weights(count, positive=False):
    w = np.round(RNG.uniform(0 if positive else -1, 1, size=count), 3)
    return [float(np.float32(v)) for v in w]


def classifiers():
    cases = Cases("tree_classifier")
    x = features()
    for positive, target, transform in itertools.product([True, False], [0, 1], TRANSFORMS):
        if transform == "PROBIT" and target == 0:
            continue  # The other score is not written.
        for bases in ([], [0.25]) if target == 0 else ([],):
            forest = Forest(trees=2)
            n = len(forest.leaves)
            w = [[v / 2] for v in weights(n, positive)]
            attributes = forest.attributes("class", [[target]] * n, w)
            if bases:
                attributes["base_values"] = bases
            cases.add(f"binary, weights of class {target}, positive {positive}, {transform}, bases {bases}",
                      "TreeEnsembleClassifier", x, ["int64", "float"], classlabels_int64s=[10, 20],
                      post_transform=transform, opset=1, **attributes)
    for count, transform, bases in itertools.product([3, 4], TRANSFORMS, [False, True]):
        forest = Forest(trees=2, tracks=bases)
        n = len(forest.leaves)
        ids = [list(range(count))] * n
        attributes = forest.attributes("class", ids, [weights(count) for _ in range(n)])
        if bases:
            attributes["base_values"] = weights(count)
        cases.add(f"{count} classes, {transform}, bases {bases}", "TreeEnsembleClassifier", x, ["string", "float"],
                  classlabels_strings=["a", "b", "c", "d"][:count], post_transform=transform, opset=3, **attributes)
    for mode, tracks in itertools.product([*[[m] for m in MODES], MODES], [False, True]):
        forest = Forest(modes=mode, tracks=tracks)
        n = len(forest.leaves)
        attributes = forest.attributes("class", [[i % 3] for i in range(n)], [[w] for w in weights(n)])
        cases.add(f"{mode}, missing values tracked {tracks}", "TreeEnsembleClassifier", x, ["int64", "float"],
                  classlabels_int64s=[0, 1, 2], opset=3, **attributes)
    forest = Forest(trees=1)
    cases.add("three classes, leaves of one", "TreeEnsembleClassifier", x, ["int64", "float"], classlabels_int64s=[3, 4, 5],
              opset=3, **forest.attributes("class", [[1]] * 4, [[w] for w in weights(4)]))
    for dtype in (np.float64, np.int64, np.int32):
        forest = Forest()
        n = len(forest.leaves)
        cases.add(f"features of {np.dtype(dtype)}", "TreeEnsembleClassifier", features(missing=False).astype(dtype),
                  ["int64", "float"], classlabels_int64s=[0, 1, 2], opset=3,
                  **forest.attributes("class", [[i % 3] for i in range(n)], [[w] for w in weights(n)]))
    for ids in ([[0, 1, 2]], [[i % 3] for i in range(12)]):
        forest = Forest()
        n = len(forest.leaves)
        ids = ids * n if len(ids) == 1 else ids
        cases.add(f"binary64 thresholds and weights, {len(ids[0])} a leaf", "TreeEnsembleClassifier",
                  features(dtype=np.float64), ["int64", "float"],
                  classlabels_int64s=[0, 1, 2], opset=3,
                  **forest.attributes("class", ids, [weights(len(i)) for i in ids], wide=True))
    cases.write()


def regressors():
    cases = Cases("tree_regressor")
    x = features()
    for targets, aggregate, bases in itertools.product([1, 2], ["SUM", "AVERAGE", "MIN", "MAX"], [False, True]):
        forest = Forest()
        n = len(forest.leaves)
        # Averages of targets that no leaf adds to lose their base values.
        ids = [[0]] * n if targets == 1 else [[i % 2] if i % 3 and not bases else [0, 1] for i in range(n)]
        attributes = forest.attributes("target", ids, [weights(len(i)) for i in ids])
        if bases:
            attributes["base_values"] = weights(targets)
        cases.add(f"{targets} targets, {aggregate}, bases {bases}", "TreeEnsembleRegressor", x, ["float"],
                  n_targets=targets, aggregate_function=aggregate, opset=1, **attributes)
    for targets, transform in itertools.product([1, 2, 3], TRANSFORMS):
        forest = Forest()
        n = len(forest.leaves)
        ids = [list(range(targets))] * n
        cases.add(f"{targets} targets, {transform}", "TreeEnsembleRegressor", x, ["float"], n_targets=targets,
                  post_transform=transform, opset=3,
                  **forest.attributes("target", ids, [[v / 4 for v in weights(targets, True)] for _ in range(n)]))
    for mode, tracks in itertools.product([*[[m] for m in MODES], MODES], [False, True]):
        forest = Forest(modes=mode, tracks=tracks)
        n = len(forest.leaves)
        cases.add(f"{mode}, missing values tracked {tracks}", "TreeEnsembleRegressor", x, ["float"], n_targets=1, opset=3,
                  **forest.attributes("target", [[0]] * n, [[w] for w in weights(n)]))
    for targets, dtype in itertools.product([1, 2], [np.float64, np.int64, np.int32]):
        forest = Forest()
        n = len(forest.leaves)
        cases.add(f"{targets} targets, features of {np.dtype(dtype)}", "TreeEnsembleRegressor",
                  features(missing=False).astype(dtype), ["float"], n_targets=targets, opset=3,
                  **forest.attributes("target", [[i % targets] for i in range(n)], [[w] for w in weights(n)]))
    for aggregate in ("SUM", "AVERAGE", "MIN", "MAX"):
        forest = Forest()
        n = len(forest.leaves)
        cases.add(f"binary64 thresholds and weights, {aggregate}", "TreeEnsembleRegressor", features(dtype=np.float64),
                  ["float"], n_targets=1, aggregate_function=aggregate, opset=3,
                  **forest.attributes("target", [[0]] * n, [[w] for w in weights(n)], wide=True))
    forest = Forest(trees=2)
    cases.add("a target that no leaf adds to", "TreeEnsembleRegressor", x, ["float"], n_targets=3, opset=3,
              aggregate_function="MIN", **forest.attributes("target", [[1]] * 8, [[w] for w in weights(8)]))
    cases.write()


def ensembles():
    """TreeEnsemble of version 5."""
    cases = Cases("tree_ensemble")
    for dtype, aggregate, targets in itertools.product([np.float32, np.float64], range(4), [1, 2]):
        for transform in range(5) if aggregate == 1 else [0]:
            add_ensemble(cases, dtype, aggregate, targets, transform, [0])
    for mode, tracks in itertools.product([*[[m] for m in range(7)], list(range(7))], [False, True]):
        add_ensemble(cases, np.float32, 1, 1, 0, mode, tracks)
    add_ensemble(cases, np.float64, 1, 2, 0, list(range(7)), True)
    cases.write()


def add_ensemble(cases, dtype, aggregate, targets, transform, modes, tracks=False):
    x = features(dtype=dtype)
    kinds = itertools.cycle(modes)
    lists = {k: [] for k in ("featureids", "truenodeids", "falsenodeids", "trueleafs", "falseleafs")}
    splits, used, members, roots, missing = [], [], [], [], []
    leaf_ids, leaf_weights = [], []
    for tree in range(3):
        first, leaf = 3 * tree, 4 * tree
        roots.append(first)
        for node in range(3):
            mode = next(kinds)
            used.append(mode)
            lists["featureids"].append(int(RNG.integers(3)))
            lists["truenodeids"].append(first + 1 if node == 0 else leaf + 2 * (node - 1))
            lists["falsenodeids"].append(first + 2 if node == 0 else leaf + 2 * (node - 1) + 1)
            lists["trueleafs"].append(int(node > 0))
            lists["falseleafs"].append(int(node > 0))
            missing.append(int(RNG.integers(2)))
            splits.append(float(RNG.choice(GRID)))
            if mode == 6:
                members += [float(v) for v in RNG.choice([-2.0, -1.0, 0.0, 1.0, 2.0], size=3, replace=False)] + [math.nan]
        for index in range(4):
            leaf_ids.append((leaf + index) % targets)
            leaf_weights.append(round(float(RNG.uniform(0, 0.3)), 3))
    expected = None
    if members or transform in (1, 2) and targets > 1:
        sums = evaluate(x, lists, splits, used, members, roots, missing if tracks else None, leaf_ids, leaf_weights, targets)
        if transform == 1:
            sums = np.exp(sums) / np.exp(sums).sum(axis=1, keepdims=True)
        if transform == 2:
            sums = 1 / (1 + np.exp(-sums))
        expected = [sums.astype(dtype)]
    attributes = {f"nodes_{k}": v for k, v in lists.items()}
    if tracks:
        attributes["nodes_missing_value_tracks_true"] = missing
    if members:
        attributes["membership_values"] = numpy_helper.from_array(np.array(members, dtype=dtype), "m")
    cases.add(f"{np.dtype(dtype)}, aggregate {aggregate}, {targets} targets, transform {transform}, modes {modes}, "
              f"missing values tracked {tracks}",
              "TreeEnsemble", x, [TYPES[x.dtype][0]], opset=5, expected=expected, n_targets=targets, aggregate_function=aggregate,
              post_transform=transform, tree_roots=roots, leaf_targetids=leaf_ids,
              leaf_weights=numpy_helper.from_array(np.array(leaf_weights, dtype=dtype), "w"),
              nodes_splits=numpy_helper.from_array(np.array(splits, dtype=dtype), "s"),
              nodes_modes=numpy_helper.from_array(np.array(used, dtype=np.uint8), "n"), **attributes)


def differences():
    """What is not as in ONNX Runtime on purpose; docs/onnx.md lists it."""
    cases = Cases("differences")
    cases.add("a category twice", "OneHotEncoder", text("a", "b"), ["float"], opset=1, cats_strings=["a", "b", "a"],
              expected=[np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)], differs=True)
    x = np.array([[-1], [1]], dtype=np.float32)
    tree = {"treeids": [0] * 3, "nodeids": [0, 1, 2], "featureids": [0] * 3, "modes": ["BRANCH_LEQ", "LEAF", "LEAF"],
            "values": [0.0] * 3, "truenodeids": [1, 0, 0], "falsenodeids": [2, 0, 0]}
    for aggregate in ("SUM", "AVERAGE", "MIN", "MAX"):
        cases.add(f"the base value of a target that no leaf adds to, {aggregate}", "TreeEnsembleRegressor", x, ["float"],
                  n_targets=2, aggregate_function=aggregate, base_values=[10.0, 20.0], target_treeids=[0, 0],
                  target_nodeids=[1, 2], target_ids=[0, 0], target_weights=[1.0, 2.0],
                  expected=[np.array([[11, 20], [12, 20]], dtype=np.float32)], differs=True,
                  **{f"nodes_{k}": v for k, v in tree.items()})
    sums = np.array([[0.5, 0], [0, 2]], dtype=np.float32)
    for transform, name, scores in [
        (1, "SOFTMAX", np.exp(sums) / np.exp(sums).sum(axis=1, keepdims=True)), (2, "LOGISTIC", 1 / (1 + np.exp(-sums))),
    ]:
        cases.add(f"the numbers of post_transform mean {name} and its neighbour", "TreeEnsemble", x, ["float"], opset=5,
                  n_targets=2, aggregate_function=1, post_transform=transform, tree_roots=[0], nodes_featureids=[0],
                  nodes_truenodeids=[0], nodes_falsenodeids=[1], nodes_trueleafs=[1], nodes_falseleafs=[1],
                  leaf_targetids=[0, 1], leaf_weights=numpy_helper.from_array(np.array([0.5, 2], dtype=np.float32), "w"),
                  nodes_splits=numpy_helper.from_array(np.zeros(1, dtype=np.float32), "s"),
                  nodes_modes=numpy_helper.from_array(np.zeros(1, dtype=np.uint8), "n"),
                  expected=[scores.astype(np.float32)], differs=True)
    for count, leaves, transform in [(1, 1, "NONE"), (2, 0, "NONE"), (2, 1, "NONE"), (0, 0, "PROBIT")]:
        extra = {"base_values": [3.0, 5.0][:count]} if count else {}
        cases.add(f"{count} base values, and leaves of class {leaves} only, {transform}", "TreeEnsembleClassifier", x,
                  ["int64", "float"], opset=1, classlabels_int64s=[0, 1], post_transform=transform, **extra, class_treeids=[0, 0], class_nodeids=[1, 2], class_ids=[leaves] * 2, class_weights=[0.25, 0.75],
                  expected="refused", **{f"nodes_{k}": v for k, v in tree.items()})
    cases.write()


def evaluate(x, lists, splits, modes, members, roots, missing, leaf_ids, leaf_weights, targets):
    """The sums of a TreeEnsemble, word for word as the specification has them."""
    sets = iter(" ".join("|" if math.isnan(v) else repr(v) for v in members).split("|"))
    sets = [[float(v) for v in next(sets).split()] if mode == 6 else [] for mode in modes]
    tests = [lambda v, s, m: v <= s, lambda v, s, m: v < s, lambda v, s, m: v >= s, lambda v, s, m: v > s,
             lambda v, s, m: v == s, lambda v, s, m: v != s, lambda v, s, m: float(v) in m]
    sums = np.zeros((len(x), targets))
    for row, root in itertools.product(range(len(x)), roots):
        node, leaf = root, None
        while leaf is None:
            v = x[row, lists["featureids"][node]]
            true = tests[modes[node]](v, x.dtype.type(splits[node]), sets[node])
            true = true or missing is not None and missing[node] == 1 and math.isnan(v)
            ids, leafs = ("truenodeids", "trueleafs") if true else ("falsenodeids", "falseleafs")
            if lists[leafs][node]:
                leaf = lists[ids][node]
            node = lists[ids][node]
        sums[row, leaf_ids[leaf]] += leaf_weights[leaf]
    return sums


def linear():
    cases = Cases("linear")
    x = features(missing=False)
    for count, transform in itertools.product([1, 2, 3], TRANSFORMS):
        for intercepts in (True, False):
            rows = weights(3 * count)
            extra = {"intercepts": weights(count)} if intercepts else {}
            if count > 1 and intercepts:
                cases.add(f"{count} classes, {transform}, intercepts {intercepts}", "LinearClassifier", x,
                          ["string", "float"], coefficients=rows, classlabels_strings=["a", "b", "c"][:count], opset=1,
                          post_transform=transform, multi_class=0, **extra)
            elif intercepts and transform != "PROBIT":
                cases.add(f"two classes of one row, {transform}, intercepts {intercepts}", "LinearClassifier", x,
                          ["int64", "float"], coefficients=rows, classlabels_ints=[5, 7], opset=1,
                          post_transform=transform, **extra)
            cases.add(f"{count} targets, {transform}, intercepts {intercepts}", "LinearRegressor", x, ["float"],
                      coefficients=[abs(v) / 8 for v in rows], targets=count, opset=1, post_transform=transform, **extra)
    for dtype in (np.float64, np.int64, np.int32):
        cases.add(f"features of {np.dtype(dtype)}", "LinearClassifier", x.astype(dtype), ["int64", "float"],
                  coefficients=weights(9), intercepts=weights(3), classlabels_ints=[0, 1, 2], opset=1)
    cases.write()


def preprocessing():
    cases = Cases("preprocessing")
    x = features()
    whole = features(missing=False)
    for dtype in (np.float32, np.float64, np.int64, np.int32):
        given = (x if dtype in (np.float32, np.float64) else whole).astype(dtype)
        cases.add(f"{np.dtype(dtype)}", "Scaler", given, ["float"], opset=1, offset=weights(3), scale=weights(3))
        cases.add(f"{np.dtype(dtype)}, one for all", "Scaler", given, ["float"], opset=1, offset=[0.3], scale=[1.7])
        for norm in ("MAX", "L1", "L2"):
            cases.add(f"{np.dtype(dtype)}, {norm}", "Normalizer", whole.astype(dtype), ["float"], opset=1, norm=norm)
    cases.add("numbers", "Binarizer", whole, ["float"], opset=1, threshold=0.1)
    for norm in ("MAX", "L1", "L2"):
        signed = np.array([[-3, -4, -0.5], [0, 0, 0], [1, -1, 0]], dtype=np.float32)
        cases.add(f"negative values and zeros, {norm}", "Normalizer", signed, ["float"], opset=1, norm=norm)
        cases.add(f"one dimension, {norm}", "Normalizer", signed[0], ["float"], opset=1, norm=norm)
    for replaced, values in itertools.product([math.nan, 0.0, -1.0], [[7.5], [1.5, 2.5, 3.5]]):
        cases.add(f"{replaced} by {values}", "Imputer", x, ["float"], opset=1, imputed_value_floats=values,
                  replaced_value_float=replaced)
        cases.add(f"integers, {values}", "Imputer", whole.astype(np.int64), ["int64"], opset=1,
                  imputed_value_int64s=[int(v) for v in values], replaced_value_int64=0)
    cases.add("strings", "OneHotEncoder", text("b", "x", "a"), ["float"], opset=1, cats_strings=["a", "b"], zeros=1)
    cases.add("strings in two dimensions", "OneHotEncoder", text("b", "x", "a").reshape(3, 1), ["float"], opset=1,
              cats_strings=["a", "b"])
    for dtype in (np.int64, np.float32, np.float64):
        cases.add(f"{np.dtype(dtype)}", "OneHotEncoder", np.array([[3], [1], [9]], dtype=dtype), ["float"], opset=1,
                  cats_int64s=[1, 3, 5])
    cases.add("fractions", "OneHotEncoder", np.array([[3.7], [-1.2], [1.5]], dtype=np.float32), ["float"], opset=1,
              cats_int64s=[1, 3, -1])
    cases.add("one of each category", "OneHotEncoder", text("b", "a"), ["float"], opset=1, cats_strings=["a", "b"], zeros=0)
    index = np.array([2, 0, 2], dtype=np.int64)
    for given in (x, whole.astype(np.int64), whole.astype(np.float64), whole.astype(np.int32)):
        cases.add(f"{given.dtype}", "ArrayFeatureExtractor", [given, index], [TYPES[given.dtype][0]], opset=1)
    cases.add("one dimension", "ArrayFeatureExtractor", [x[1], index], ["float"], opset=1)
    cases.add("texts", "ArrayFeatureExtractor", [text("a", "b", "c", "d", "e", "f").reshape(2, 3), index], ["string"], opset=1)
    cases.add("three dimensions", "ArrayFeatureExtractor", [np.arange(12, dtype=np.float32).reshape(2, 2, 3), index],
              ["float"], opset=1)
    cases.add("two inputs", "FeatureVectorizer", [x, x[:, :2]], ["float"], opset=1, inputdimensions=[3, 2])
    cases.add("integers", "FeatureVectorizer", [whole.astype(np.int64)], ["float"], opset=1, inputdimensions=[3])
    cases.add("narrower than given", "FeatureVectorizer", [x, x[:, :2]], ["float"], opset=1, inputdimensions=[4, 1])
    cases.add("texts", "ZipMap", np.arange(6, dtype=np.float32).reshape(2, 3), ["maps"], opset=1,
              classlabels_strings=["a", "b", "c"])
    cases.add("integers", "ZipMap", np.arange(6, dtype=np.float32).reshape(2, 3), ["maps"], opset=1,
              classlabels_int64s=[4, 5, 6])
    cases.write()


def labels():
    cases = Cases("label_encoder")
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    words = text("b", "x", "", composed, decomposed)
    cases.add("texts to numbers", "LabelEncoder", text("b", "x", "a"), ["int64"], opset=1, classes_strings=["a", "b"],
              default_int64=-7)
    cases.add("numbers to texts", "LabelEncoder", np.array([1, 0, 5, -1], dtype=np.int64), ["string"], opset=1,
              classes_strings=["a", "b"], default_string="?")
    cases.add("texts to numbers", "CategoryMapper", text("b", "x", "a"), ["int64"], opset=1, cats_strings=["a", "b"],
              cats_int64s=[10, 20], default_int64=-7)
    cases.add("numbers to texts", "CategoryMapper", np.array([20, 10, 5], dtype=np.int64), ["string"], opset=1,
              cats_strings=["a", "b"], cats_int64s=[10, 20], default_string="?")
    sides = {"strings": (["a", "b", composed], words, "string"),
             "int64s": ([4, -1, 9], np.array([9, 4, 0], dtype=np.int64), "int64"),
             "floats": ([0.5, math.nan, 2.0], np.array([2.0, math.nan, 0.5, 7.0, 0.0, -0.0], dtype=np.float32), "float")}
    for version, (key, (keys, x, _)), (to, (values, _, output)) in itertools.product([2, 4], sides.items(), sides.items()):
        values = [1.5, 2.5, 3.5] if to == "floats" else values
        cases.add(f"{key} to {to}", "LabelEncoder", x, [output], opset=version,
                  **{f"keys_{key}": keys, f"values_{to}": values})
        cases.add(f"{key} to {to}, default given", "LabelEncoder", x, [output], opset=version,
                  **{f"keys_{key}": keys, f"values_{to}": values},
                  **{"strings": {"default_string": "?"}, "int64s": {"default_int64": 42},
                     "floats": {"default_float": 0.25}}[to])
    for array in (np.array([0.1, math.nan, -0.0]), np.array([7, 8, 9], dtype=np.int64)):
        cases.add(f"tensors of {array.dtype}", "LabelEncoder", np.append(array, array.dtype.type(3)).astype(array.dtype),
                  [TYPES[array.dtype][0]], opset=4, keys_tensor=numpy_helper.from_array(array, "k"),
                  values_tensor=numpy_helper.from_array(array[::-1].copy(), "v"),
                  default_tensor=numpy_helper.from_array(np.array([5], dtype=array.dtype), "d"))
    for version in (2, 4):
        cases.add("equal keys", "LabelEncoder", text("a", "b"), ["int64"], opset=version, keys_strings=["a", "b", "a"],
                  values_int64s=[1, 2, 3])
    cases.add("precomposed and combining characters", "LabelEncoder", text(composed, decomposed), ["int64"], opset=2,
              keys_strings=[composed, decomposed], values_int64s=[1, 2])
    cases.write()


def support_vectors():
    cases = Cases("support_vectors")
    x = features(missing=False)
    kernels = [("LINEAR", [0.0, 0.0, 0.0]), ("RBF", [0.4, 0.0, 3.0]), ("POLY", [0.5, 0.3, 2.0]), ("SIGMOID", [0.3, -0.2, 3.0])]
    for (kernel, parameters), one_class in itertools.product(kernels, [0, 1]):
        for transform in TRANSFORMS if kernel == "RBF" else ["NONE"]:
            cases.add(f"{kernel}, one_class {one_class}, {transform}", "SVMRegressor", x, ["float"], opset=1,
                      kernel_type=kernel, kernel_params=parameters, n_supports=4, support_vectors=weights(12),
                      coefficients=weights(4), rho=[0.2], one_class=one_class, post_transform=transform)
    cases.add("no support vectors", "SVMRegressor", x, ["float"], opset=1, coefficients=weights(3), rho=[0.2], n_supports=0,
              kernel_type="LINEAR", kernel_params=[0.0, 0.0, 0.0])
    for (kernel, parameters), count, proba in itertools.product(kernels, [2, 3, 4], [False, True]):
        for transform in TRANSFORMS if kernel == "RBF" else ["NONE"]:
            for positive in (False, True) if count == 2 else (False,):
                if count == 2 and not proba and transform == "PROBIT":
                    continue  # The other score is not written.
                vectors = [2, 3, 1, 2][:count]
                total, pairs = sum(vectors), count * (count - 1) // 2
                extra = {"prob_a": [-1.0 - 0.3 * i for i in range(pairs)], "prob_b": weights(pairs)} if proba else {}
                labels = {"classlabels_ints": [3, 5, 7, 9][:count]} if count != 3 else {"classlabels_strings": ["a", "b", "c"]}
                cases.add(f"{kernel}, {count} classes, probabilities {proba}, {transform}, positive {positive}",
                          "SVMClassifier", x, ["string" if count == 3 else "int64", "float"], opset=1, kernel_type=kernel,
                          kernel_params=parameters, vectors_per_class=vectors, support_vectors=weights(3 * total),
                          coefficients=weights((count - 1) * total, positive), rho=weights(pairs),
                          post_transform=transform, **labels, **extra)
    for count, transform, rhos in itertools.product([1, 2, 3], TRANSFORMS, [1, 2]):
        for positive in (False, True) if transform == "NONE" else (False,):
            cases.add(f"no support vectors, {count} classes, {rhos} rho, {transform}, positive {positive}", "SVMClassifier", x,
                      ["int64", "float"], opset=1, coefficients=weights(3 * count, positive), rho=weights(rhos),
                      kernel_type="LINEAR", kernel_params=[0.0, 0.0, 0.0], classlabels_ints=[3, 5, 7][:count],
                      post_transform=transform)
    for dtype in (np.float64, np.int64, np.int32):
        cases.add(f"features of {np.dtype(dtype)}", "SVMClassifier", x.astype(dtype), ["int64", "float"], opset=1,
                  kernel_type="RBF", kernel_params=[0.4, 0.0, 3.0], vectors_per_class=[2, 3], support_vectors=weights(15),
                  coefficients=weights(5), rho=[0.1], classlabels_ints=[0, 1])
    cases.write()


def texts():
    cases = Cases("text")
    line = text("\u00c9t\u00c9 Stra\u00dfE", "\u0130I", "\u03a3\u03c2", "\u0149 \u1fb3 \u01c6", "A b")

    def normalize(title, x, **attributes):
        cases.add(title, "StringNormalizer", x, ["string"], domain="", opset=10, **attributes)

    for locale, action in itertools.product(["C", "C.UTF-8"], ["LOWER", "UPPER", "NONE"]):
        normalize(f"{locale}, {action}", line, locale=locale, case_change_action=action)
    normalize("one row", line.reshape(1, 5), locale="C", case_change_action="UPPER")
    for sensitive, action in itertools.product([0, 1], ["LOWER", "UPPER", "NONE"]):
        words = text("\u00c9", "\u00e9", "A", "a", "B", "e\u0301")
        for shape in ((6,), (1, 6)):
            normalize(f"stopwords, sensitive {sensitive}, {action}, {shape}", words.reshape(shape), locale="C.UTF-8",
                      case_change_action=action, is_case_sensitive=sensitive, stopwords=["\u00e9", "A"])
    normalize("nothing but stopwords", text("a", "b"), locale="C", stopwords=["a", "b"], is_case_sensitive=1)

    def tokenize(title, x, **attributes):
        cases.add(title, "Tokenizer", x, ["string"], domain="com.microsoft", opset=1,
                  **{"mark": 0, "mincharnum": 1, "pad_value": "#", **attributes})

    def split(x, **attributes):
        node = [f"{k} {v}" for k, v in attributes.items()]
        tokenize(f"{' | '.join(x.ravel())}: {', '.join(node)}", x, **attributes)

    two = text("ab cd", "e")
    for mark, least in itertools.product([0, 1], [1, 2]):
        split(two, separators=[" "], mark=mark, mincharnum=least)
        if least == 1:
            split(two, separators=[""], mark=mark, mincharnum=least)
        split(text("ab cd_1 \u00e91 x"), tokenexp="[a-zA-Z0-9_]+", mark=mark, mincharnum=least)
    split(two.reshape(2, 1), separators=[" "])
    split(text(" ", "a  b "), separators=[" "])
    for separators in (["b", "aa"], ["aa", "b", "bc"], ["b", "bc"], ["bc", "b"], ["[bc]+"], ["x?"], ["a*"], [" ", "\\."],
                       ["\\s+"], ["[.,;] ?"], ["."], ["b+", "a"], ["b|cc"], ["(?:aa|b) ?"]):
        split(text("aaxbcb a. b,c;d\te\nf", "aaxbcbcc", "b"), separators=separators)
    for expression in ("[a-zA-Z0-9_]+", "\\w+", "[^ ]+", "\\S+", "\\b\\w\\w+\\b", "\\w\\w+", "[a-z]+|[0-9]+",
                       "a|ab|b", "a*", ".", ".+", "[0-9]+([.,][0-9]+)?", "[A-Za-z]{2,3}", "[a-z]+'?[a-z]*", "^\\w+", "\\w+$",
                       "\\d{3}", "(ab)+", "[^\\W\\d_]+", "x{0,2}y", "a??b", "\\D+", "a.b", "(a|b)*c"):
        split(text("ab cd_1 \u00e91 don't 3.14, 2,5 abab\nxxy a1b 12345 cafe\u0301", "", "x"), tokenexp=expression)

    def count(title, x, **attributes):
        base = {"max_gram_length": 2, "min_gram_length": 1, "max_skip_count": 0, "mode": "TF"}
        cases.add(title, "TfIdfVectorizer", x, ["float"], domain="", opset=9, **{**base, **attributes})

    pools = {"pool_int64s": [2, 3, 5, 4, 5, 6, 7, 8, 6, 7], "ngram_counts": [0, 4], "ngram_indexes": [0, 1, 2, 3, 4, 5, 6]}
    numbers = np.array([[1, 1, 3, 3, 3, 7], [8, 6, 7, 5, 6, 8]], dtype=np.int64)
    for mode, skip, length in itertools.product(["TF", "IDF", "TFIDF"], [0, 1, 5], [(1, 1), (1, 2), (2, 2)]):
        count(f"integers, {mode}, skip {skip}, lengths {length}", numbers, mode=mode, max_skip_count=skip,
              min_gram_length=length[0], max_gram_length=length[1], weights=weights(7), **pools)
    count("narrow integers", numbers.astype(np.int32), **pools)
    count("one dimension", numbers[0], **pools)
    shuffled = {**pools, "ngram_indexes": [6, 4, 2, 0, 1, 3, 5]}
    for mode in ("TF", "IDF", "TFIDF"):
        count(f"outputs in another order, {mode}", numbers, mode=mode, weights=weights(7), **shuffled)
        count(f"outputs that share a column, {mode}", numbers, mode=mode, weights=weights(7),
              **{**pools, "ngram_indexes": [0, 1, 1, 0, 2, 2, 3]})
        count(f"outputs with gaps, {mode}", numbers, mode=mode, weights=weights(7),
              **{**pools, "ngram_indexes": [0, 10, 2, 3, 4, 5, 6]})
    words = text("a", "b", "a", "c", "", "b").reshape(1, 6)
    grams = {"pool_strings": ["a", "b", "a", "b", "b", "a", "", "b"], "ngram_counts": [0, 2], "ngram_indexes": [0, 1, 2, 3, 4]}
    count("texts", words, max_skip_count=1, **grams)
    count("texts, three words", words, max_gram_length=3, max_skip_count=1, **{
        **grams, "pool_strings": grams["pool_strings"] + ["a", "b", "a"], "ngram_counts": [0, 2, 8],
        "ngram_indexes": [0, 1, 2, 3, 4, 5]})
    count("fewer lengths than the pool has", words, max_gram_length=1, **grams)
    count("precomposed and combining characters", text("\u00e9", "e\u0301", "\u00e9"), max_gram_length=1,
          pool_strings=["\u00e9", "e\u0301"], ngram_counts=[0], ngram_indexes=[0, 1])
    cases.write()


def hostile():
    """Graphs that have to be refused when they are loaded: one wrong attribute each."""
    cases = Cases("hostile")
    x = features(missing=False)
    wrong = {}

    def base(op, x, outputs, domain=ML, opset=3, **attributes):
        wrong[op] = lambda title, **changed: cases.add(
            title, op, x, outputs, domain=domain, opset=opset, expected="refused",
            **{k: v for k, v in {**attributes, **changed}.items() if v is not None})
        for name, value in attributes.items():
            if isinstance(value, list) and len(value) > 1 and name not in ("stopwords", "separators"):
                wrong[op](f"{name} is too short", **{name: value[:-1]})

    def tensors(*values, dtype=np.float32):
        return numpy_helper.from_array(np.array(values, dtype=dtype), "t")

    forest = Forest(trees=2).attributes("class", [[i % 3] for i in range(8)], [[0.5]] * 8)
    base("TreeEnsembleClassifier", x, ["int64", "float"], classlabels_int64s=[0, 1, 2], **forest)
    target = Forest(trees=2).attributes("target", [[0]] * 8, [[0.5]] * 8)
    base("TreeEnsembleRegressor", x, ["float"], n_targets=1, **target)
    for op, own, prefix in (("TreeEnsembleClassifier", forest, "class"), ("TreeEnsembleRegressor", target, "target")):
        def put(name, index, value):
            return {name: [value if i == index else v for i, v in enumerate(own[name])]}
        for value in (-1, 3, 2**31, 2**40, -(2**63), 2**63 - 1):
            wrong[op](f"feature {value}", **put("nodes_featureids", 0, value))
        for value in (0, 7, -1, 2**62):
            wrong[op](f"the root's child {value}", **put("nodes_truenodeids", 0, value))
        wrong[op]("a child that is its parent's parent", **put("nodes_falsenodeids", 1, 0))
        wrong[op]("two nodes with one child", **put("nodes_falsenodeids", 0, 1))
        wrong[op]("one number twice", **put("nodes_nodeids", 1, 0))
        wrong[op]("an unknown mode", **put("nodes_modes", 0, "BRANCH_MAYBE"))
        wrong[op]("NaN as a threshold", **put("nodes_values", 0, math.nan))
        wrong[op]("NaN as a weight", **put(f"{prefix}_weights", 0, math.nan))
        for value in (-1, 3, 2**40):
            wrong[op](f"target {value}", **put(f"{prefix}_ids", 0, value))
        wrong[op]("a weight of an inner node", **put(f"{prefix}_nodeids", 0, 0))
        wrong[op]("a weight of no tree", **put(f"{prefix}_treeids", 0, 9))
        wrong[op]("too few flags", nodes_missing_value_tracks_true=[1])
        wrong[op]("an unknown transform", post_transform="TANH")
        wrong[op]("no modes", nodes_modes=None)
        wrong[op]("modes as numbers", nodes_modes=[1] * 14)
    wrong["TreeEnsembleClassifier"]("no labels", classlabels_int64s=None)
    for bases in ([0.1, 0.2], [0.1, 0.2, 0.3, 0.4]):
        wrong["TreeEnsembleClassifier"](f"{len(bases)} base values", base_values=bases)
    two = {**Forest(trees=2).attributes("class", [[0]] * 8, [[0.5]] * 8), "classlabels_int64s": [0, 1]}
    wrong["TreeEnsembleClassifier"]("two base values for one score", base_values=[0.1, 0.2], **two)
    wrong["TreeEnsembleClassifier"]("probit of one score", post_transform="PROBIT", **two)
    for value in (0, -1, 2**40):
        wrong["TreeEnsembleRegressor"](f"{value} targets", n_targets=value)
    wrong["TreeEnsembleRegressor"]("two base values", base_values=[0.1, 0.2])
    wrong["TreeEnsembleRegressor"]("an unknown aggregate", aggregate_function="MEDIAN")

    tree = dict(n_targets=1, tree_roots=[0], nodes_featureids=[0, 1], nodes_truenodeids=[1, 0], nodes_falsenodeids=[2, 1],
                nodes_trueleafs=[0, 1], nodes_falseleafs=[1, 1], leaf_targetids=[0, 0, 0], nodes_splits=tensors(0, 1),
                nodes_modes=tensors(0, 0, dtype=np.uint8), leaf_weights=tensors(1, 2, 3))
    base("TreeEnsemble", x, ["float"], opset=5, **tree)
    ensemble = wrong["TreeEnsemble"]
    for root in (-1, 2, 2**40):
        ensemble(f"root {root}", tree_roots=[root])
    ensemble("one root twice", tree_roots=[0, 0])
    for child in (0, 2, -1, 2**62):
        ensemble(f"child {child}", nodes_truenodeids=[child, 0])
        if child >= 0:
            ensemble(f"leaf {child + 3}", nodes_truenodeids=[1, child + 3])
    ensemble("a cycle", nodes_trueleafs=[0, 0], nodes_truenodeids=[1, 0])
    ensemble("target 1", leaf_targetids=[0, 1, 0])
    ensemble("an unknown mode", nodes_modes=tensors(0, 7, dtype=np.uint8))
    ensemble("modes of another length", nodes_modes=tensors(0, dtype=np.uint8))
    ensemble("NaN as a split", nodes_splits=tensors(math.nan, 1))
    ensemble("NaN as a weight", leaf_weights=tensors(1, 2, math.nan))
    ensemble("feature 2^40", nodes_featureids=[2**40, 0])
    ensemble("aggregate 4", aggregate_function=4)
    ensemble("transform 5", post_transform=5)
    ensemble("transform -1", post_transform=-1)
    for value in (0, -1, 2**40):
        ensemble(f"{value} targets", n_targets=value)

    base("LinearClassifier", x, ["int64", "float"], opset=1, coefficients=weights(9), intercepts=weights(3),
         classlabels_ints=[0, 1, 2])
    wrong["LinearClassifier"]("probit of one score", coefficients=weights(3), intercepts=[0.5], classlabels_ints=[0, 1],
                              post_transform="PROBIT")
    base("LinearRegressor", x, ["float"], opset=1, coefficients=weights(6), intercepts=weights(2), targets=2)
    for value in (0, -1, 2**40):
        wrong["LinearRegressor"](f"{value} targets", targets=value)
    base("Scaler", x, ["float"], opset=1, offset=weights(3), scale=weights(3))
    base("Normalizer", x, ["float"], opset=1, norm="L3")
    wrong["Normalizer"]("an unknown norm")
    base("Imputer", x, ["float"], opset=1, imputed_value_floats=weights(3), replaced_value_float=0.0)
    wrong["Imputer"]("no values", imputed_value_floats=None)
    base("OneHotEncoder", text("a"), ["float"], opset=1, cats_int64s=[1])
    wrong["OneHotEncoder"]("texts where numbers are known")
    wrong["OneHotEncoder"]("no categories", cats_int64s=None)
    base("LabelEncoder", text("a", "b"), ["int64"], opset=2, keys_strings=["a", "b"], values_int64s=[1, 2])
    wrong["LabelEncoder"]("no keys", keys_strings=None)
    wrong["LabelEncoder"]("no values", values_int64s=None)
    base("CategoryMapper", text("a", "b"), ["int64"], opset=1, cats_strings=["a", "b"], cats_int64s=[1, 2])
    base("FeatureVectorizer", [x, x], ["float"], opset=1, inputdimensions=[3, 3])
    for value in (-1, 2**40, -(2**63), 2**63 - 1):
        wrong["FeatureVectorizer"](f"{value} columns", inputdimensions=[3, value])
    base("ZipMap", x, ["maps"], opset=1, classlabels_int64s=[1, 2, 3])
    machine = dict(kernel_type="RBF", kernel_params=[0.5, 0.0, 3.0], support_vectors=weights(15), rho=[0.5])
    base("SVMClassifier", x, ["int64", "float"], opset=1, coefficients=weights(5), vectors_per_class=[2, 3],
         classlabels_ints=[0, 1], **machine)
    for counts in ([-1, 6], [2**62, 2**62], [2**63 - 1, 1], [0, 0], [2, 3, 0]):
        wrong["SVMClassifier"](f"{counts} vectors", vectors_per_class=counts)
    wrong["SVMClassifier"]("an unknown kernel", kernel_type="CUBIC")
    wrong["SVMClassifier"]("no rho", rho=None)
    wrong["SVMClassifier"]("no offsets of probabilities", prob_a=[1.0])
    wrong["SVMClassifier"]("probit of one score", post_transform="PROBIT")
    base("SVMRegressor", x, ["float"], opset=1, coefficients=weights(5), n_supports=5, **machine)
    for value in (-1, 0, 4, 2**40, 2**63 - 1):
        wrong["SVMRegressor"](f"{value} vectors", n_supports=value)

    pool = dict(max_gram_length=2, min_gram_length=1, max_skip_count=0, mode="TF", pool_int64s=[2, 3, 5, 4],
                ngram_counts=[0, 2], ngram_indexes=[0, 1, 2])
    base("TfIdfVectorizer", np.arange(6, dtype=np.int64), ["float"], domain="", opset=9, weights=weights(3), **pool)
    count = wrong["TfIdfVectorizer"]
    for starts in ([0, 5], [0, -1], [2, 0], [0, 3], [2**62, 2], [-(2**63), 2]):
        count(f"n-grams from {starts} on", ngram_counts=starts)
    for index in (-1, 2**40, 2**63 - 1):
        count(f"output {index}", ngram_indexes=[0, 1, index])
    for name, value in itertools.product(("max_gram_length", "min_gram_length", "max_skip_count"), (-1, 2**40, 2**63 - 1, None)):
        count(f"{name} {value}", **{name: value})
    count("an unknown mode", mode="BM25")
    count("no pool", pool_int64s=None)
    base("StringNormalizer", text("a", "b"), ["string"], domain="", opset=10, case_change_action="TITLE")
    wrong["StringNormalizer"]("an unknown action")
    base("Tokenizer", text("a", "b"), ["string"], domain="com.microsoft", opset=1, mark=0, mincharnum=1, pad_value="#",
         tokenexp="a")
    tokenize = wrong["Tokenizer"]
    for name in ("mark", "mincharnum", "pad_value", "tokenexp"):
        tokenize(f"no {name}", **{name: None})
    tokenize("both rules", separators=["a"])
    for value in (0, -1):
        tokenize(f"words of {value} characters", mincharnum=value)
    for expression in ("(", ")", "a)", "[a", "[]", "a**", "a{2", "a{3,2}", "a{2000}", "((a{99}){99}){99}", "*", "\\", "[b-a]",
                       "(?i)a", "\\pL", "[[:alpha:]]", "(?=a)", "\\1", "(" * 5000, "|" * 5000, "[z-\\d]"):
        tokenize(f"the expression {expression[:20]}", tokenexp=expression)
    cases.write()


if __name__ == "__main__":
    hostile()
    classifiers()
    regressors()
    ensembles()
    linear()
    preprocessing()
    labels()
    support_vectors()
    texts()
    differences()
