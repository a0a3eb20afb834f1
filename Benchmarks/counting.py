#!/usr/bin/env python3
"""What counting for `GET /metrics` costs a request: martlet with and without it, in turn.

The requests are pipelined, so that of each as little as can be is the kernel's, whose share varies by more than counting
costs. Of each pair the difference is taken, and the median of all.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
from pathlib import Path

import decorators
import measure
import servers
from environment import machine, mark, progress, write_between

MAXIMUM_NANOSECONDS = 60
CUSTOMERS = 1024
PIPELINED = 32
WARM_UP_SECONDS = 2


def cpu_nanoseconds(process: measure.RunningServer) -> int:
    """Of all threads that run, which live as long as a server: ticks of 10 ms would be too coarse here."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{process.pid}/task").glob("*/schedstat"))


def cost(process: measure.RunningServer, seconds: int, bodies: Path) -> float:
    """CPU of a request, in nanoseconds."""
    before = cpu_nanoseconds(process)
    report, _ = measure.load(process, seconds, "requests.lua", bodies, PIPELINED)
    return (cpu_nanoseconds(process) - before) / report["requests"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=40, help="default 40")
    parser.add_argument("--seconds", type=int, default=1, help="of load, each; default 1")
    parser.add_argument("--write", type=Path, help="a Markdown file whose part between the marks is replaced by the table")
    parser.add_argument("--binary", type=Path, default=servers.REPOSITORY / ".build" / "release" / "martlet")
    options = parser.parse_args()
    if not options.binary.exists():
        raise SystemExit(f"{options.binary} does not exist; run: make build")
    servers.executable("wrk")

    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as running:
        work = Path(temporary)
        bodies = work / "bodies.txt"
        bodies.write_bytes(b"".join(decorators.body(number) + b"\n" for number in range(CUSTOMERS)))
        record = {"age": 42, "sex": "female", "bmi": 24.0, "children": 2, "smoker": False, "region": "northwest"}
        processes = [
            running.enter_context(measure.running(
                servers.martlet(options.binary, work, name, metrics=metrics), record))
            for name, metrics in (("without", False), ("with", True))]
        for process in processes:
            measure.load(process, WARM_UP_SECONDS, "requests.lua", bodies, PIPELINED)
        pairs = []
        for number in range(options.pairs):
            # Now one first and now the other: what drifts is told of neither.
            order = processes if number % 2 else processes[::-1]
            costs = {process: cost(process, options.seconds, bodies) for process in order}
            pairs.append([costs[process] for process in processes])
            progress(f"pair {number + 1} of {options.pairs}: {pairs[-1][1] - pairs[-1][0]:+.0f} ns more per request")

    differences = [counted - plain for plain, counted in pairs]
    first, median, third = statistics.quantiles(differences, n=4)
    passed = median <= MAXIMUM_NANOSECONDS
    plain, counted = (statistics.median(pair[index] for pair in pairs) for index in (0, 1))
    table = (
        f"{machine()}; {options.pairs} pairs of {options.seconds} s, {PIPELINED} requests in one piece; medians\n\n"
        "| CPU ns per request | without metrics | with | more, with quartiles | target | |\n|---|---:|---:|---:|---:|---|\n"
        f"| counting | {plain:,.0f} | {counted:,.0f} | {median:.0f} ({first:.0f}–{third:.0f}) | ≤ {MAXIMUM_NANOSECONDS} "
        f"| {mark(passed)} |\n")
    print(table, end="")
    if options.write:
        write_between("bench-counting", table, options.write)
    return 0 if passed else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except measure.Failure as failure:
        sys.exit(str(failure))
