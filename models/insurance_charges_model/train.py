"""Trains the insurance charges model on the synthetic customers that this script makes."""

import math
from pathlib import Path
from random import Random

import lightgbm
import numpy

from insurance_charges_model.schema import InsuranceChargesModelInput, InsuranceChargesModelOutput
from package import REPRODUCIBLE, feature_matrix, write_metrics, write_package

DEFINITION = {
    "qualified_name": "insurance_charges_model",
    "display_name": "Insurance Charges Model",
    "description": "Model to predict the insurance charges of a customer.",
    "version": "0.1.0",
    "parameters_version": "2026_11_21",
    "features": [
        {"feature": "age", "field": "age"},
        {"feature": "sex", "field": "sex", "codes": {"female": 0, "male": 1}},
        {"feature": "bmi", "field": "bmi"},
        {"feature": "children", "field": "children"},
        {"feature": "smoker", "field": "smoker"},
        {"feature": "region", "field": "region",
         "codes": {"northeast": 0, "northwest": 1, "southeast": 2, "southwest": 3}},
    ],
    "output": {"charges": {"value": "prediction", "round": 2}},
}
TREES = 100
PARAMETERS = REPRODUCIBLE | {
    "objective": "regression", "num_leaves": 31, "learning_rate": 0.06, "min_data_in_leaf": 60, "lambda_l2": 5.0,
}
TRAINING_ROWS, HELD_OUT_ROWS = 20_000, 5_000
REGION_COST = {"southwest": 0, "southeast": 250, "northwest": 450, "northeast": 900}


def customer(random: Random) -> dict:
    """A customer, with the ages, families and habits of an insurer's books."""
    bmi = 0.0
    while not 15 <= bmi <= 50:
        bmi = round(random.gauss(30, 6), 2)
    return {
        "age": random.randint(18, 65),
        "sex": random.choice(["female", "male"]),
        "bmi": bmi,
        "children": random.choices(range(6), weights=[43, 24, 18, 12, 2, 1])[0],
        "smoker": random.random() < 0.2,
        "region": random.choice(list(REGION_COST)),
    }


def expected_charges(record: dict) -> float:
    """What a year costs such a customer, in US dollars, but for luck."""
    charges = 1_500 + 3.1 * record["age"] ** 2 + 480 * record["children"] + REGION_COST[record["region"]]
    if record["sex"] == "female":
        charges += 150
    if record["smoker"]:
        charges += 13_000 + 250 * (record["bmi"] - 15)
        if record["bmi"] >= 30:
            charges += 12_000
    return charges


def billed_charges(record: dict, random: Random) -> float:
    """The expected charges with luck: 12 % either way, and for one customer in twenty an accident."""
    charges = expected_charges(record) * math.exp(random.gauss(0, 0.12))
    if random.random() < 0.05:
        charges += min(random.expovariate(1 / 6_000), 20_000)
    return round(charges, 2)


def customers() -> tuple[list[dict], numpy.ndarray]:
    """All customers and what they were billed: first the ones to train on, then the ones held out."""
    random = Random(1)
    records = [customer(random) for _ in range(TRAINING_ROWS + HELD_OUT_ROWS)]
    return records, numpy.array([billed_charges(record, random) for record in records])


def samples() -> list[dict]:
    """Twenty records: the corners of the domain, then customers who take every label and both habits in turn."""
    corners = [
        {"age": 18, "sex": "female", "bmi": 15.0, "children": 0, "smoker": False, "region": "southwest"},
        {"age": 65, "sex": "male", "bmi": 50.0, "children": 5, "smoker": True, "region": "northeast"},
        {"age": 65, "sex": "female", "bmi": 15.0, "children": 0, "smoker": True, "region": "southeast"},
        {"age": 18, "sex": "male", "bmi": 50.0, "children": 5, "smoker": False, "region": "northwest"},
        {"age": 42, "sex": "female", "bmi": 24.0, "children": 2, "smoker": False, "region": "northwest"},
    ]
    random = Random(3)
    turns = [{"sex": ["female", "male"][i % 2], "smoker": i % 3 == 0, "region": list(REGION_COST)[i % 4]}
             for i in range(20 - len(corners))]
    return corners + [customer(random) | turn for turn in turns]


def r_squared(actual: numpy.ndarray, predicted: numpy.ndarray) -> str:
    residual = float(((actual - predicted) ** 2).sum())
    return f"{1 - residual / float(((actual - actual.mean()) ** 2).sum()):.3f}"


def train(folder: Path) -> None:
    """Writes the package, and its metrics on held-out customers, into `folder`."""
    records, charges = customers()
    features = feature_matrix(DEFINITION["features"], records)
    rows, held_out_rows = numpy.split(features, [TRAINING_ROWS])
    actual, held_out = numpy.split(charges, [TRAINING_ROWS])

    names = [entry["feature"] for entry in DEFINITION["features"]]
    booster = lightgbm.train(PARAMETERS, lightgbm.Dataset(rows, actual, feature_name=names), TREES)
    package = write_package(
        folder, DEFINITION, InsuranceChargesModelInput, InsuranceChargesModelOutput, booster, samples())

    predicted = package.booster.predict(held_out_rows, num_threads=1)
    expected = numpy.array([expected_charges(record) for record in records[TRAINING_ROWS:]])
    errors = held_out - predicted
    write_metrics(folder, [
        ("customers trained on; held out", f"{TRAINING_ROWS:,}; {HELD_OUT_ROWS:,}"),
        ("mean absolute error, held out", f"${numpy.abs(errors).mean():,.0f}"),
        ("root mean squared error, held out", f"${math.sqrt((errors ** 2).mean()):,.0f}"),
        ("R², held out", r_squared(held_out, predicted)),
        ("R², training", r_squared(actual, package.booster.predict(rows, num_threads=1))),
        ("R² of the formula without its noise, held out: the best possible", r_squared(held_out, expected)),
        ("mean and largest charges, held out", f"${held_out.mean():,.0f}; ${held_out.max():,.0f}"),
    ])
