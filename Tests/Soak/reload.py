#!/usr/bin/env python3
"""Reloads a service every second under load: a real change of its configuration file, and SIGHUP.

No request may fail or be answered otherwise than before, memory must stay flat, and the latency be that of the same load
without reloads.
"""

import argparse
import signal
import sys
import time
import urllib.request
from pathlib import Path

from generator import Generator, capacity
from load import Traffic, percentile
from memory import Memory
from scenario import Progress, end_quietly, main, milliseconds, table
from service import Service
from tested import Tested, light

CAPACITY_SECONDS = 4
# Service, generator and this share the machine's CPUs: with more, the generator comes late, and that is what is measured.
LOAD_SHARE = 0.2
FRESH_SHARE = 0.1
P99_FACTOR = 1.5
# How often reloads begin, after a while without.
ROUNDS = 6
# From when the reloads have gone on for a minute, or a third of a shorter run, to their end.
SETTLED_SECONDS = 60
MAXIMUM_GROWTH_MEGABYTES = 4
# The share of the changes that must have been served at some time: two that come together are one reload.
RELOADED_SHARE = 0.9
# Chains that give the same predictions.
CHAINS = (
    [],
    [{"class_path": "CachingDecorator", "configuration": {"entries": 1000}}],
    [{"class_path": "CachingDecorator", "configuration": {"ttl": "10m", "entries": 2000}}],
)


def change(server: Service, tested: Tested, number: int) -> None:
    """Writes the configuration with other decorators and another description."""
    server.configure([{"class_path": tested.name, "qualified_name": tested.name, "decorators": CHAINS[number % len(CHAINS)]}],
                     description=f"Configuration {number}.", metrics={"enabled": True})


def served_number(server: Service) -> int | None:
    """Which configuration is served: the contract has its description."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/openapi.json", timeout=10) as answer:
        text = answer.read().decode()
    at = text.find("Configuration ")
    return int(text[at:].split(" ", 1)[1].split(".", 1)[0]) if at >= 0 else None


def reload(options: argparse.Namespace, folder: Path) -> list[str]:
    tested = light(options.binary, folder)
    server = tested.service(options.binary, folder)
    change(server, tested, 0)
    traffic = dict(port=server.port, path=tested.path, exchanges=tested.exchanges, fresh_share=FRESH_SHARE)
    generator = None
    progress = Progress()
    try:
        server.start_ready()
        rate = options.rate or LOAD_SHARE * capacity(Traffic(rate=None, **traffic), CAPACITY_SECONDS)
        memory = Memory(server)
        memory.start()
        generator = Generator(Traffic(rate=rate, **traffic))
        changes, served = 0, set()

        def write(seconds: float, reloads: bool) -> None:
            """The same work with reloads and without, so that they alone make the difference."""
            nonlocal changes
            start, written = time.monotonic(), 0
            while time.monotonic() - start < seconds:
                server.check()
                written += 1
                change(server, tested, changes + written)
                if reloads:
                    server.send(signal.SIGHUP)
                time.sleep(max(0.0, start + written * options.interval - time.monotonic()))
                number = served_number(server)
                if reloads:
                    served.add(number)
                progress.show(f"{len(served)} changes served, {generator.answered:,} answers, {generator.failed} failed, "
                              f"{memory.megabytes[-1][1]:.1f} MB")
            if reloads:
                changes += written

        began = time.monotonic()
        phases = []
        # In turn, so that whatever else the machine has to do at some time is not told of one of them alone.
        for number in range(2 * ROUNDS + 1):
            start, reloads = time.monotonic(), number % 2 == 1
            write(options.seconds / ROUNDS if reloads else options.control / (ROUNDS + 1), reloads)
            phases.append((reloads, start, time.monotonic()))
        reloading, settled = phases[1][1], phases[-2][2]
        answers = generator.finish()
        over = time.monotonic()
        memory.stop()
        progress.end()
        good = server.metric(r'martlet_reloads_total\{outcome="succeeded"')
        failed = server.metric(r'martlet_reloads_total\{outcome="failed"')
        status = server.stop()
    finally:
        end_quietly()
        if generator:
            generator.abandon()
        server.kill()

    # The first second is that of a load that has just begun, or of the last reload.
    control = sorted(latency for reloads, start, end in phases if not reloads
                     for latency in answers.latencies(begin=start + 1, end=end))
    busy = sorted(latency for reloads, start, end in phases if reloads
                  for latency in answers.latencies(begin=start, end=end))
    p99 = percentile(control, 0.99), percentile(busy, 0.99)
    early = reloading + min(SETTLED_SECONDS, options.seconds / 3)
    middle = early + (settled - early) / 2
    growth = memory.highest(middle, settled) - memory.highest(early, middle)
    print(table(f"a reload every {options.interval:g} s for {options.seconds:.0f} s", [
        ("changes written", f"{changes}"),
        ("of them seen served", f"{len(served & set(range(1, changes + 1)))}"),
        ("reloads, by the service's own count", f"{good:.0f}, {failed:.0f} failed"),
        ("requests", f"{len(answers.sent):,}, {len(answers.sent) / (over - began):,.0f} a second"),
        ("failed", f"{answers.failed}"),
        ("without reloads: p50, p99, ms", f"{milliseconds(percentile(control, 0.5))}, {milliseconds(p99[0])}"),
        ("with reloads: p50, p99, slowest, ms",
         f"{milliseconds(percentile(busy, 0.5))}, {milliseconds(p99[1])}, {milliseconds(busy[-1])}"),
        ("p99, times that without", f"{p99[1] / p99[0]:.2f}, at most {P99_FACTOR}"),
        ("memory before, MB", f"{memory.highest(began, reloading):.1f}"),
        ("highest in the first and second half once settled, MB",
         f"{memory.highest(early, middle):.1f}, {memory.highest(middle, settled):.1f}"),
        ("growth, MB", f"{growth:.1f}, at most {MAXIMUM_GROWTH_MEGABYTES}"),
        ("generator late, p99, ms", milliseconds(percentile(sorted(answers.late), 0.99))),
    ]), flush=True)

    failures = [f"{sent - began:.3f} s: {reason}" for sent, reason in answers.failures]
    if answers.failed:
        failures.append(f"{answers.failed} of {len(answers.sent):,} requests failed")
    if status != 0:
        failures.append(f"martlet ended with {status}{server.last_words()}")
    if failed:
        failures.append(f"{failed:.0f} reloads failed{server.last_words()}")
    if len(served) < RELOADED_SHARE * changes:
        failures.append(f"{len(served)} of {changes} changes were served")
    if p99[1] > P99_FACTOR * p99[0]:
        failures.append(f"p99 is {milliseconds(p99[1])} ms with reloads, over {P99_FACTOR} x {milliseconds(p99[0])}")
    if growth > MAXIMUM_GROWTH_MEGABYTES:
        failures.append(f"memory grew by {growth:.1f} MB")
    return failures


if __name__ == "__main__":
    sys.exit(main(
        __doc__, reload,
        seconds=dict(type=float, default=300, help="of reloads; default 300"),
        interval=dict(type=float, default=1, help="from one to the next, in seconds; default 1"),
        control=dict(type=float, default=70, help="seconds without reloads, between those with them; default 70"),
        rate=dict(type=float, help="requests a second; default a fifth of what the service carries, measured first")))
