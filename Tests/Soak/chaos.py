#!/usr/bin/env python3
"""Disturbs what surrounds a service under a steady load, and compares it with itself undisturbed.

stdout     nobody reads standard output, into which every answer would be logged
scraper    several clients read /metrics one byte a second
clock      the machine's clock jumps an hour ahead, and then an hour behind
collector  nobody listens where the traces go, and then somebody who never answers

No request may fail or be answered otherwise, and the slowest 1 % may take little longer.
"""

import argparse
import sys
import time
from pathlib import Path

from disturbances import ClockStep, DeadCollector, Scenario, SlowScrapers, StuckOutput
from generator import Generator, capacity
from load import Traffic, percentile
from processes import Failure
from scenario import Progress, end_quietly, main, milliseconds, table
from tested import light

CAPACITY_SECONDS = 4
LOAD_SHARE = 0.4
FRESH_SHARE = 0.1
# How much slower the 99th percentile may be while disturbed, and what does not count because it is the machine's.
P99_FACTOR = 2
P99_SLACK_SECONDS = 0.001
# What follows a change of the surroundings at once belongs to neither phase.
SETTLING_SECONDS = 0.5

SCENARIOS = {scenario.name: scenario for scenario in (StuckOutput, SlowScrapers, ClockStep, DeadCollector)}


def disturb(scenario: Scenario, seconds: float) -> list[str]:
    """Runs all phases of a scenario under one load, and prints what became of the requests in each."""
    service, progress, generator = scenario.service, Progress(), None
    traffic = dict(port=service.port, path=scenario.tested.path, exchanges=scenario.tested.exchanges, fresh_share=FRESH_SHARE)
    try:
        service.start_ready()
        rate = scenario.options.rate or LOAD_SHARE * capacity(Traffic(rate=None, **traffic), CAPACITY_SECONDS)
        generator = Generator(Traffic(rate=rate, **traffic))
        time.sleep(SETTLING_SECONDS)
        windows: list[tuple[str, float, float]] = []
        for name, begin in scenario.phases():
            begin()
            time.sleep(SETTLING_SECONDS)
            began = time.monotonic()
            while time.monotonic() - began < seconds:
                service.check()
                progress.show(f"{scenario.name}, {name}: {generator.answered:,} answers, {generator.failed} failed")
                time.sleep(0.5)
            windows.append((name, began, time.monotonic()))
            scenario.judge(name)
        answers = generator.finish()
        progress.end()
        status = service.stop()
    finally:
        end_quietly()
        if generator:
            generator.abandon()
        service.kill()
        scenario.close()

    failures = scenario.failures + [f"{sent - windows[0][1]:.3f} s: {reason}" for sent, reason in answers.failures]
    latencies = {name: answers.latencies(begin=begin, end=end) for name, begin, end in windows}
    control = percentile(latencies[windows[0][0]], 0.99)
    rows = [("requests", f"{len(answers.sent):,}"), ("failed", f"{answers.failed}")]
    for name, ascending in latencies.items():
        p99 = percentile(ascending, 0.99)
        rows.append((f"{name}: p50, p99, slowest, ms",
                     ", ".join(map(milliseconds, (percentile(ascending, 0.5), p99, ascending[-1])))))
        if p99 > P99_FACTOR * control + P99_SLACK_SECONDS:
            failures.append(f"{name}: p99 is {milliseconds(p99)} ms, over {P99_FACTOR} x {milliseconds(control)}")
    print(table(f"{scenario.name}, {seconds:.0f} s a phase", rows), flush=True)
    if answers.failed:
        failures.append(f"{answers.failed} of {len(answers.sent):,} requests failed")
    if status != 0:
        failures.append(f"martlet ended with {status}{service.last_words()}")
    return [f"{scenario.name}: {failure}" for failure in failures]


def chaos(options: argparse.Namespace, folder: Path) -> list[str]:
    tested = light(options.binary, folder)
    failures = []
    for name in options.only.split(","):
        if name not in SCENARIOS:
            raise Failure(f"--only: no scenario '{name}'; there are {', '.join(SCENARIOS)}")
        failures += disturb(SCENARIOS[name](options, folder, tested), options.seconds)
    return failures


if __name__ == "__main__":
    sys.exit(main(
        __doc__, chaos,
        seconds=dict(type=float, default=20, help="of each phase; default 20"),
        only=dict(default=",".join(SCENARIOS), help="which scenarios; default %(default)s"),
        rate=dict(type=float, help="requests a second; default 40 %% of what the service carries, measured first")))
