#!/usr/bin/env python3
"""Trains the small XGBoost models of this folder and writes what XGBoost itself predicts.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python make_fixtures.py

NAME.json and, of some, NAME.ubj are the same model; NAME.golden.jsonl has one line per row: features (null is NaN), margin
and prediction. Numbers have the shortest text that round-trips a binary64; margins are binary32 printed as such.
"""
import json
import math
import pathlib

import numpy as np
import xgboost as xgb

HERE = pathlib.Path(__file__).resolve().parent
BASE = {"nthread": 1, "seed": 7, "eta": 0.3, "max_depth": 2, "tree_method": "exact", "verbosity": 0}
BINARY_TOO = ["binary", "multiclass", "dart", "linear", "poisson", "one_hot", "partition"]
EDGES = [math.nan, 0.0, -0.0, 1e-45, -1e-45, 1e-35, 3e38, -3e38, 0.5, -0.5, 1.0, 16777216.0]
CATEGORIES = [math.nan, 0.0, -0.0, -0.5, -1.0, 0.9, 3.99999999, 8.0, 31.0, 32.0, 69.0, 70.0, 1000.0, 16777215.0,
              16777216.0, 2e9]


def number(value):
    value = float(value)
    return None if math.isnan(value) else value


def data(rows=400):
    """Six features: four continuous with NaN, and two that may be categories."""
    rng = np.random.default_rng(11)
    x = rng.normal(size=(rows, 6))
    x[:, 1] = np.round(x[:, 1] * 2)
    x[:, 4] = rng.integers(0, 5, rows)
    x[:, 5] = rng.integers(0, 70, rows)
    y = x[:, 0] + 0.5 * x[:, 1] - x[:, 2] * x[:, 3] + np.isin(x[:, 4], [1, 3]) + (x[:, 5] % 7 == 2) * 1.5
    for column, share in ((0, 0.2), (3, 0.1), (4, 0.1), (5, 0.1)):
        x[:, column] = np.where(rng.random(rows) < share, math.nan, x[:, column])
    return x, y + 0.1 * rng.normal(size=rows)


def thresholds(model):
    """Every threshold of a model, so that some rows meet one exactly."""
    booster = model["learner"]["gradient_booster"]
    trees = booster.get("gbtree", booster)["model"].get("trees", [])
    return [c for t in trees for c, l, k in zip(t["split_conditions"], t["left_children"], t["split_type"])
            if l != -1 and k == 0]


def rows_for(model, types, count=10):
    rng = np.random.default_rng(23)
    x = rng.normal(size=(count, 6))
    picks = thresholds(model) or [0.25]
    for row in range(count):
        for column in range(6):
            if types and types[column] == "c":
                x[row, column] = CATEGORIES[rng.integers(len(CATEGORIES))] if row % 2 else rng.integers(0, 75)
            elif rng.random() < 0.6:
                pick = np.float32(picks[rng.integers(len(picks))])
                near = [pick, np.nextafter(pick, np.float32(-9)), np.nextafter(pick, np.float32(9)),
                        np.nextafter(float(pick), -9.0), EDGES[rng.integers(len(EDGES))]]
                x[row, column] = near[rng.integers(len(near))]
    return x


def write(name, booster, types=None):
    text = bytes(booster.save_raw("json"))
    (HERE / f"{name}.json").write_bytes(text)
    if name in BINARY_TOO:
        (HERE / f"{name}.ubj").write_bytes(bytes(booster.save_raw("ubj")))
    x = rows_for(json.loads(text), types)
    rows = xgb.DMatrix(x, feature_types=types, enable_categorical=bool(types))
    margins = booster.predict(rows, output_margin=True)
    predictions = booster.predict(rows)
    with open(HERE / f"{name}.golden.jsonl", "w") as file:
        for features, margin, prediction in zip(x, margins, predictions):
            file.write(json.dumps({
                "features": [number(v) for v in features],
                "margin": [float(v) for v in np.atleast_1d(margin)],
                "prediction": [float(v) for v in np.atleast_1d(prediction)],
            }) + "\n")


def train(name, params, label, rounds=4, types=None, info=None, saved=True):
    x, y = data()
    matrix = xgb.DMatrix(x, label(y), feature_types=types, enable_categorical=bool(types))
    for key, values in (info or {}).items():
        matrix.set_float_info(key, values(y))
    if params["objective"].startswith("rank"):
        matrix.set_group([40] * 10)
    booster = xgb.train({**BASE, **params}, matrix, rounds)
    if saved:
        write(name, booster, types)
    return booster


def same(y):
    return y


def positive(y):
    return np.exp(y / 3)


def two(y):
    return (y > 0).astype(float)


def three(y):
    return np.digitize(y, [-0.5, 1.0]).astype(float)


def main():
    train("binary", {"objective": "binary:logistic"}, two, rounds=8)
    train("multiclass", {"objective": "multi:softprob", "num_class": 3}, three, rounds=2)
    train("softmax", {"objective": "multi:softmax", "num_class": 3}, three, rounds=1)
    train("regression", {"objective": "reg:squarederror", "max_depth": 3}, same, rounds=3)
    train("leaves_16", {"objective": "reg:squarederror", "max_depth": 4}, same, rounds=1)
    train("leaves_69", {"objective": "reg:squarederror", "max_depth": 7, "min_child_weight": 0}, same, rounds=1)
    for name in ("absoluteerror", "pseudohubererror"):
        train(name, {"objective": f"reg:{name}"}, same, rounds=1)
    train("squaredlogerror", {"objective": "reg:squaredlogerror"}, positive, rounds=1)
    train("logistic", {"objective": "reg:logistic"}, lambda y: 1 / (1 + np.exp(-y)), rounds=1)
    train("logitraw", {"objective": "binary:logitraw", "base_score": 0.3}, two, rounds=1)
    train("hinge", {"objective": "binary:hinge", "base_score": 0.2}, two, rounds=1)
    train("poisson", {"objective": "count:poisson"}, lambda y: np.round(positive(y)), rounds=3)
    train("gamma", {"objective": "reg:gamma"}, positive, rounds=1)
    train("tweedie", {"objective": "reg:tweedie"}, positive, rounds=1)
    train("cox", {"objective": "survival:cox"}, positive, rounds=1)
    train("aft", {"objective": "survival:aft"}, positive, rounds=1,
          info={"label_lower_bound": positive, "label_upper_bound": lambda y: positive(y) + 1})
    for name in ("pairwise", "ndcg", "map"):
        train(name, {"objective": f"rank:{name}"}, two, rounds=1)
    train("quantile", {"objective": "reg:quantileerror", "quantile_alpha": 0.3, "tree_method": "hist"}, same, rounds=1)
    train("two_quantiles", {"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.9], "tree_method": "hist"},
          same, rounds=2)
    train("dart", {"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.5}, two, rounds=5)
    train("forest", {"objective": "reg:squarederror", "num_parallel_tree": 3, "subsample": 0.7}, same, rounds=1)
    train("pruned", {"objective": "reg:squarederror", "gamma": 40, "max_depth": 4}, same, rounds=1)
    train("linear", {"objective": "binary:logistic", "booster": "gblinear"}, two)
    train("linear_multiclass", {"objective": "multi:softprob", "num_class": 3, "booster": "gblinear"}, three)
    types = ["q", "q", "q", "q", "c", "c"]
    for name, one_hot in (("one_hot", 100), ("partition", 1)):
        train(name, {"objective": "reg:squarederror", "tree_method": "hist", "max_cat_to_onehot": one_hot,
                     "max_depth": 3}, same, types=types, rounds=3)
    vectors = train("vectors", {"objective": "reg:squarederror", "multi_strategy": "multi_output_tree",
                                "tree_method": "hist"}, lambda y: np.stack([y, -y], 1), rounds=1, saved=False)
    (HERE / "vector_leaves.json").write_bytes(bytes(vectors.save_raw("json")))


if __name__ == "__main__":
    main()
