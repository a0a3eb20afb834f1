"""A model of credit risk on synthetic loans: 16 features, five of them categories, as lenders publish them."""

from pathlib import Path

import lightgbm
import numpy

LOANS = 40_000
# The categories of the first five features; the rest are numbers.
CATEGORIES = [12, 4, 14, 3, 2]
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.01, "min_data_in_leaf": 20, "min_sum_hessian_in_leaf": 0, "max_bin": 1023,
    "categorical_feature": list(range(len(CATEGORIES))), "seed": 1, "deterministic": True, "num_threads": 1,
    "verbosity": -1,
}


def loans(count: int, seed: int) -> numpy.ndarray:
    """Rows of features: amounts in cents, rates with two decimals, and small counts."""
    random = numpy.random.default_rng(seed)
    categories = [random.integers(0, size, count) for size in CATEGORIES]
    amounts = [random.lognormal(mean, 0.6, count).round(2) for mean in (11, 8, 9.4, 8.5)]
    rates = [random.uniform(0, most, count).round(2) for most in (43, 29, 100)]
    counts = [random.poisson(mean, count) for mean in (0.05, 0.3, 0.02, 0.2)]
    return numpy.column_stack([*categories, *amounts, *rates, *counts]).astype(float)


def outcomes(rows: numpy.ndarray) -> numpy.ndarray:
    """Which loans were paid back: by a formula, and luck."""
    random = numpy.random.default_rng(0)
    score = numpy.log(rows[:, 5] / rows[:, 7]) + rows[:, 6] / rows[:, 7] - 0.06 * rows[:, 10] - 0.01 * rows[:, 11]
    score += 0.1 * (rows[:, 0] % 5) - 0.3 * (rows[:, 2] % 3 == 1) - 0.5 * rows[:, 4] - rows[:, 13]
    return random.uniform(size=len(rows)) < 1 / (1 + numpy.exp(-score))


def train(trees: int, leaves: int, missing: bool, path: Path) -> None:
    """Writes a model of exactly that many trees of that many leaves; `missing` takes some values from the training."""
    rows = loans(LOANS, 1)
    paid = outcomes(rows)
    if missing:
        rows[numpy.random.default_rng(2).uniform(size=rows.shape) < 0.05] = numpy.nan
    booster = lightgbm.train(PARAMETERS | {"num_leaves": leaves}, lightgbm.Dataset(rows, paid), trees)
    if booster.num_trees() != trees or any(tree["num_leaves"] != leaves for tree in booster.dump_model()["tree_info"]):
        raise SystemExit(f"the training made other trees than {trees} of {leaves} leaves")
    booster.save_model(path)
