#!/usr/bin/env python3
"""Asks a heavy model for five times what it can predict, beside a steady load that it can.

Who is let in is answered about as fast as ever, everybody else is told 503 `Overloaded` at once, health is answered as
ever, and as soon as the overload ends, so does all that it did.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from generator import Generator, capacity
from load import Answers, Traffic, percentile
from scenario import Progress, end_quietly, main, milliseconds, table
from tested import heavy

CAPACITY_SECONDS = 6
QUIET_SECONDS = 10
OVERLOAD = 5
# The steady load, as a share of the capacity.
STEADY_SHARE = 0.3
HEALTH_RATE = 50
# What is promised.
ACCEPTED_FACTOR = 3
REFUSAL_SECONDS = 0.005
HEALTH_SECONDS = 0.005
RECOVERY_SECONDS = 1.0
CONNECTIONS = 32


def recovered(steady: Answers, end: float, bound: float) -> float:
    """Seconds from the end of the overload to the last answer of the steady load that still shows it."""
    late = [sent for sent, seconds, kind in zip(steady.sent, steady.seconds, steady.kinds)
            if sent >= end and (kind != 200 or seconds > bound)]
    # One slow answer now and then is the machine's; the bound is a 99th percentile.
    settled = sorted(late)[:max(0, len(late) - int(0.01 * len(steady.latencies(begin=end)) + 1))]
    return settled[-1] - end if settled else 0.0


def overload(options: argparse.Namespace, folder: Path) -> list[str]:
    model = heavy(options.binary, folder, options.layers)
    more = json.loads(options.entry)
    server = model.service(options.binary, folder, more=more, metrics={"enabled": True})
    traffic = dict(port=server.port, path=model.path, exchanges=model.exchanges, takes_overload=True)
    generators: list[Generator] = []
    progress = Progress()

    def begin(**more) -> Generator:
        generators.append(Generator(Traffic(**more)))
        return generators[-1]

    def wait(seconds: float, what: str) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            server.check()
            progress.show(f"{what}: {left:.0f} s more, {sum(generator.answered for generator in generators):,} answers")
            time.sleep(min(left, 0.5))

    try:
        server.start_ready()
        carries = capacity(Traffic(rate=None, connections=options.connections, **traffic), CAPACITY_SECONDS)
        steady = begin(rate=STEADY_SHARE * carries, connections=CONNECTIONS, **traffic)
        health = begin(rate=HEALTH_RATE, connections=2, port=server.port, path="/api/health", exchanges=[(None, None)])
        began = time.monotonic()
        wait(QUIET_SECONDS, "unloaded")
        started = time.monotonic()
        flood = begin(rate=(OVERLOAD - STEADY_SHARE) * carries, connections=CONNECTIONS, **traffic)
        wait(options.seconds, f"{OVERLOAD} x capacity")
        ended = time.monotonic()
        flood_answers = flood.finish()
        wait(QUIET_SECONDS / 2, "afterwards")
        over = time.monotonic()
        steady_answers, health_answers = steady.finish(), health.finish()
        progress.end()
        told = server.metric(r'martlet_predictions_total\{.*outcome="overloaded"')
        status = server.stop()
    finally:
        end_quietly()
        for generator in generators:
            generator.abandon()
        server.kill()

    # From what was to be sent once the overload was there.
    started += 1
    unloaded = percentile(steady_answers.latencies(begin=began + 1, end=started - 1), 0.99)
    accepted = sorted(flood_answers.latencies(begin=started) + steady_answers.latencies(begin=started, end=ended))
    refused = sorted(flood_answers.latencies(503, begin=started) + steady_answers.latencies(503, begin=started, end=ended))
    probes = {name: health_answers.latencies(begin=a, end=b) for name, a, b in (
        ("unloaded", began, started - 1), ("overload", started, ended), ("all", began, over))}
    back = recovered(steady_answers, ended, ACCEPTED_FACTOR * unloaded)
    seen = steady_answers.counts()[503] + flood_answers.counts()[503]
    print(table(f"{OVERLOAD} x capacity for {options.seconds:.0f} s", [
        ("capacity, predictions a second", f"{carries:,.0f}"),
        ("steady load, requests a second", f"{STEADY_SHARE * carries:,.0f}"),
        ("unloaded: p50, p99, ms", f"{milliseconds(percentile(steady_answers.latencies(end=started - 1), 0.5))}, "
                                   f"{milliseconds(unloaded)}"),
        ("accepted under overload, a second", f"{len(accepted) / (ended - started):,.0f}"),
        ("accepted: p50, p99, ms", f"{milliseconds(percentile(accepted, 0.5))}, {milliseconds(percentile(accepted, 0.99))}"),
        ("503 Overloaded, a second", f"{len(refused) / (ended - started):,.0f}"),
        ("503: p50, p99, ms", ", ".join(milliseconds(percentile(refused, share)) for share in (0.5, 0.99)) if refused else "-"),
        ("health unloaded: p99, slowest, ms",
         f"{milliseconds(percentile(probes['unloaded'], 0.99))}, {milliseconds(probes['unloaded'][-1])}"),
        ("health under overload: p99, slowest, ms",
         f"{milliseconds(percentile(probes['overload'], 0.99))}, {milliseconds(probes['overload'][-1])}"),
        ("recovered after, s", f"{back:.2f}"),
        ("failed", f"{steady_answers.failed + flood_answers.failed + health_answers.failed}"),
        ("generator late, p99, ms", milliseconds(percentile(sorted(flood_answers.late), 0.99))),
    ]), flush=True)

    failures = [f"{sent - began:.3f} s: {reason}" for answers in (steady_answers, flood_answers, health_answers)
                for sent, reason in answers.failures]
    if status != 0:
        failures.append(f"martlet ended with {status}{server.last_words()}")
    if not refused:
        failures.append("nobody was told 503: this was no overload")
    elif (slow := percentile(refused, 0.99)) > REFUSAL_SECONDS:
        failures.append(f"p99 of the 503s is {milliseconds(slow)} ms, over {milliseconds(REFUSAL_SECONDS)}")
    if steady_answers.counts(end=started - 1)[503]:
        failures.append("requests were refused without an overload")
    # The capacity was measured without refusals, so all were told to us.
    if told != seen:
        failures.append(f"martlet_predictions_total counts {told:.0f} overloaded, and {seen} were told so")
    if (slow := percentile(accepted, 0.99)) > ACCEPTED_FACTOR * unloaded:
        failures.append(f"p99 of the accepted is {milliseconds(slow)} ms, over {ACCEPTED_FACTOR} x {milliseconds(unloaded)}")
    if (slow := percentile(probes["overload"], 0.99)) > HEALTH_SECONDS:
        failures.append(f"p99 of health is {milliseconds(slow)} ms, over {milliseconds(HEALTH_SECONDS)}")
    if back > RECOVERY_SECONDS:
        failures.append(f"it took {back:.2f} s to recover, over {RECOVERY_SECONDS}")
    return failures


if __name__ == "__main__":
    sys.exit(main(
        __doc__, overload,
        seconds=dict(type=float, default=120, help="of overload; default 120"),
        layers=dict(type=int, default=24, help="of the model, 0.2 ms each; default 24"),
        connections=dict(type=int, default=len(os.sched_getaffinity(0)),
                         help="while the capacity is measured; default as many as the pool has threads, one a CPU"),
        entry=dict(default='{"execution": "pooled"}', help="more of the model's entry, as JSON; default %(default)s")))
