"""The insurance model for rest_model_service: in its fastest form, and as the articles about it write models."""

import os
from pathlib import Path

from insurance_charges_model import schema
from ml_base import MLModel

from features import features


class InsuranceChargesModel(MLModel):
    """numpy, and LightGBM's booster without the layers above it."""

    display_name = "Insurance Charges Model"
    qualified_name = "insurance_charges_model"
    description = "Model to predict the insurance charges of a customer."
    version = "0.1.0"
    input_schema = schema.InsuranceChargesModelInput
    output_schema = schema.InsuranceChargesModelOutput

    def __init__(self) -> None:
        import lightgbm
        import numpy
        self._array = numpy.array
        self._booster = lightgbm.Booster(model_file=Path(schema.__file__).with_name("model.txt"))

    def _charges(self, data: schema.InsuranceChargesModelInput) -> float:
        return self._booster.predict(self._array([features(data)]), num_threads=1)[0]

    def predict(self, data: schema.InsuranceChargesModelInput) -> schema.InsuranceChargesModelOutput:
        return schema.InsuranceChargesModelOutput(charges=round(float(self._charges(data)), 2))


class DataFrameInsuranceChargesModel(InsuranceChargesModel):
    """A data frame of one row, and the scikit-learn pipeline that the training saved."""

    def __init__(self) -> None:
        import joblib
        import pandas
        self._frame = pandas.DataFrame
        self._pipeline = joblib.load(Path(os.environ["PREPARED"]) / "insurance.joblib")

    def _charges(self, data: schema.InsuranceChargesModelInput) -> float:
        return self._pipeline.predict(self._frame(
            [[data.age, data.sex.value, data.bmi, data.children, data.smoker, data.region.value]],
            columns=["age", "sex", "bmi", "children", "smoker", "region"]))[0]
