#!/bin/sh
# Trains the example models, in a virtual environment made on demand.
# With --check, trains them elsewhere and fails unless every file comes out byte for byte the same.
set -eu
cd "$(dirname "$0")/.."
requirements=models/requirements.txt
installed=.venv/models-requirements.txt
if ! cmp -s "$requirements" "$installed"; then
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement "$requirements"
    cp "$requirements" "$installed"
fi
exec .venv/bin/python models/train_all.py "$@"
