"""Makes what the peers and the load need from the insurance package, into the folder given as argument.

bodies.jsonl      customers, and the output that LightGBM computes for each
insurance.onnx    the same trees, converted
insurance.joblib  the same trees at the end of a scikit-learn pipeline, which takes a data frame
"""

import json
import sys
from pathlib import Path
from random import Random

import joblib
import onnxmltools
import pandas
from lightgbm import LGBMRegressor
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

from insurance_charges_model import train
from package import Package

BODIES = 256
PACKAGE = Path(train.__file__).parent


def main(folder: Path) -> None:
    package = Package(PACKAGE)

    random = Random(4)
    records = [train.customer(random) for _ in range(BODIES)]
    with open(folder / "bodies.jsonl", "w") as file:
        for record in records:
            file.write(json.dumps({"input": record, "output": package.predict(record)}) + "\n")

    inputs = [("features", FloatTensorType([None, package.booster.num_feature()]))]
    onnxmltools.save_model(
        onnxmltools.convert_lightgbm(package.booster, initial_types=inputs), folder / "insurance.onnx")

    customers, charges = train.customers()
    pipeline = make_pipeline(
        make_column_transformer(
            ("passthrough", ["age"]), (OrdinalEncoder(), ["sex"]), ("passthrough", ["bmi", "children"]),
            (OrdinalEncoder(), ["smoker", "region"])),
        LGBMRegressor(n_estimators=train.TREES, **train.PARAMETERS))
    pipeline.fit(pandas.DataFrame(customers[:train.TRAINING_ROWS]), charges[:train.TRAINING_ROWS])
    joblib.dump(pipeline, folder / "insurance.joblib")


main(Path(sys.argv[1]))
