"""A model of credit risk on synthetic loans: 16 features, five of them categories, as lenders publish them."""

from pathlib import Path

import lightgbm
import numpy

LOANS = 40_000
ROWS = 500
# The categories of the first five features; the rest are numbers.
CATEGORIES = [12, 4, 14, 3, 2]
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.01, "min_data_in_leaf": 20, "min_sum_hessian_in_leaf": 0, "max_bin": 1023,
    "seed": 1, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1,
}


def loans(count: int, seed: int) -> numpy.ndarray:
    """Rows of features: categories, amounts in cents, rates with two decimals, and small counts."""
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


def without_some(rows: numpy.ndarray, seed: int) -> numpy.ndarray:
    """The rows with one value in twenty missing."""
    return numpy.where(numpy.random.default_rng(seed).uniform(size=rows.shape) < 0.05, numpy.nan, rows)


def train(trees: int, leaves: int, missing: bool, model: Path) -> numpy.ndarray:
    """Writes a model of exactly that many trees of that many leaves, and returns rows to predict."""
    training, rows = loans(LOANS, seed=1), loans(ROWS, seed=2)
    paid = outcomes(training)
    if missing:
        training, rows = without_some(training, seed=3), without_some(rows, seed=4)
    data = lightgbm.Dataset(training, paid, categorical_feature=list(range(len(CATEGORIES))))
    text = lightgbm.train(PARAMETERS | {"num_leaves": leaves}, data, trees).model_to_string()
    if text.count(f"\nnum_leaves={leaves}\n") != trees:
        raise SystemExit(f"the training made other trees than {trees} of {leaves} leaves")
    model.write_text(text)
    return rows
