#!/usr/bin/env python3
"""Loads a service while the policy server and the cache that it asks are killed, held and started again.

Every answer must be the prediction that the model alone makes, a denial where the policy denies, or a 503. The server's
memory must not grow, and it must stop when it is asked to.
"""

import argparse
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from outages import Outages, RedisOutages
from processes import Failure, Process, free_port
from scenario import Progress, end_quietly, main, table
from service import MODEL, Service, entry, predict
from traffic import Client, make_inputs

CLIENTS = 8
# How much the server's resident memory may grow from the end of the first minute, or of the first half of a shorter run.
MAXIMUM_GROWTH_MEGABYTES = 4
MEMORY_SECONDS = 10
SETTLED_SECONDS = 60


def watch(server: Service, clients: list[Client], seconds: float, is_over: threading.Event) -> list[tuple[float, float]]:
    """Shows progress until it is over; gives the server's memory in megabytes by the seconds it was read at."""
    memory: list[tuple[float, float]] = []
    progress = Progress()
    began = time.monotonic()
    while not is_over.wait(0.5) and time.monotonic() - began < seconds:
        elapsed = time.monotonic() - began
        server.check()
        # Alive, whatever it waits for.
        if not server.is_well():
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
    return table("soak", rows)


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


def soak(options: argparse.Namespace, folder: Path) -> list[str]:
    """Runs all of it and prints the summary; what went wrong."""
    seconds, seed = options.minutes * 60, options.seed
    ports = [free_port() for _ in range(2)]
    bare = Service(options.binary, folder, [entry()], "bare")
    server = Service(options.binary, folder, [entry(decorators=[
        {"class_path": "RedisCachingDecorator", "configuration": {"host": "127.0.0.1", "port": ports[1]}},
        {"class_path": "OPAPolicyDecorator", "configuration": {
            "host": "127.0.0.1", "port": ports[0], "policy_package": MODEL, "readiness": True}},
        {"class_path": "PredictionIDDecorator"},
    ])])
    opa = Process("OPA", [
        sys.executable, "Tests/Support/Servers/opa_server.py", "--port", ports[0], "policies/insurance_charges_model.rego",
    ], ports[0], folder / "opa.log")
    redis = Process("Redis", [
        "redis-server", "--port", ports[1], "--bind", "127.0.0.1", "--save", "", "--dir", folder,
    ], ports[1], folder / "redis.log")
    inputs = make_inputs(seed)
    expected = predict(options.binary, bare.file, MODEL, inputs)

    is_over, failures, threads = threading.Event(), [], []
    try:
        for process in (opa, redis, server):
            process.start()
        server.wait_until_ready()
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
        end_quietly()
        # Before they are killed, or an outage ends with a new one.
        end(threads, is_over)
        for process in (server, opa, redis):
            process.kill()
    return failures


def end(threads: list[threading.Thread], is_over: threading.Event) -> None:
    is_over.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    sys.exit(main(
        __doc__, soak,
        minutes=dict(type=float, default=10, help="of load; default 10"),
        seed=dict(type=int, default=5, help="of the requests and the outages; default 5")))
