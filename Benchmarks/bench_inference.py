#!/usr/bin/env python3
"""Measures martlet's inference beside other engines: the same models and rows, one row a call and then all rows in
one call, one thread, in turns."""

import argparse
import contextlib
import hashlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import measure
import servers
from cases import CASES, PUBLISHED, Case, Engine
from environment import ENVIRONMENT, PYTHON, REQUIREMENTS, install, machine, mark, progress, write_between

ENGINES = measure.FOLDER / "engines"
CACHE = servers.REPOSITORY / ".bench-inference"
BINARY = servers.REPOSITORY / ".build" / "release" / "InferenceBenchmark"


@dataclass(frozen=True)
class Sample:
    """One process of an engine."""

    row_microseconds: float
    load_milliseconds: float
    # Of a row where one call predicts them all; none where an engine is not asked for that.
    batch_microseconds: float | None = None
    # Of martlet only, where the format has tables.
    table_bytes: int | None = None


def prepare(case: Case) -> Path:
    """The folder of a case, whose files are made if they or what they depend on has changed."""
    folder = CACHE / case.folder
    sources = [REQUIREMENTS, *ENGINES.glob("*.py"), *servers.MODELS.glob("insurance*/*"), *PUBLISHED.glob("*/*")]
    stamp = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources) if path.is_file())).hexdigest()
    made = folder / "made-from"
    if not made.exists() or made.read_text() != stamp:
        progress(f"preparing {case.name}")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [PYTHON, ENGINES / "prepare.py", folder], check=True, stdout=sys.stderr,
            env=os.environ | {"PYTHONPATH": f"{measure.FOLDER}:{servers.MODELS}", "PYTHONDONTWRITEBYTECODE": "1"})
        made.write_text(stamp)
    return folder


def build_driver(work: Path) -> Path:
    driver = work / "driver"
    subprocess.run([servers.executable("gcc"), "-O2", "-std=gnu11", "-o", driver, *ENGINES.glob("*.c"), "-ldl"],
                   check=True)
    return driver


def command(engine: Engine, folder: Path, driver: Path) -> list[str]:
    model = str(folder / engine.model)
    if engine.driver is None:
        return [str(BINARY), model]
    # Without a library of its own, the model is one.
    library = next(ENVIRONMENT.glob(f"lib/python3*/site-packages/{engine.library}")) if engine.library else model
    return [str(driver), engine.driver, str(library), model]


def numbers(path: Path) -> list[list[float]]:
    return [[float(word) for word in line.split()] for line in path.read_text().splitlines()]


def verify(engine: Engine, folder: Path, predictions: Path) -> None:
    """Fails unless an engine's results are those expected; of a classifier's probabilities the last one counts."""
    expected, results = numbers(folder / engine.expected), numbers(predictions)
    if len(expected) != len(results):
        raise measure.Failure(f"{engine.name} predicts {len(results)} of {len(expected)} rows of {folder.name}")
    for index, (row, result) in enumerate(zip(expected, results), start=1):
        for value, prediction in zip(row, result[-len(row):], strict=True):
            if not abs(prediction - value) <= engine.tolerance * max(1, abs(value)):
                raise measure.Failure(f"{engine.name} predicts {prediction!r} for row {index} of {folder.name}; "
                                      f"{value!r} was expected")


def sample(engine: Engine, folder: Path, driver: Path, seconds: float) -> Sample:
    """Runs an engine, verifies its predictions, and returns what it measured."""
    predictions = driver.with_name("predictions.txt")
    process = subprocess.run(
        ["taskset", "--cpu-list", measure.SERVER_CPU, *command(engine, folder, driver), folder / "rows.txt",
         predictions, str(seconds)],
        capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    if process.returncode != 0:
        raise measure.Failure(f"{engine.name} exits with {process.returncode} on {folder.name}:\n{process.stderr}")
    verify(engine, folder, predictions)
    return Sample(**json.loads(process.stdout))


def median(samples: list[Sample], field: str) -> float:
    return statistics.median(getattr(sample, field) for sample in samples)


def compare(results: dict[Case, dict[Engine, list[Sample]]]) -> bool:
    """Prints the table of all engines; whether every ratio is met."""
    print("| model | engine | µs per row | × martlet | target | | load ms |\n|---|---|---:|---:|---:|---|---:|")
    verdicts, notes = [], []
    for case, engines in results.items():
        own = median(engines[case.martlet], "row_microseconds")
        for engine, samples in engines.items():
            times = [sample.row_microseconds for sample in samples]
            ratio = statistics.median(times) / own
            target = verdict = ""
            if engine is case.peers[0] and case.minimum_ratio is not None:
                verdicts.append(ratio >= case.minimum_ratio)
                target, verdict = f"≥ {case.minimum_ratio:g}", mark(verdicts[-1])
            if engine.note is not None and engine.note not in notes:
                notes.append(engine.note)
            cells = [
                case.name, engine.name + (f" [{notes.index(engine.note) + 1}]" if engine.note else ""),
                f"{statistics.median(times):,.2f} ({min(times):,.2f}–{max(times):,.2f})", f"{ratio:.2f}",
                target, verdict, f"{median(samples, 'load_milliseconds'):.1f}",
            ]
            print(f"| {' | '.join(cells)} |")
    for number, note in enumerate(notes, start=1):
        print(f"\n[{number}] {note}.")
    return all(verdicts)


def compare_batches(results: dict[Case, dict[Engine, list[Sample]]]) -> bool:
    """Prints the table of the engines that predict all rows in one call; whether every target is met."""
    print("\n| all rows in one call | engine | rows/s per core | martlet × | target | |\n|---|---|---:|---:|---:|---|")
    verdicts = []
    for case, engines in results.items():
        if engines[case.martlet][0].batch_microseconds is None:
            continue
        own = median(engines[case.martlet], "batch_microseconds")
        for engine, samples in engines.items():
            if samples[0].batch_microseconds is None:
                continue
            time = median(samples, "batch_microseconds")
            target = verdict = ""
            if engine is case.martlet and case.minimum_batch_rows is not None:
                verdicts.append(1e6 / time >= case.minimum_batch_rows)
                target, verdict = f"≥ {case.minimum_batch_rows:,.0f}", mark(verdicts[-1])
            cells = [case.name, engine.name, f"{1e6 / time:,.0f}", f"{time / own:.2f}", target, verdict]
            print(f"| {' | '.join(cells)} |")
    return all(verdicts)


def judge(results: dict[Case, dict[Engine, list[Sample]]]) -> bool:
    """Prints the table of what is asked of martlet alone; whether every target is met."""
    print("\n| martlet | measured | target | |\n|---|---:|---:|---|")
    verdicts = []
    for case, engines in results.items():
        samples = engines[case.martlet]
        for name, field, unit, maximum in [
            ("µs per row", "row_microseconds", 1, case.maximum_microseconds),
            ("load, ms", "load_milliseconds", 1, case.maximum_load_milliseconds),
            ("tables, MB", "table_bytes", 1e6, case.maximum_table_megabytes),
        ]:
            if maximum is not None:
                value = median(samples, field) / unit
                verdicts.append(value <= maximum)
                print(f"| {case.name}: {name} | {value:.2f} | ≤ {maximum:g} | {mark(verdicts[-1])} |")
    return all(verdicts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: shows that it works, judges nothing")
    parser.add_argument("--rounds", type=int, default=7, help="default 7")
    parser.add_argument("--seconds", type=float, default=1, help="of CPU per engine and round; default 1")
    parser.add_argument("--only", default="", help="models whose name contains one of these words, comma-separated")
    parser.add_argument("--write", type=Path, help="a Markdown file whose part between the marks is replaced by the tables")
    options = parser.parse_args()
    rounds, seconds = (1, 0.1) if options.quick else (options.rounds, options.seconds)
    if not BINARY.exists():
        raise SystemExit(f"{BINARY} does not exist; run: make bench-inference")

    install()
    cases = []
    for case in CASES:
        if case.published is not None and not (PUBLISHED / case.published).exists():
            progress(f"left out: {case.name}, whose model {PUBLISHED / case.published} does not exist")
        elif any(word in case.name for word in options.only.split(",")):
            cases.append(case)
    results = {case: {engine: [] for engine in (case.martlet, *case.peers)} for case in cases}
    with tempfile.TemporaryDirectory() as temporary:
        driver = build_driver(Path(temporary))
        folders = {case: prepare(case) for case in cases}
        for turn in range(rounds):
            for case, engines in results.items():
                for engine, samples in engines.items():
                    samples.append(sample(engine, folders[case], driver, seconds))
                    progress(f"round {turn + 1} of {rounds}: {case.name}: {engine.name}: "
                             f"{samples[-1].row_microseconds:,.2f} µs per row")

    tables = io.StringIO()
    with contextlib.redirect_stdout(tables):
        print(f"{machine()}; {rounds} rounds of {seconds:g} s; medians\n")
        passed = compare(results)
        passed &= compare_batches(results)
        passed &= judge(results)
    print(tables.getvalue(), end="")
    if options.write:
        write_between("bench-inference", tables.getvalue(), options.write)
    return 0 if passed or options.quick else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except measure.Failure as failure:
        sys.exit(str(failure))
