"""What every scenario has: its command line, a line of progress, a table at the end and a status."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable

from processes import REPOSITORY, Failure

LINE_SECONDS = 15
STOP_SIGNALS = signal.SIGINT, signal.SIGTERM


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


def table(title: str, rows: list[tuple[str, str]]) -> str:
    return "\n".join([f"| {title} | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)])


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f}"


def end_quietly() -> None:
    """Another Ctrl-C would leave processes behind."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def main(description: str, run: Callable[[argparse.Namespace, Path], list[str]], **arguments: dict) -> int:
    """Runs a scenario, which is given its options and a scratch folder and gives what went wrong.

    `arguments` are those of the scenario, as argparse takes them.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, details in arguments.items():
        parser.add_argument(f"--{name.replace('_', '-')}", **details)
    parser.add_argument("--binary", type=Path, default=REPOSITORY / ".build" / "release" / "martlet")
    options = parser.parse_args()
    options.binary = options.binary.absolute()
    for number in STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder:
        try:
            failures = run(options, Path(folder))
        except Failure as failure:
            failures = [str(failure)]
        except KeyboardInterrupt:
            failures = ["interrupted"]
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if failures else 0
