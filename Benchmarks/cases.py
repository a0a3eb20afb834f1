"""What is predicted in the inference benchmark: the models, the engines beside martlet's, and what is asked of them."""

from dataclasses import dataclass, replace

import servers

# Models with predictions that may lie beside the repository.
PUBLISHED = servers.REPOSITORY.parent / "shared" / "models"
# The sums of the leaves, which every engine that computes as the library does gives to the last bit.
SCORES = "scores.txt"
# What a prediction is in the end: a value, or a probability.
PREDICTIONS = "predictions.txt"


@dataclass(frozen=True)
class Engine:
    name: str
    # The model's file in the folder of a case.
    model: str
    # What the C driver calls it, and the library that it opens among the environment's packages; none for martlet.
    driver: str | None = None
    library: str | None = None
    # The file of the results expected, and how far one may be off: relatively, or absolutely below 1.
    expected: str = SCORES
    tolerance: float = 0
    # What stands below the table about it.
    note: str | None = None


@dataclass(frozen=True)
class Case:
    name: str
    # The function in engines/prepare.py that makes its files, and the folder that they are in.
    folder: str
    martlet: Engine
    # The first one is the library that trained the model.
    peers: tuple[Engine, ...]
    maximum_microseconds: float | None = None
    # Of all rows in one call, per second of CPU.
    minimum_batch_rows: float | None = None
    # At least how many times as long the first peer should take.
    minimum_ratio: float | None = None
    maximum_load_milliseconds: float | None = None
    maximum_table_megabytes: float | None = None
    # The published file that the case is left out without; none where a model of that shape can be trained.
    published: str | None = None


LIGHTGBM = Engine("LightGBM", "model.txt", "lightgbm", "lightgbm/lib/lib_lightgbm.so")
ONNX_RUNTIME = Engine(
    "ONNX Runtime", "model.onnx", "onnxruntime", "onnxruntime/capi/libonnxruntime.so.*", PREDICTIONS,
    servers.ONNX_TOLERANCE, "converted; computes in 32 bits, so predictions are equal to 1e-5 only")
LLEAVES = Engine(
    "lleaves", "compiled.so", "compiled", tolerance=1e-12,
    note="compiled to machine code beforehand, about a minute for 500 × 31 and too long for 10,707 × 7; adds up in "
         "another order, so sums are equal to 1e-12 only")
MARTLET = Engine("martlet", "model.txt")
XGBOOST = Engine("XGBoost", "model.json", "xgboost", "xgboost/lib/libxgboost.so")


def onnx(engine: Engine, tolerance: float = 0) -> Engine:
    """An engine for a graph that was exported, not converted here: there is no other result than its prediction."""
    return replace(engine, model="model.onnx", expected=PREDICTIONS, tolerance=tolerance, note=None)


CASES = [
    Case("LightGBM 10,707 × 7", "credit_risk_10707x7", MARTLET, (LIGHTGBM, ONNX_RUNTIME),
         maximum_microseconds=8, minimum_batch_rows=200_000, minimum_ratio=28, maximum_load_milliseconds=60, maximum_table_megabytes=4),
    Case("LightGBM 500 × 31", "credit_risk_500x31", MARTLET, (LIGHTGBM, ONNX_RUNTIME, LLEAVES),
         maximum_microseconds=1, minimum_ratio=14),
    Case("LightGBM 100 × 31", "insurance_charges_model", MARTLET, (LIGHTGBM, ONNX_RUNTIME, LLEAVES)),
    Case("XGBoost 300 × 6", "xgboost_300x6", replace(MARTLET, model="model.json"), (XGBOOST,),
         minimum_ratio=10, published="xgboost/binary_300x6.json.gz"),
    Case("ONNX insurance pipeline", "onnx_insurance", onnx(MARTLET), (onnx(ONNX_RUNTIME),),
         maximum_microseconds=3, published="insurance/insurance.onnx"),
    Case("ONNX BiLSTM", "onnx_bilstm", onnx(MARTLET, 1e-6), (onnx(ONNX_RUNTIME),),
         maximum_microseconds=25, published="sentiment/bilstm.onnx"),
]
