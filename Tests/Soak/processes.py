"""The server under test and what it asks, each a process of its own that is stopped by its id."""

import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 30
STOP_SECONDS = 30
# From the end of one outage to the next, and how long one lasts.
PEACE_SECONDS = 1.5, 4.0
OUTAGE_SECONDS = 0.3, 2.5


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
        self._command = [str(word) for word in command]
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
                self._command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
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


class Outages(threading.Thread):
    """Kills or holds a process every now and then, and brings it back."""

    def __init__(self, process: Process, seed: int, is_over: threading.Event, failures: list[str]):
        super().__init__(name=f"outages of {process.name}", daemon=True)
        self.counts = Counter()
        self._process = process
        self._random = random.Random(f"{seed} {process.name}")
        self._is_over = is_over
        self._failures = failures

    def run(self) -> None:
        try:
            while not self._is_over.wait(self._random.uniform(*PEACE_SECONDS)):
                self._process.check()
                self.before_outage()
                kind = self._random.choice(("killed", "held"))
                self.counts[kind] += 1
                seconds = self._random.uniform(*OUTAGE_SECONDS)
                if kind == "killed":
                    self._process.kill()
                    self._is_over.wait(seconds)
                    self._process.start()
                else:
                    self._process.send(signal.SIGSTOP)
                    self._is_over.wait(seconds)
                    self._process.send(signal.SIGCONT)
        except Exception as error:
            self._failures.append(f"{self.name}: {error}")
            self._is_over.set()

    def before_outage(self) -> None:
        """What is to be known of the process before it may be gone."""


class RedisOutages(Outages):
    """Adds up how many look-ups Redis saw, which it forgets when it is killed."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.lookups = Counter()
        self._seen: Counter = Counter()

    def before_outage(self) -> None:
        with socket.create_connection(("127.0.0.1", self._process.port), START_SECONDS) as connection:
            connection.sendall(b"INFO stats\r\n")
            text = b""
            while b"keyspace_misses:" not in text or not text.endswith(b"\r\n"):
                received = connection.recv(1 << 16)
                if not received:
                    raise Failure("Redis does not say how many look-ups it saw")
                text += received
        values = dict(line.split(":", 1) for line in text.decode().splitlines() if ":" in line)
        now = Counter({name: int(values[f"keyspace_{name}"]) for name in ("hits", "misses")})
        # It was killed meanwhile and counts anew.
        if sum(now.values()) < sum(self._seen.values()):
            self._seen = Counter()
        self.lookups += now - self._seen
        self._seen = now
