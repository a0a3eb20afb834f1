"""What a hit of the cache in memory costs, beside the same model without a cache, with a million predictions kept."""

import json
import socket
import statistics
from dataclasses import replace
from pathlib import Path

import measure
import servers
from environment import mark, progress

# All of them are kept; a power of two, as customers.lua wants it.
CUSTOMERS = 1 << 20
QUICK_CUSTOMERS = 1 << 14
# Pipelined in one piece while the cache is filled, and asked over one connection: a server closes it some time.
BATCH = 256
CONNECTION = 1 << 14
TRIALS = 512
MAXIMUM_MICROSECONDS = 1.5
DECORATOR = "CachingDecorator"
ENTRY = {
    "class_path": f"ml_model_caching.caching.{DECORATOR}",
    # The keys are spread evenly over parts of the cache, but not to the last one.
    "configuration": {"entries": CUSTOMERS * 5 // 4, "bytes": "256MiB"},
}


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


def trial(process: measure.RunningServer, customers: int) -> list[bytes]:
    """What the server predicts for some of the customers."""
    with measure.connect(process.port) as connection:
        return [measure.post(connection, json.loads(body(number)))[1]
                for number in range(0, customers, max(1, customers // TRIALS))]


def compare(binary: Path, work: Path, rounds: int, warm_up: int, seconds: int, quick: bool) -> bool:
    """Prints the table of both; whether a hit is as cheap as it should be."""
    customers = QUICK_CUSTOMERS if quick else CUSTOMERS
    bare = servers.martlet(binary, work)
    caching = replace(servers.martlet(binary, work, decorators=[ENTRY]), name=f"martlet, {DECORATOR}")
    results = {server: [] for server in (bare, caching)}
    for turn in range(rounds):
        predictions = []
        for server, samples in results.items():
            with measure.running(server, json.loads(body(0))) as process:
                fill(process, customers)
                samples.append(measure.loaded(process, warm_up, seconds, "customers.lua", customers))
                predictions.append(trial(process, customers))
            progress(f"round {turn + 1} of {rounds}: {server.name}, {customers:,} customers: "
                     f"{samples[-1].cpu_microseconds:,.2f} µs per request")
        if predictions[0] != predictions[1]:
            raise measure.Failure(f"{caching.name} does not predict what {bare.name} predicts")

    print(f"\n| {customers:,} customers in turn | CPU µs per request | RSS MB | µs more per hit | target | |\n"
          "|---|---:|---:|---:|---:|---|")
    medians = {}
    for server, samples in results.items():
        cpu = [sample.cpu_microseconds for sample in samples]
        medians[server] = statistics.median(cpu)
        judged = ["", "", ""]
        if server is caching:
            more = medians[caching] - medians[bare]
            judged = [f"{more:.2f}", f"≤ {MAXIMUM_MICROSECONDS}", mark(more <= MAXIMUM_MICROSECONDS)]
        resident = statistics.median(sample.resident_megabytes for sample in samples)
        print(f"| {server.name} | {medians[server]:,.2f} ({min(cpu):,.2f}–{max(cpu):,.2f}) | {resident:.1f} "
              f"| {' | '.join(judged)} |")
    return medians[caching] - medians[bare] <= MAXIMUM_MICROSECONDS
