#!/usr/bin/env python3
"""Loads a service while the policy server and the cache that it asks are killed, held and started again.

Every answer must be the prediction that the model alone makes, a denial where the policy denies, or a 503. The server's
memory must not grow, and it must stop when it is asked to.
"""

import argparse
import json
import signal
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

from processes import REPOSITORY, START_SECONDS, Failure, Outages, Process, RedisOutages, free_port
from traffic import MODEL, Client, make_inputs, predict

CLIENTS = 8
# How much the server's resident memory may grow from the end of the first minute, or of the first half of a shorter run.
MAXIMUM_GROWTH_MEGABYTES = 4
MEMORY_SECONDS = 10
SETTLED_SECONDS = 60
LINE_SECONDS = 15
STOP_SIGNALS = signal.SIGINT, signal.SIGTERM


def configuration(decorators: list[dict], port: int) -> str:
    return json.dumps({
        "service_title": "Soak",
        "model_packages": "models",
        "keys": json.loads((REPOSITORY / "configuration" / "rest_config.json").read_text())["keys"],
        "models": [{"class_path": MODEL, "qualified_name": MODEL, "decorators": decorators}],
        "logging": {"level": "error"},
        "server": {"host": "127.0.0.1", "port": port},
    })


class Progress:
    """One line that changes on a terminal; elsewhere one every 15 s."""

    def __init__(self):
        self._is_terminal = sys.stderr.isatty()
        self._next = 0.0

    def show(self, text: str) -> None:
        if self._is_terminal:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + LINE_SECONDS
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._is_terminal:
            print(file=sys.stderr)


def is_well(port: int, path: str) -> bool:
    """Whether a probe is answered 200."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health{path}", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until_ready(server: Process) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_well(server.port, "/ready"):
        server.check()
        if time.monotonic() > deadline:
            raise Failure(f"martlet is not ready after {START_SECONDS} s{server.last_words()}")
        time.sleep(0.02)


def watch(server: Process, clients: list[Client], seconds: float, is_over: threading.Event) -> list[tuple[float, float]]:
    """Shows progress until it is over; gives the server's memory in megabytes by the seconds it was read at."""
    memory: list[tuple[float, float]] = []
    progress = Progress()
    began = time.monotonic()
    while not is_over.wait(0.5) and time.monotonic() - began < seconds:
        elapsed = time.monotonic() - began
        server.check()
        # Alive, whatever it waits for.
        if not is_well(server.port, ""):
            raise Failure(f"GET /api/health is not answered 200{server.last_words()}")
        if elapsed >= len(memory) * MEMORY_SECONDS:
            memory.append((elapsed, server.resident_bytes() / 1e6))
        counts = sum((client.counts for client in clients), Counter())
        progress.show(f"{elapsed:5.0f} of {seconds:.0f} s: {counts.total():,} answers, {counts['prediction']:,} predictions, "
                      f"{counts['denial']:,} denials, {memory[-1][1]:.1f} MB")
    memory.append((time.monotonic() - began, server.resident_bytes() / 1e6))
    progress.end()
    return memory


def growth(memory: list[tuple[float, float]]) -> float:
    """From when the server has settled to the end, in megabytes."""
    settled = min(SETTLED_SECONDS, memory[-1][0] / 2)
    return memory[-1][1] - next(megabytes for seconds, megabytes in memory if seconds >= settled)


def summary(seconds: float, clients: list[Client], opa: Outages, redis: RedisOutages, memory: list[tuple[float, float]]) -> str:
    counts = sum((client.counts for client in clients), Counter())
    rows = [("answers", f"{counts.total():,}, {counts.total() / seconds:,.0f} a second")]
    rows += [(name if name in ("prediction", "denial") else f"503 {name}", f"{counts[name]:,}") for name in sorted(counts)]
    rows += [
        ("slowest answer, s", f"{max(client.slowest_seconds for client in clients):.2f}"),
        ("OPA", f"killed {opa.counts['killed']} times, held {opa.counts['held']} times"),
        ("Redis", f"killed {redis.counts['killed']} times, held {redis.counts['held']} times"),
        ("found in Redis, at least", f"{redis.lookups['hits']:,} of {redis.lookups.total():,}"),
        ("memory of the server, MB", f"{memory[0][1]:.1f} at first, {memory[-1][1]:.1f} at the end"),
        ("growth once settled, MB", f"{growth(memory):.1f}, at most {MAXIMUM_GROWTH_MEGABYTES}"),
    ]
    return "\n".join(["| soak | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)])


def judge(clients: list[Client], redis: RedisOutages, memory: list[tuple[float, float]]) -> list[str]:
    """What the whole run lacks, though each answer was right."""
    counts = sum((client.counts for client in clients), Counter())
    missing = [name for name in ("prediction", "denial", "PolicyUnavailable", "DeadlineExceeded") if not counts[name]]
    failures = [f"no answer was a {name}; the run shows nothing of it" for name in missing]
    if not redis.lookups["hits"]:
        failures.append("Redis found nothing; the run shows nothing of the cache")
    if growth(memory) > MAXIMUM_GROWTH_MEGABYTES:
        failures.append(f"the server's memory grew by {growth(memory):.1f} MB: "
                        + ", ".join(f"{seconds:.0f} s {megabytes:.1f}" for seconds, megabytes in memory))
    return failures


def soak(binary: Path, folder: Path, seconds: float, seed: int) -> list[str]:
    """Runs all of it and prints the summary; what went wrong."""
    ports = [free_port() for _ in range(3)]
    bare, decorated = folder / "bare.json", folder / "decorated.json"
    bare.write_text(configuration([], 0))
    decorated.write_text(configuration([
        {"class_path": "RedisCachingDecorator", "configuration": {"host": "127.0.0.1", "port": ports[1]}},
        {"class_path": "OPAPolicyDecorator", "configuration": {
            "host": "127.0.0.1", "port": ports[0], "policy_package": MODEL, "readiness": True}},
        {"class_path": "PredictionIDDecorator"},
    ], ports[2]))
    opa = Process("OPA", [
        sys.executable, "Tests/Support/Servers/opa_server.py", "--port", ports[0], "policies/insurance_charges_model.rego",
    ], ports[0], folder / "opa.log")
    redis = Process("Redis", [
        "redis-server", "--port", ports[1], "--bind", "127.0.0.1", "--save", "", "--dir", folder,
    ], ports[1], folder / "redis.log")
    server = Process("martlet", [binary, "serve", "--config", decorated], ports[2], folder / "martlet.log")
    inputs = make_inputs(seed)
    expected = predict(binary, bare, inputs)

    is_over, failures, threads = threading.Event(), [], []
    try:
        for process in (opa, redis, server):
            process.start()
        wait_until_ready(server)
        clients = [Client(number, seed, server.port, inputs, expected, is_over, failures) for number in range(CLIENTS)]
        outages = Outages(opa, seed, is_over, failures), RedisOutages(redis, seed, is_over, failures)
        for thread in (*clients, *outages):
            thread.start()
            threads.append(thread)
        memory = watch(server, clients, seconds, is_over)
        end(threads, is_over)
        print(summary(memory[-1][0], clients, *outages, memory))
        if not failures:
            failures += judge(clients, outages[1], memory)
        status = server.stop()
        if status != 0:
            failures.append(f"martlet ended with {status}{server.last_words()}")
    except Failure as failure:
        failures.append(str(failure))
    finally:
        # Another Ctrl-C would leave processes behind.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        # Before they are killed, or an outage ends with a new one.
        end(threads, is_over)
        for process in (server, opa, redis):
            process.kill()
    return failures


def end(threads: list[threading.Thread], is_over: threading.Event) -> None:
    is_over.set()
    for thread in threads:
        thread.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="of load; default 10")
    parser.add_argument("--seed", type=int, default=5, help="of the requests and the outages; default 5")
    parser.add_argument("--binary", type=Path, default=REPOSITORY / ".build" / "release" / "martlet")
    options = parser.parse_args()
    for number in STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder:
        try:
            failures = soak(options.binary, Path(folder), options.minutes * 60, options.seed)
        except Failure as failure:
            failures = [str(failure)]
        except KeyboardInterrupt:
            failures = ["interrupted"]
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
