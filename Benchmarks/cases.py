"""What is predicted in the inference benchmark: the models, the engines beside martlet's, and what is asked of them."""

from dataclasses import dataclass

# LightGBM's, and every engine's that must equal it to the last bit.
SCORES = "scores.txt"
# What a prediction is in the end, a probability or a value.
PREDICTIONS = "predictions.txt"


@dataclass(frozen=True)
class Engine:
    name: str
    # The model's file in the folder of a case.
    model: str
    # What the C driver calls it, and the library that it opens, below the environment's packages; none for martlet.
    driver: str | None = None
    library: str = ""
    # The file that has the expected results, and how far a result may be from them, relatively to values above 1.
    expected: str = SCORES
    tolerance: float = 0
    # Stands behind its name in the table.
    footnote: str = ""


@dataclass(frozen=True)
class Case:
    name: str
    # The function in engines/prepare.py that makes its files, and the folder that they are in.
    folder: str
    martlet: Engine
    # The first one is the library that trained the model.
    peers: tuple[Engine, ...]
    maximum_microseconds: float | None = None
    # How many times faster than the first peer martlet should be, at least.
    minimum_ratio: float | None = None
    maximum_load_milliseconds: float | None = None
    maximum_table_megabytes: float | None = None


LIGHTGBM = Engine("LightGBM", "model.txt", "lightgbm", "lightgbm/lib/lib_lightgbm.so")
# It computes these trees in 32 bits.
ONNX_RUNTIME = Engine(
    "ONNX Runtime", "model.onnx", "onnxruntime", "onnxruntime/capi/libonnxruntime.so.*", PREDICTIONS, 1e-5)
# It adds the trees up in blocks, so in another order.
LLEAVES = Engine("lleaves", "compiled.so", "compiled", tolerance=1e-12)
MARTLET_LIGHTGBM = Engine("martlet", "model.txt")

CASES = [
    Case("LightGBM 10,707 × 7", "credit_risk_10707x7", MARTLET_LIGHTGBM, (LIGHTGBM, ONNX_RUNTIME),
         maximum_microseconds=8, minimum_ratio=28, maximum_load_milliseconds=60, maximum_table_megabytes=4),
    Case("LightGBM 500 × 31", "credit_risk_500x31", MARTLET_LIGHTGBM, (LIGHTGBM, ONNX_RUNTIME, LLEAVES),
         maximum_microseconds=1, minimum_ratio=14),
    Case("LightGBM 100 × 31", "insurance_charges_model", MARTLET_LIGHTGBM, (LIGHTGBM, ONNX_RUNTIME, LLEAVES)),
]
