"""The insurance model in ONNX Runtime, on one thread."""

import os
from pathlib import Path

import numpy
import onnxruntime

from features import features

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
_session = onnxruntime.InferenceSession(
    Path(os.environ["PREPARED"]) / "insurance.onnx", options, providers=["CPUExecutionProvider"])


def charges(data) -> float:
    return round(float(_session.run(None, {"features": numpy.array([features(data)], numpy.float32)})[0][0, 0]), 2)
