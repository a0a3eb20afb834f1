"""Trains every example model; `--check` compares with the files in the repository instead of replacing them."""

import argparse
import filecmp
import importlib
import shutil
import sys
import tempfile
from pathlib import Path

MODELS = Path(__file__).resolve().parent
NAMES = ["iris_model", "insurance_charges_model"]
WRITTEN = ["model.yaml", "model.txt", "samples.jsonl", "README.md"]


def train(name: str, folder: Path) -> None:
    importlib.import_module(f"{name}.train").train(folder)


def differences(name: str) -> list[str]:
    """The files of the model that training again does not reproduce byte for byte."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copy(MODELS / name / "README.md", folder)
        train(name, folder)
        _, differing, missing = filecmp.cmpfiles(MODELS / name, folder, WRITTEN, shallow=False)
    return differing + missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a file would change")
    check = parser.parse_args().check
    status = 0
    for name in NAMES:
        if not check:
            train(name, MODELS / name)
            print(f"models/{name}: trained")
        elif differing := differences(name):
            print(f"models/{name}: training again gives another {', '.join(differing)}; run models/train.sh")
            status = 1
        else:
            print(f"models/{name}: reproduced")
    return status


if __name__ == "__main__":
    sys.exit(main())
