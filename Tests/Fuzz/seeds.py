"""Writes the first inputs of a reader into a folder, from the repository's own fixtures.

    python3 Tests/Fuzz/seeds.py READER FOLDER
"""

import base64
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = "Tests/InferenceTests/Fixtures"
# A mutation of a large file mostly meets what one of a small file meets, later.
MAXIMUM_BYTES = 16_384

PATTERNS = {
    "lightgbm": [f"{FIXTURES}/*.lgb.txt", "models/*/model.txt"],
    "xgboost-json": [f"{FIXTURES}/xgboost/*.json"],
    "xgboost-ubj": [f"{FIXTURES}/xgboost/*.ubj"],
    "onnx": [f"{FIXTURES}/onnx/*.onnx"],
    "package": ["models/*/model.yaml"],
    "configuration": ["configuration/*", "Tests/ModelServiceTests/Configuration/Fixtures/*/*.yaml",
                      "Tests/YAMLTests/Fixtures/*"],
    "record": ["Tests/Fuzz/Seeds/record/*"],
    "head": ["Tests/Fuzz/Seeds/head/*"],
}


def main(reader, folder):
    seeds = [path.read_bytes() for pattern in PATTERNS[reader] for path in sorted(ROOT.glob(pattern))]
    if reader == "onnx":
        for path in sorted(ROOT.glob(f"{FIXTURES}/onnx_cases/*.cases.jsonl")):
            for line in path.read_text().splitlines():
                seeds.append(base64.b64decode(json.loads(line)["model"]))
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        if len(seed) <= MAXIMUM_BYTES:
            (folder / f"seed-{number}").write_bytes(seed)


if __name__ == "__main__":
    main(*sys.argv[1:])
