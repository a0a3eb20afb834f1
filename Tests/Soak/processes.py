"""Programs that a scenario starts, each a process of its own that is stopped by its id."""

import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 30
STOP_SECONDS = 30


class Failure(Exception):
    """Something that should not have happened; its text is for the person who runs this."""


def free_port() -> int:
    """A port that no client's connection gets while the server that it is for is down."""
    first_ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(first_ephemeral // 2, first_ephemeral)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


class Process:
    """A program that runs now, or does not."""

    def __init__(self, name: str, command: list[object], port: int, log: Path):
        self.name = name
        self.port = port
        self.command = [str(word) for word in command]
        # Where standard output goes instead of the log: a descriptor.
        self.output: int | None = None
        self._log = log
        self._process: subprocess.Popen | None = None

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        """Starts it, and returns when it listens."""
        with self._log.open("ab") as log:
            # In a session of its own, where Ctrl-C does not reach it: whoever started it stops it.
            self._process = subprocess.Popen(
                self.command, cwd=REPOSITORY, stdin=subprocess.DEVNULL,
                stdout=log if self.output is None else self.output, stderr=log, start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                self.check()
                if time.monotonic() > deadline:
                    raise Failure(f"{self.name} does not listen on port {self.port}{self.last_words()}") from None
                time.sleep(0.02)

    def check(self) -> None:
        """Fails when it has ended by itself."""
        if self._process.poll() is not None:
            raise Failure(f"{self.name} ended with {self._process.returncode}{self.last_words()}")

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        """Ends it, also when it is held, and returns when it is gone."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """Asks it to end, and returns its status."""
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} does not stop within {STOP_SECONDS} s of SIGTERM{self.last_words()}") from None

    def last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-15:] if self._log.exists() else []
        return "".join(f"\n  {line}" for line in lines)

    def resident_bytes(self) -> int:
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
