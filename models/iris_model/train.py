"""Trains the iris model on Fisher's measurements, as bundled with scikit-learn."""

from pathlib import Path

import lightgbm
import numpy
from sklearn.datasets import load_iris

from iris_model.schema import IrisModelInput, IrisModelOutput, Species
from package import REPRODUCIBLE, write_metrics, write_package

FIELDS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
DEFINITION = {
    "qualified_name": "iris_model",
    "display_name": "Iris Model",
    "description": "Model for predicting the species of a flower based on its measurements.",
    "version": "1.0.0",
    "parameters_version": "2026_11_21",
    "features": [{"feature": field, "field": field} for field in FIELDS],
    "output": {"species": {"value": "label", "labels": [species.value for species in Species]}},
}
ROUNDS = 20
PARAMETERS = REPRODUCIBLE | {
    "objective": "multiclass", "num_class": 3, "num_leaves": 4, "learning_rate": 0.1, "min_data_in_leaf": 10,
}
FOLDS = 5


def fit(rows: numpy.ndarray, species: numpy.ndarray) -> lightgbm.Booster:
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(rows, species, feature_name=FIELDS), ROUNDS)


def correct(booster: lightgbm.Booster, rows: numpy.ndarray, species: numpy.ndarray) -> int:
    """How many flowers the model names rightly."""
    return int((booster.predict(rows, num_threads=1).argmax(axis=1) == species).sum())


def train(folder: Path) -> None:
    """Writes the package, and its metrics on held-out flowers, into `folder`."""
    rows, species = load_iris(return_X_y=True)
    # The 150 flowers are sorted by species, 50 of each: every fold takes ten of each.
    fold = numpy.arange(len(rows)) % FOLDS
    held_out = fold == FOLDS - 1

    flowers = [dict(zip(FIELDS, map(float, row))) for row in rows[held_out]]
    known = {"sepal_length": 6.0, "sepal_width": 3.0, "petal_length": 4.5, "petal_width": 1.5}
    booster = fit(rows[~held_out], species[~held_out])
    package = write_package(
        folder, DEFINITION, IrisModelInput, IrisModelOutput, booster, [known, *flowers[::2], *flowers[1:9:2]])

    cross_validated = sum(
        correct(fit(rows[fold != k], species[fold != k]), rows[fold == k], species[fold == k]) for k in range(FOLDS))
    test, training = [
        f"{correct(package.booster, rows[chosen], species[chosen])} of {chosen.sum()}" for chosen in (held_out, ~held_out)]
    write_metrics(folder, [
        ("accuracy, held out", test),
        ("accuracy, training", training),
        (f"accuracy, {FOLDS}-fold cross-validation of the same recipe", f"{cross_validated} of {len(rows)}"),
    ])
