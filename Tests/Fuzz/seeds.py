"""Writes the first inputs of a reader into a folder, from the repository's own fixtures.

    python3 Tests/Fuzz/seeds.py READER FOLDER
"""

import base64
import io
import json
import pathlib
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = "Tests/InferenceTests/Fixtures"
# A mutation of a large file mostly meets what one of a small file meets, later.
MAXIMUM_BYTES = 16_384

PATTERNS = {
    "lightgbm": [f"{FIXTURES}/*.lgb.txt", "models/*/model.txt"],
    "xgboost-json": [f"{FIXTURES}/xgboost/*.json"],
    "xgboost-ubj": [f"{FIXTURES}/xgboost/*.ubj"],
    "onnx": [f"{FIXTURES}/onnx/*.onnx"],
    "tokenizer": ["Tests/Fuzz/Seeds/tokenizer/*"],
    "package": ["models/*/model.yaml"],
    "archive": ["Tests/Fuzz/Seeds/verify/*"],
    "verify": ["Tests/Fuzz/Seeds/verify/*"],
    "configuration": ["configuration/*", "Tests/ModelServiceTests/Configuration/Fixtures/*/*.yaml",
                      "Tests/YAMLTests/Fixtures/*"],
    "record": ["Tests/Fuzz/Seeds/record/*"],
    "head": ["Tests/Fuzz/Seeds/head/*"],
}


def archives():
    """Archives in the ways of other tools."""
    for name in ["model.yaml", "folder/", "../above", "link"]:
        for method in [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]:
            for streamed in [False, True]:
                file = Unseekable() if streamed else io.BytesIO()
                with zipfile.ZipFile(file, "w", method) as archive:
                    information = zipfile.ZipInfo(name)
                    information.compress_type = method
                    information.external_attr = (0o120777 if name == "link" else 0o100644) << 16
                    archive.writestr(information, b"" if name.endswith("/") else b"content " * 20)
                    archive.writestr("model.txt", b"tree" * 9, method)
                    archive.comment = b"comment" if streamed else b""
                yield file.getvalue()


class Unseekable(io.BytesIO):
    """Makes a zip whose sizes come behind the content."""

    def seekable(self):
        return False

    def seek(self, *arguments):
        raise io.UnsupportedOperation


def main(reader, folder):
    seeds = [path.read_bytes() for pattern in PATTERNS[reader] for path in sorted(ROOT.glob(pattern))]
    if reader == "archive":
        seeds += archives()
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
