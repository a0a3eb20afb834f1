"""Model packages as martlet reads them: written, and evaluated, in Python."""

import json
from pathlib import Path

import lightgbm
import numpy
import yaml
from pydantic import BaseModel

# One thread and a fixed order of additions: the same trees on every run.
REPRODUCIBLE = {"num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 20261121, "verbosity": -1}


def feature_matrix(features: list[dict], records: list[dict]) -> numpy.ndarray:
    """One row a record, one column an entry of `features`: the field's number, or the code of its label."""
    return numpy.array([
        [float(entry["codes"][record[entry["field"]]] if "codes" in entry else record[entry["field"]])
         for entry in features]
        for record in records
    ])


class Package:
    """A model package: evaluates its parameters exactly as `model.yaml` maps them."""

    def __init__(self, folder: Path) -> None:
        self.definition = yaml.safe_load((folder / "model.yaml").read_text())
        self.booster = lightgbm.Booster(model_file=folder / self.definition["parameters"])

    def predict(self, record: dict) -> dict:
        """The output record of one input record."""
        prediction = self.booster.predict(feature_matrix(self.definition["features"], [record]), num_threads=1)[0]
        return {field: self._value(entry, prediction) for field, entry in self.definition["output"].items()}

    @staticmethod
    def _value(entry: dict, prediction: float | numpy.ndarray) -> float | str:
        if entry["value"] == "label":
            return entry["labels"][int(numpy.argmax(prediction))]
        return round(float(prediction), entry["round"])


def write_package(folder: Path, definition: dict, input_schema: type[BaseModel], output_schema: type[BaseModel],
                  booster: lightgbm.Booster, samples: list[dict]) -> Package:
    """Writes model.yaml, model.txt and samples.jsonl into `folder`.

    `definition` holds the keys of model.yaml but for the schemas and the name of the parameters. The outputs of
    `samples` are computed from the files just written.
    """
    mapping = {key: definition[key] for key in ("features", "output")}
    document = {key: value for key, value in definition.items() if key not in mapping} | {
        "format": "lightgbm",
        "parameters": "model.txt",
        "input_schema": input_schema.model_json_schema(),
        "output_schema": output_schema.model_json_schema(mode="serialization"),
    } | mapping
    with open(folder / "model.yaml", "w") as file:
        yaml.safe_dump(document, file, sort_keys=False, default_flow_style=None, width=160)
    booster.save_model(folder / document["parameters"])

    package = Package(folder)
    assert package.booster.feature_name() == [entry["feature"] for entry in mapping["features"]]
    with open(folder / "samples.jsonl", "w") as file:
        for record in samples:
            input_schema.model_validate(record)
            file.write(json.dumps({"input": record, "output": package.predict(record)}) + "\n")
    return package


def write_metrics(folder: Path, metrics: list[tuple[str, str]]) -> None:
    """Puts `metrics` between the marks in the README of `folder`."""
    begin, end = "<!-- metrics -->\n", "<!-- /metrics -->\n"
    readme = folder / "README.md"
    before, rest = readme.read_text().split(begin)
    after = rest.split(end)[1]
    rows = "".join(f"| {name} | {value} |\n" for name, value in metrics)
    readme.write_text(f"{before}{begin}| metric | value |\n|---|---:|\n{rows}{end}{after}")
