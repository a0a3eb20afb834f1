#!/usr/bin/env python3
"""Trains the small LightGBM models of this folder and writes what LightGBM itself predicts.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python make_fixtures.py

NAME.lgb.txt is the model, NAME.golden.jsonl one line per row: features (null is NaN, "inf" and "-inf" are
infinities), raw_score and prediction. Numbers have the shortest text that round-trips a binary64.
"""
import json
import math
import pathlib

import lightgbm as lgb
import numpy as np
import pandas as pd

HERE = pathlib.Path(__file__).resolve().parent
ZERO = float(np.float32(1e-35))
BASE = {"verbosity": -1, "num_threads": 1, "deterministic": True, "seed": 7, "min_data_in_leaf": 3, "learning_rate": 0.3}
EDGES = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e-35, -1e-35, ZERO, -ZERO, np.nextafter(ZERO, 1), 5e-324, -5e-324,
         1e300, -1e300, -0.5, -1.0, 0.5, 3.0, 2.0**31, -(2.0**31), 1e18]


def number(value):
    value = float(value)
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def data(rng, rows=600):
    """Six features: four continuous with NaN and zeros, two categories."""
    x = rng.normal(size=(rows, 6))
    x[:, 1] = np.round(x[:, 1] * 2)
    x[:, 2] = np.where(rng.random(rows) < 0.3, 0.0, x[:, 2])
    x[:, 4] = rng.integers(0, 5, rows)
    x[:, 5] = rng.integers(0, 70, rows)
    signal = x[:, 0] + 0.5 * x[:, 1] - x[:, 2] * x[:, 3] + np.isin(x[:, 4], [1, 3]) + (x[:, 5] % 7 == 2) * 1.5
    x[:, 0] = np.where(rng.random(rows) < 0.2, math.nan, x[:, 0])
    x[:, 3] = np.where(rng.random(rows) < 0.1, math.nan, x[:, 3])
    return x, signal + 0.1 * rng.normal(size=rows)


def thresholds(booster):
    """Every threshold of the model, so that some rows meet one exactly."""
    found = []
    for line in booster.model_to_string().splitlines():
        if line.startswith("threshold="):
            found += [float(word) for word in line.split("=")[1].split()]
    return found


def write(name, booster, rng, columns=6, rows=14):
    booster.save_model(str(HERE / f"{name}.lgb.txt"))
    x = rng.normal(size=(rows, columns))
    if columns == 6:
        x[:, 4] = rng.integers(-1, 7, rows)
        x[:, 5] = rng.integers(-1, 75, rows)
    picks = EDGES + thresholds(booster)
    for row in range(rows // 2):
        for column in range(columns):
            if rng.random() < 0.6:
                x[row, column] = picks[rng.integers(len(picks))]
    raw = booster.predict(x, raw_score=True)
    prediction = booster.predict(x)
    with open(HERE / f"{name}.golden.jsonl", "w") as file:
        for features, r, p in zip(x, raw, prediction):
            line = {
                "features": [number(v) for v in features],
                "raw_score": [float(v) for v in np.atleast_1d(r)],
                "prediction": [float(v) for v in np.atleast_1d(p)],
            }
            file.write(json.dumps(line) + "\n")


def train(name, params, label, leaves=5, rounds=6, categorical=(4, 5), weight=None, group=None):
    rng = np.random.default_rng(11)
    x, y = data(rng)
    options = {**BASE, "num_leaves": leaves, **params}
    dataset = lgb.Dataset(x, label(y), categorical_feature=list(categorical), weight=weight, group=group,
                          params={"max_bin": 63, **{k: v for k, v in options.items() if k.endswith("missing")}})
    write(name, lgb.train(options, dataset, num_boost_round=rounds), rng)


def same(y):
    return y


def positive(y):
    return np.exp(y / 3)


def two(y):
    return (y > 0).astype(float)


def three(y):
    return np.digitize(y, [-0.5, 1.0]).astype(float)


def probability(y):
    return 1 / (1 + np.exp(-y))


def pandas_model():
    """String, integer and boolean categories; names that need JSON escapes."""
    rng = np.random.default_rng(5)
    rows = 400
    names = ['quote " and \\', "naïve", "日本", "tab\there", "plain", "🐦"]
    frame = pd.DataFrame({
        "amount": rng.normal(size=rows),
        "word": pd.Categorical(rng.choice(names, rows)),
        "year": pd.Categorical(rng.choice([1999, 2004, 2010], rows)),
        "flag": pd.Categorical(rng.choice([True, False], rows)),
    })
    y = frame["amount"] + (frame["word"] == "日本") * 2 + (frame["year"] == 2004) - (frame["flag"] == True) * 0.5
    booster = lgb.train({**BASE, "objective": "binary", "num_leaves": 6, "min_data_per_group": 5},
                        lgb.Dataset(frame, (y > 0.3).astype(float)), num_boost_round=5)
    booster.save_model(str(HERE / "pandas_categories.lgb.txt"))


def main():
    train("regression", {"objective": "regression"}, same, leaves=8, rounds=10)
    train("regression_numeric", {"objective": "regression"}, same, leaves=7, rounds=12, categorical=())
    train("regression_sqrt", {"objective": "regression", "reg_sqrt": True}, same)
    for objective in ("regression_l1", "huber", "fair", "quantile", "mape"):
        train(objective, {"objective": objective}, same, leaves=4, rounds=3)
    for objective in ("poisson", "gamma", "tweedie"):
        train(objective, {"objective": objective}, positive, leaves=4, rounds=3)
    train("binary_sigmoid2", {"objective": "binary", "sigmoid": 2.0}, two)
    train("binary_zero_as_missing", {"objective": "binary", "zero_as_missing": True}, two)
    train("binary_no_missing", {"objective": "binary", "use_missing": False}, two)
    train("cross_entropy", {"objective": "cross_entropy"}, probability, leaves=4, rounds=3)
    train("cross_entropy_lambda", {"objective": "cross_entropy_lambda"}, probability, leaves=4, rounds=3)
    train("multiclass", {"objective": "multiclass", "num_class": 3}, three, leaves=5, rounds=5)
    train("multiclassova", {"objective": "multiclassova", "num_class": 3, "sigmoid": 0.7}, three, leaves=4, rounds=3)
    train("lambdarank", {"objective": "lambdarank"}, three, leaves=4, rounds=3, group=[60] * 10)
    train("rank_xendcg", {"objective": "rank_xendcg"}, three, leaves=4, rounds=3, group=[60] * 10)
    train("dart", {"objective": "regression", "boosting": "dart", "drop_rate": 0.5}, same, rounds=8)
    train("random_forest", {"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}, two,
          rounds=8)
    train("leaves_20", {"objective": "binary"}, two, leaves=20, rounds=4)
    train("leaves_40", {"objective": "regression"}, same, leaves=40, rounds=4)
    train("leaves_90", {"objective": "regression"}, same, leaves=90, rounds=3)
    train("constant", {"objective": "regression"}, lambda y: np.full_like(y, 3.25), rounds=2)
    pandas_model()

    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 2))
    lgb.train({**BASE, "objective": "regression", "linear_tree": True, "num_leaves": 3}, lgb.Dataset(x, x[:, 0]),
              num_boost_round=1).save_model(str(HERE / "linear_tree.lgb.txt"))


if __name__ == "__main__":
    main()
