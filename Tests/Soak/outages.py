"""What becomes of the servers that the server under test asks."""

import random
import signal
import socket
import threading
from collections import Counter

from processes import START_SECONDS, Failure, Process

# From the end of one outage to the next, and how long one lasts.
PEACE_SECONDS = 1.5, 4.0
OUTAGE_SECONDS = 0.3, 2.5


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
