#!/usr/bin/env python3
"""Measures martlet beside its peers: the same model, the same bodies, one server at a time, in turns."""

import argparse
import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import decorators
import measure
import servers
from environment import ENVIRONMENT, PYTHON, install, machine, mark, progress, write_between

WARM_UP_SECONDS = 1
MAXIMUM_START_MILLISECONDS = 50
MAXIMUM_IDLE_MEGABYTES = 20
MAXIMUM_ALLOCATIONS = 4


def prepare(folder: Path) -> list[dict]:
    """Converts the model for the peers and returns the bodies with their predictions."""
    progress("converting the model")
    subprocess.run(
        [PYTHON, servers.PEERS / "prepare.py", folder], check=True,
        env=os.environ | {"PYTHONPATH": str(servers.MODELS), "PYTHONDONTWRITEBYTECODE": "1"})
    return [json.loads(line) for line in (folder / "bodies.jsonl").read_text().splitlines()]


def compact(value: dict) -> str:
    return json.dumps(value, separators=(",", ":"))


def median(samples: list[measure.Sample], field: str) -> float:
    return statistics.median(getattr(sample, field) for sample in samples)


def compare(results: dict[servers.Server, list[measure.Sample]]) -> bool:
    """Prints the table of all servers; whether every target is met."""
    print("| server | CPU µs per request | req/s | p50 ms | p99 ms | RSS MB | start s | × martlet | target | |\n"
          "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|")
    own = next((median(samples, "cpu_microseconds") for server, samples in results.items()
                if server.name == "martlet"), None)
    verdicts = []
    for server, samples in results.items():
        cpu = [sample.cpu_microseconds for sample in samples]
        judged = ["", "", ""]
        if own is not None:
            ratio = statistics.median(cpu) / own
            judged[0] = f"{ratio:.2f}"
            if server.target is not None:
                verdicts.append(ratio >= server.target)
                judged[1:] = [f"≥ {server.target:g}", mark(verdicts[-1])]
        cells = [
            server.name,
            f"{statistics.median(cpu):,.2f} ({min(cpu):,.2f}–{max(cpu):,.2f})",
            f"{median(samples, 'requests_per_second'):,.0f}" + "*" * any(sample.wrk_is_limit for sample in samples),
            f"{median(samples, 'p50_milliseconds'):.2f}",
            f"{median(samples, 'p99_milliseconds'):.2f}",
            f"{median(samples, 'resident_megabytes'):.1f}",
            f"{median(samples, 'start_seconds'):.3f}",
            *judged,
        ]
        print(f"| {' | '.join(cells)} |")
    if any(sample.wrk_is_limit for samples in results.values() for sample in samples):
        print("\n\\* wrk used its whole CPU: the server could answer more, and faster. CPU per request still holds.")
    return all(verdicts)


def judge(samples: list[measure.Sample], allocations: float) -> bool:
    """Prints the table of what is asked of martlet alone; whether every target is met."""
    rows = [
        ("start to first prediction, ms", median(samples, "start_seconds") * 1e3, MAXIMUM_START_MILLISECONDS),
        ("resident memory, idle, MB", median(samples, "idle_megabytes"), MAXIMUM_IDLE_MEGABYTES),
        ("allocations per prediction", allocations, MAXIMUM_ALLOCATIONS),
    ]
    print("\n| martlet | measured | target | |\n|---|---:|---:|---|")
    for name, value, maximum in rows:
        print(f"| {name} | {value:.2f} | ≤ {maximum} | {mark(value <= maximum)} |")
    return all(value <= maximum for _, value, maximum in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: shows that it works, judges nothing")
    parser.add_argument("--rounds", type=int, default=5, help="default 5")
    parser.add_argument("--seconds", type=int, default=4, help="of load per server and round; default 4")
    parser.add_argument("--only", default="", help="servers, and decorators, whose name contains one of these words, comma-separated")
    parser.add_argument("--write", type=Path, help="a Markdown file whose part between the marks is replaced by the tables")
    parser.add_argument("--binary", type=Path, default=servers.REPOSITORY / ".build" / "release" / "martlet")
    options = parser.parse_args()
    rounds, seconds = (1, 1) if options.quick else (options.rounds, options.seconds)

    def wanted(name: str) -> bool:
        return any(word in name for word in options.only.split(","))

    chosen = [decorator for decorator in decorators.DECORATORS if wanted(decorator.name)]
    if (chosen or wanted("martlet")) and not options.binary.exists():
        raise SystemExit(f"{options.binary} does not exist; run: make build")
    for program in ("wrk", "nginx", "gcc"):
        servers.executable(program)

    install()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        expected = prepare(work)
        bodies = work / "bodies.txt"
        bodies.write_text("".join(compact(record["input"]) + "\n" for record in expected))
        martlet = servers.martlet(options.binary, work)
        nginx = servers.nginx(compact(expected[0]["output"]), work)
        results = {server: [] for server in (martlet, nginx, *servers.python_peers(ENVIRONMENT, work))
                   if wanted(server.name)}
        for turn in range(rounds):
            for server, samples in results.items():
                samples.append(measure.sample(server, expected, bodies, WARM_UP_SECONDS, seconds))
                progress(f"round {turn + 1} of {rounds}: {server.name}: "
                         f"{samples[-1].cpu_microseconds:,.2f} µs per request")
        allocations = measure.allocations_per_prediction(martlet, expected, work) if martlet in results else None

    tables = io.StringIO()
    with contextlib.redirect_stdout(tables):
        print(f"{machine()}; {rounds} rounds of {seconds} s, {measure.CONNECTIONS} connections; medians\n")
        passed = compare(results) if results else True
        if martlet in results:
            passed &= judge(results[martlet], allocations)
        if chosen:
            with tempfile.TemporaryDirectory() as temporary:
                passed &= decorators.compare(
                    options.binary, Path(temporary), chosen, rounds, WARM_UP_SECONDS, seconds, options.quick)
    print(tables.getvalue(), end="")
    if options.write:
        write_between("bench", tables.getvalue(), options.write)
    return 0 if passed or options.quick else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except measure.Failure as failure:
        sys.exit(str(failure))
