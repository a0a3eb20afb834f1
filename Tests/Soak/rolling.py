#!/usr/bin/env python3
"""Restarts two replicas behind HAProxy in turn, under load: no client may see a request fail.

HAProxy asks each replica's `/api/health/ready` every 500 ms, and does not try again what failed. It runs in two modes:
`http`, where it picks a replica for each request and has the connections to the replicas to itself, and `tcp`, where a
client's connection stays with one replica until that one ends it, as behind a Service of Kubernetes.
"""

import argparse
import sys
import time
from pathlib import Path

from generator import Generator, capacity
from load import Traffic, percentile
from processes import Failure, Process
from proxy import Proxy
from scenario import Progress, end_quietly, main, milliseconds, table
from service import Service
from tested import Tested, heavy, light

LOAD_SHARE = 0.8
CAPACITY_SECONDS = 4
FRESH_SHARE = 0.2
CONNECTIONS = 32
# From SIGTERM to the end, and from the start to HAProxy's word that the replica is there.
RESTART_SECONDS = 40


def restart(replica: Service, proxy: Proxy, drain_seconds: float) -> float:
    """As a deployment does it: the next one only when this one gets requests again. Gives the seconds to its end."""
    began = time.monotonic()
    status = replica.stop()
    ended = time.monotonic() - began
    if status != 0:
        raise Failure(f"{replica.name} ended with {status}{replica.last_words()}")
    if ended < drain_seconds:
        raise Failure(f"{replica.name} ended after {ended:.2f} s, before its drain_delay of {drain_seconds} s")
    replica.start_ready()
    wait_for(proxy, replica)
    return ended


def wait_for(proxy: Proxy, replica: Process) -> None:
    deadline = time.monotonic() + RESTART_SECONDS
    while not proxy.sees_up(replica):
        if time.monotonic() > deadline:
            raise Failure(f"HAProxy does not see {replica.name} within {RESTART_SECONDS} s")
        time.sleep(0.05)


def roll(mode: str, options: argparse.Namespace, folder: Path, tested: Tested) -> list[str]:
    """Restarts in one mode; what went wrong."""
    folder.mkdir()
    server = {"drain_delay": f"{options.drain_delay}s"}
    replicas = [tested.service(options.binary, folder, name, server=server) for name in ("first", "second")]
    proxy = Proxy(folder, mode, replicas)
    generator = None
    progress = Progress()
    try:
        for replica in replicas:
            replica.start_ready()
        proxy.start()
        for replica in replicas:
            wait_for(proxy, replica)
        traffic = dict(port=proxy.port, path=tested.path, exchanges=tested.exchanges, connections=CONNECTIONS,
                       fresh_share=FRESH_SHARE, workers=1)
        carries = None if options.rate else capacity(Traffic(rate=None, **traffic), CAPACITY_SECONDS)
        rate = options.rate or LOAD_SHARE * carries
        generator = Generator(Traffic(rate=rate, **traffic))
        began = time.monotonic()
        stops = []
        time.sleep(1)
        for number in range(options.restarts):
            progress.show(f"{mode}: restart {number + 1} of {options.restarts}, {generator.answered:,} answers, "
                          f"{generator.failed} failed")
            stops.append(restart(replicas[number % 2], proxy, options.drain_delay))
        time.sleep(1)
        answers = generator.finish()
        seconds = time.monotonic() - began
        progress.end()
        trouble = proxy.trouble()
        latencies = answers.latencies()
        print(table(f"rolling restarts, HAProxy in mode {mode}", [
            ("restarts", f"{options.restarts}"),
            ("SIGTERM to the end, s", f"{min(stops):.2f} to {max(stops):.2f}"),
            ("capacity, requests a second", f"{carries:,.0f}" if carries else "not measured"),
            ("requests", f"{len(answers.sent):,}, {len(answers.sent) / seconds:,.0f} a second"),
            ("of them over a connection of their own", f"{FRESH_SHARE:.0%}"),
            ("failed", f"{answers.failed}"),
            ("HAProxy: connections refused, answers cut", f"{trouble['econ']}, {trouble['eresp']}"),
            ("p50, p99, slowest, ms", ", ".join(map(milliseconds, (
                percentile(latencies, 0.5), percentile(latencies, 0.99), latencies[-1])))),
            ("generator late, p99, ms", milliseconds(percentile(sorted(answers.late), 0.99))),
        ]), flush=True)
        failures = [f"{mode}: {sent - began:.3f} s: {reason}" for sent, reason in answers.failures]
        if answers.failed:
            failures.append(f"{mode}: {answers.failed} of {len(answers.sent):,} requests failed")
        if mode == "http" and trouble.total():
            failures.append(f"{mode}: HAProxy had trouble with a replica: {dict(trouble)}")
        return failures
    finally:
        end_quietly()
        if generator:
            generator.abandon()
        for process in (proxy, *replicas):
            process.kill()


def rolling(options: argparse.Namespace, folder: Path) -> list[str]:
    tested = heavy(options.binary, folder, options.layers) if options.layers else light(options.binary, folder)
    failures = []
    for mode in options.modes.split(","):
        failures += roll(mode, options, folder / mode, tested)
    return failures


if __name__ == "__main__":
    sys.exit(main(
        __doc__, rolling,
        restarts=dict(type=int, default=20, help="in each mode; default 20"),
        modes=dict(default="http,tcp", help="of HAProxy; default http,tcp"),
        drain_delay=dict(type=float, default=5, help="the replicas', in seconds; default 5, which is martlet's own"),
        rate=dict(type=float, help="requests a second; default 80 %% of what the setup carries, measured first"),
        layers=dict(type=int, default=2, help="of a model that takes 0.2 ms for each; 0 is an example model; default 2")))
