"""What a hit in Redis costs the server, Redis' own CPU left out, beside the same model without a cache."""

import json
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import caching
import measure
import servers
from environment import mark, progress

# All of them are kept; a power of two, as customers.lua wants it.
CUSTOMERS = 1 << 14
MAXIMUM_MICROSECONDS = 20
# What a server of a busy machine may miss because Redis was late.
MINIMUM_HIT_SHARE = 0.99
DECORATOR = "RedisCachingDecorator"


@contextmanager
def redis(folder: Path) -> Iterator[Path]:
    """Redis, beside the load and not beside the server; gives the path of its socket."""
    path = folder / "redis.sock"
    process = subprocess.Popen(
        ["taskset", "--cpu-list", measure.WRK_CPU, servers.executable("redis-server"), "--port", "0", "--unixsocket",
         str(path), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + measure.START_SECONDS
        while not path.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise measure.Failure("redis-server does not start")
            time.sleep(0.01)
        yield path
    finally:
        process.terminate()
        process.wait()


def statistics_of(path: Path) -> dict[str, str]:
    lines = subprocess.run(
        [servers.executable("redis-cli"), "-s", str(path), "INFO", "stats"], check=True, capture_output=True,
        text=True).stdout.splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def compare(binary: Path, work: Path, rounds: int, warm_up: int, seconds: int) -> bool:
    """Prints the table of both; whether a hit is as cheap as it should be."""
    with redis(work) as path:
        entry = {"class_path": f"ml_model_caching.redis.{DECORATOR}",
                 "configuration": {"unix_socket": str(path), "timeout": "1s"}}
        bare = servers.martlet(binary, work)
        cached = replace(servers.martlet(binary, work, decorators=[entry]), name=f"martlet, {DECORATOR}")
        results = {server: [] for server in (bare, cached)}
        for turn in range(rounds):
            predictions = []
            for server, samples in results.items():
                with measure.running(server, json.loads(caching.body(0))) as process:
                    caching.fill(process, CUSTOMERS)
                    before = statistics_of(path)
                    samples.append(measure.loaded(process, warm_up, seconds, "customers.lua", CUSTOMERS))
                    after = statistics_of(path)
                    predictions.append(caching.trial(process, CUSTOMERS))
                if server is cached:
                    hits, misses = (int(after[name]) - int(before[name]) for name in ("keyspace_hits", "keyspace_misses"))
                    if not hits or hits < MINIMUM_HIT_SHARE * (hits + misses):
                        raise measure.Failure(f"{server.name}: {hits} hits and {misses} misses; all should be hits")
                progress(f"round {turn + 1} of {rounds}: {server.name}: "
                         f"{samples[-1].cpu_microseconds:,.2f} µs per request")
            if predictions[0] != predictions[1]:
                raise measure.Failure(f"{cached.name} does not predict what {bare.name} predicts")

    print(f"\n| {CUSTOMERS:,} customers in turn | CPU µs per request, without Redis' | p50 ms | µs more per hit | target | |\n"
          "|---|---:|---:|---:|---:|---|")
    medians = {}
    for server, samples in results.items():
        cpu = [sample.cpu_microseconds for sample in samples]
        medians[server] = statistics.median(cpu)
        judged = ["", "", ""]
        if server is cached:
            more = medians[cached] - medians[bare]
            judged = [f"{more:.2f}", f"≤ {MAXIMUM_MICROSECONDS}", mark(more <= MAXIMUM_MICROSECONDS)]
        p50 = statistics.median(sample.p50_milliseconds for sample in samples)
        print(f"| {server.name} | {medians[server]:,.2f} ({min(cpu):,.2f}–{max(cpu):,.2f}) | {p50:.2f} "
              f"| {' | '.join(judged)} |")
    return medians[cached] - medians[bare] <= MAXIMUM_MICROSECONDS
