"""Makes what the engines need for a case of the inference benchmark: `prepare.py FOLDER`, whose name is the case's.

model.*          the model, and its conversions for the peers
rows.txt         500 rows of features, `nan` for missing
scores.txt       the sums of the leaves for each row, as the library says that trained the model
predictions.txt  what it makes of them: a value, or the probability of the second of two classes; of an ONNX graph, the
                 results of ONNX Runtime or of the Python that it was exported from
"""

import gzip
import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import lightgbm
import lleaves
import numpy
import onnxmltools
from onnxmltools.convert.common.data_types import FloatTensorType

import credit_risk
from cases import PREDICTIONS, PUBLISHED, SCORES
from insurance_charges_model import train as insurance


def write_rows(path: Path, rows: Iterable[Iterable[float | str]]) -> None:
    path.write_text("".join(" ".join(map(str, row)) + "\n" for row in rows))


def goldens(path: str) -> list[dict]:
    """Published rows with their results; a missing number is None."""
    return [json.loads(line) for line in (PUBLISHED / path).read_text().splitlines()]


def numbers(values: Iterable[float | None]) -> list[float]:
    return [math.nan if value is None else float(value) for value in values]


def lightgbm_case(folder: Path, rows: numpy.ndarray, compiled: bool) -> None:
    """The files of a LightGBM model of one class, which is in the folder already."""
    if len(numpy.unique(rows, axis=0)) != credit_risk.ROWS:
        raise SystemExit(f"{folder.name} has not {credit_risk.ROWS} different rows")
    model = folder / "model.txt"
    booster = lightgbm.Booster(model_file=model)
    write_rows(folder / "rows.txt", rows.tolist())
    for name, raw in ((SCORES, True), (PREDICTIONS, False)):
        write_rows(folder / name, booster.predict(rows, raw_score=raw, num_threads=1).reshape(-1, 1).tolist())
    inputs = [("features", FloatTensorType([None, booster.num_feature()]))]
    classifier = {"zipmap": False} if booster.dump_model(num_iteration=1)["objective"].startswith("binary") else {}
    onnxmltools.save_model(
        onnxmltools.convert_lightgbm(booster, initial_types=inputs, **classifier), folder / "model.onnx")
    if compiled:
        # Faster than its default code model, which is for models far larger than those it can compile in a minute.
        lleaves.Model(model).compile(folder / "compiled.o", raw_score=True, fcodemodel="small")
        subprocess.run(["gcc", "-shared", "-o", folder / "compiled.so", folder / "compiled.o"], check=True)


def credit_risk_case(folder: Path, trees: int, leaves: int, missing: bool, compiled: bool) -> None:
    """The published model with its rows where they are at hand, else one of that shape."""
    model = folder / "model.txt"
    name = f"credit_risk/credit_risk_{trees}x{leaves}"
    published = PUBLISHED / f"{name}.lgb.txt.gz"
    if published.exists():
        model.write_bytes(gzip.decompress(published.read_bytes()))
        rows = numpy.array([numbers(golden["features"]) for golden in goldens(f"{name}.golden.jsonl")])
    else:
        rows = credit_risk.train(trees, leaves, missing, model)
    lightgbm_case(folder, rows, compiled)


def insurance_case(folder: Path) -> None:
    """The example model and customers that are all different."""
    (folder / "model.txt").write_bytes(Path(insurance.__file__).with_name("model.txt").read_bytes())
    random = Random(5)
    customers = [insurance.customer(random) for _ in range(credit_risk.ROWS)]
    lightgbm_case(folder, insurance.feature_matrix(insurance.DEFINITION["features"], customers), compiled=True)


def xgboost_case(folder: Path) -> None:
    (folder / "model.json").write_bytes(
        gzip.decompress((PUBLISHED / "xgboost" / "binary_300x6.json.gz").read_bytes()))
    rows = goldens("xgboost/binary_300x6.golden.jsonl")
    write_rows(folder / "rows.txt", [numbers(row["features"]) for row in rows])
    write_rows(folder / SCORES, [[row["margin"]] for row in rows])


def onnx_case(folder: Path, model: str, rows: list[dict], inputs: Callable[[dict], Iterable[float | str]],
              results: Callable[[dict], Iterable[float]]) -> None:
    (folder / "model.onnx").write_bytes((PUBLISHED / model).read_bytes())
    write_rows(folder / "rows.txt", map(inputs, rows))
    write_rows(folder / PREDICTIONS, map(results, rows))


CASES: dict[str, Callable[[Path], None]] = {
    "credit_risk_10707x7": lambda folder: credit_risk_case(folder, 10707, 7, missing=False, compiled=False),
    "credit_risk_500x31": lambda folder: credit_risk_case(folder, 500, 31, missing=True, compiled=True),
    "insurance_charges_model": insurance_case,
    "xgboost_300x6": xgboost_case,
    "onnx_insurance": lambda folder: onnx_case(
        folder, "insurance/insurance.onnx", goldens("insurance/golden.jsonl"),
        # In the order of the graph's inputs; a boolean is a number.
        lambda row: [int(cell) if isinstance(cell, bool) else cell for cell in row["input"].values()],
        lambda row: [row["raw"]]),
    "onnx_bilstm": lambda folder: onnx_case(
        folder, "sentiment/bilstm.onnx", goldens("sentiment/bilstm.golden.jsonl"),
        lambda row: row["padded"], lambda row: row["onnxruntime_f32"]),
}

CASES[Path(sys.argv[1]).name](Path(sys.argv[1]))
