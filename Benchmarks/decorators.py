"""What each decorator costs a request, beside the same model without it: the CPU of martlet, not of what it asks."""

import json
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import measure
import servers
from environment import mark, progress

# In turn; powers of two, as customers.lua wants them.
CUSTOMERS = 1 << 14
CUSTOMERS_IN_MEMORY = 1 << 20
QUICK_CUSTOMERS = 1 << 14
# Pipelined in one piece before the load, and asked over one connection: a server closes it some time.
BATCH = 256
CONNECTION = 1 << 14
TRIALS = 512
# What a server of a busy machine may miss because Redis was late.
MINIMUM_HIT_SHARE = 0.99


@dataclass(frozen=True)
class Beside:
    """What a decorator is told, of something that runs beside the server."""

    configuration: dict
    # How many look-ups it has seen so far: hits and misses.
    lookups: Callable[[], tuple[int, int]] | None = None


@dataclass(frozen=True)
class Decorator:
    name: str
    # What it does with every request that is measured.
    work: str
    maximum_microseconds: float
    # How many there are, each of whom is asked about once before the load.
    customers: int
    # Runs what it needs; the folder is its own.
    beside: Callable[[Path], AbstractContextManager[Beside]]
    # The field that it adds to every prediction, another value each time.
    adds: str | None = None


def alone(**configuration: object) -> Callable[[Path], AbstractContextManager[Beside]]:
    return lambda folder: nullcontext(Beside(configuration))


@contextmanager
def child(*command: object) -> Iterator[subprocess.Popen]:
    """Runs beside the load, and not beside the server."""
    process = subprocess.Popen(["taskset", "--cpu-list", measure.WRK_CPU, *map(str, command)], stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        measure.stop(process)


@contextmanager
def policy(folder: Path) -> Iterator[Beside]:
    """An nginx that allows everything: what is measured is martlet, not the policy."""
    port = servers.free_port()
    with child(*servers.constant(port, '{"result":{"allow":true,"messages":[]}}', folder, "policy")):
        yield Beside({"host": "127.0.0.1", "port": port, "policy_package": "insurance_charges_model", "timeout": "10s"})


@contextmanager
def redis(folder: Path) -> Iterator[Beside]:
    path = folder / "redis.sock"

    def lookups() -> tuple[int, int]:
        lines = subprocess.run(
            [servers.executable("redis-cli"), "-s", path, "INFO", "stats"], check=True, capture_output=True,
            text=True).stdout.splitlines()
        values = dict(line.split(":", 1) for line in lines if ":" in line)
        return int(values["keyspace_hits"]), int(values["keyspace_misses"])

    with child(servers.executable("redis-server"), "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder) as process:
        deadline = time.monotonic() + measure.START_SECONDS
        while not path.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise measure.Failure("redis-server does not start")
            time.sleep(0.01)
        yield Beside({"unix_socket": str(path), "timeout": "1s"}, lookups)


DECORATORS = [
    Decorator("PredictionIDDecorator", "makes an id", 1, CUSTOMERS, alone(), adds="prediction_id"),
    Decorator("OPAPolicyDecorator", "asks a policy, which allows", 30, CUSTOMERS, policy),
    Decorator("RedisCachingDecorator", "finds it in Redis", 20, CUSTOMERS, redis),
    Decorator(
        "CachingDecorator", "finds it in memory", 1.5, CUSTOMERS_IN_MEMORY,
        # The keys are spread evenly over parts of the cache, but not to the last one.
        alone(entries=CUSTOMERS_IN_MEMORY * 5 // 4, bytes="256MiB")),
]


def body(number: int) -> bytes:
    """The same as in customers.lua."""
    return (f'{{"age":{18 + number % 47},"sex":"female","bmi":{15 + number * 0.00003:.5f},"children":{number % 6},'
            '"smoker":false,"region":"northwest"}').encode()


def request(number: int) -> bytes:
    content = body(number)
    return (f"POST {servers.PREDICTION} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n").encode() + content


def fill(process: measure.RunningServer, customers: int) -> None:
    """Asks about every customer once."""
    for first in range(0, customers, CONNECTION):
        with socket.create_connection(("127.0.0.1", process.port), measure.START_SECONDS) as connection:
            for batch in range(first, first + CONNECTION, BATCH):
                ask(process, connection, range(batch, batch + BATCH))


def ask(process: measure.RunningServer, connection: socket.socket, customers: range) -> None:
    connection.sendall(b"".join(map(request, customers)))
    answers = b""
    while answers.count(b'{"charges":') < len(customers) or not answers.endswith(b"}"):
        received = connection.recv(1 << 20)
        if not received:
            raise measure.Failure(f"{process.server.name} closed the connection after {answers[-500:]!r}")
        answers += received
    if answers.count(b"HTTP/1.1 200 ") != len(customers):
        raise measure.Failure(f"{process.server.name} answers {answers[:500]!r}")


def trial(process: measure.RunningServer, customers: int) -> list[dict]:
    """What the server predicts for some of the customers."""
    with measure.connect(process.port) as connection:
        return [json.loads(measure.post(connection, json.loads(body(number)))[1])
                for number in range(0, customers, max(1, customers // TRIALS))]


def verify(decorator: Decorator, predictions: list[dict], expected: list[dict]) -> None:
    """Fails unless the predictions are those of the bare model, with what the decorator adds."""
    if decorator.adds:
        values = {prediction.pop(decorator.adds, None) for prediction in predictions}
        if None in values or len(values) < len(predictions):
            raise measure.Failure(f"{decorator.name} does not give every prediction a {decorator.adds} of its own")
    if predictions != expected:
        raise measure.Failure(f"{decorator.name} does not predict what the bare model predicts")


def measured(
    server: servers.Server, customers: int, beside: Beside | None, warm_up: int, seconds: int
) -> tuple[measure.Sample, list[dict]]:
    """The cost of a request, and predictions that show what was measured."""
    with measure.running(server, json.loads(body(0))) as process:
        fill(process, customers)
        lookups = beside and beside.lookups
        before = lookups() if lookups else None
        sample = measure.loaded(process, warm_up, seconds, "customers.lua", customers)
        if lookups:
            hits, misses = (after - earlier for after, earlier in zip(lookups(), before))
            if not hits or hits < MINIMUM_HIT_SHARE * (hits + misses):
                raise measure.Failure(f"{server.name}: {hits} hits and {misses} misses; all should be hits")
        return sample, trial(process, customers)


def compare(
    binary: Path, work: Path, decorators: list[Decorator], rounds: int, warm_up: int, seconds: int, quick: bool
) -> bool:
    """Prints the table of these decorators; whether each is as cheap as it should be."""
    bare = servers.martlet(binary, work)
    without: dict[int, list[measure.Sample]] = {}
    results: dict[Decorator, list[measure.Sample]] = {decorator: [] for decorator in decorators}
    with ExitStack() as running:
        candidates = {}
        for decorator in decorators:
            folder = work / decorator.name
            folder.mkdir()
            beside = running.enter_context(decorator.beside(folder))
            entry = {"class_path": decorator.name, "configuration": beside.configuration}
            candidates[decorator] = (servers.martlet(binary, work, decorator.name, [entry]), beside)
        for turn in range(rounds):
            for customers in sorted({decorator.customers for decorator in decorators}):
                count = min(customers, QUICK_CUSTOMERS) if quick else customers
                sample, expected = measured(bare, count, None, warm_up, seconds)
                without.setdefault(customers, []).append(sample)
                for decorator in decorators:
                    if decorator.customers != customers:
                        continue
                    sample, predictions = measured(candidates[decorator][0], count, candidates[decorator][1], warm_up, seconds)
                    verify(decorator, predictions, expected)
                    results[decorator].append(sample)
                    more = sample.cpu_microseconds - without[customers][-1].cpu_microseconds
                    progress(f"round {turn + 1} of {rounds}: {decorator.name}, {count:,} customers: "
                             f"{more:,.2f} µs more per request")
    return report(results, without)


def report(results: dict[Decorator, list[measure.Sample]], without: dict[int, list[measure.Sample]]) -> bool:
    print("\n| decorator | customers | CPU µs per request | without it | µs more | target | | p50 ms | RSS MB |\n"
          "|---|---:|---:|---:|---:|---:|---|---:|---:|")
    passed = True
    for decorator, samples in results.items():
        bare = without[decorator.customers]
        # Of each round by itself: what disturbs a machine for longer disturbs both.
        costs = [sample.cpu_microseconds - other.cpu_microseconds for sample, other in zip(samples, bare)]
        cost = statistics.median(costs)
        passed &= cost <= decorator.maximum_microseconds
        cells = [
            f"{decorator.name} {decorator.work}",
            f"{decorator.customers:,}",
            f"{statistics.median(sample.cpu_microseconds for sample in samples):,.2f}",
            f"{statistics.median(sample.cpu_microseconds for sample in bare):,.2f}",
            f"{cost:.2f} ({min(costs):.2f}–{max(costs):.2f})",
            f"≤ {decorator.maximum_microseconds:g}",
            mark(cost <= decorator.maximum_microseconds),
            f"{statistics.median(sample.p50_milliseconds for sample in samples):.2f}",
            f"{statistics.median(sample.resident_megabytes for sample in samples):.1f}",
        ]
        print(f"| {' | '.join(cells)} |")
    return passed
